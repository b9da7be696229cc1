"""Reading and writing rows as JSON."""
