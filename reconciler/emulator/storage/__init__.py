"""The state file: rows of every organization, and the virtual clock."""
