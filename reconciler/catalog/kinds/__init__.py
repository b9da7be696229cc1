"""One file a kind of setting. Kinds do not know each other. Pure."""
