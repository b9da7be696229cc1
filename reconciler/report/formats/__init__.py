"""The output formats: one module each, which renders the value of a run."""
