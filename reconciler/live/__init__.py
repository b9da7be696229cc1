"""Stage 2: Dataverse <-> LiveState. The only part of the program that talks to Dataverse and Entra ID."""
