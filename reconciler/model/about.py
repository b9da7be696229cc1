"""Turns a description and an example into the metadata of a dataclass field. Pure.

Every noun that leaves the program in a plan file explains itself: the published JSON Schema takes its
descriptions and examples from here, so the type and its documentation cannot part.
"""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any


def about(description: str, example: Any, default: Any = MISSING, *, compare: bool = True) -> Any:
    """A dataclass field that carries its description and one example (pydantic reads both for the schema)."""
    metadata = {"description": description, "examples": [example]}
    if default is MISSING:
        return field(metadata=metadata, compare=compare)
    return field(default=default, metadata=metadata, compare=compare)
