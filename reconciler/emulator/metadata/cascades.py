"""Tells what deleting a row does to the rows that point to it. Pure."""

from __future__ import annotations

from typing import Literal

from reconciler.catalog.table import Column

OnDelete = Literal["NoCascade", "RemoveLink", "Restrict"]


def on_delete(column: Column) -> OnDelete:
    """The `Delete` of the relationship's cascade configuration: a lookup that must have a value holds its target fast."""
    if column.type == "Owner" or column.read_only:
        return "NoCascade"
    return "Restrict" if column.required == "SystemRequired" else "RemoveLink"


def clears(column: Column) -> bool:
    """Whether the lookup becomes null when its target goes."""
    return on_delete(column) == "RemoveLink"


def restricts(column: Column) -> bool:
    """Whether a row with this lookup keeps its target from being deleted; an owner must be relieved of its rows first, too."""
    return on_delete(column) == "Restrict" or column.type == "Owner"
