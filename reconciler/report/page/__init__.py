"""The report as one HTML page: its templates, and what they are given."""
