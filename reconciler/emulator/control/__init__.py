"""What a demonstration or a test needs and the real service does not have, below /_emulator/v1/. One module a concern."""
