"""How the embedded Dataverse behaves and what each behaviour rests on."""
