"""`rictl emulator ...`: one module a command, named after it."""
