"""Bad days on demand: which requests go wrong, how often, and in what way."""
