"""Relationship intelligence as code."""
