"""Stage 1: YAML files to desired environments, with the origin of every value, or to diagnostics; nothing is half accepted."""
