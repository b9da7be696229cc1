"""How you ask: one file a command, imported only when it is called. Touches the terminal, the file system and the network."""
