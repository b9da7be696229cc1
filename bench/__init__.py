"""Measures the product against named peers and floors, each figure as a ratio in the same run."""
