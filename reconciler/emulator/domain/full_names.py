"""Composes the full name of a person from its parts, as an organization with the name format "First Name" does. Pure."""

from __future__ import annotations

from reconciler.emulator.context import Row

_NAMED = frozenset({"contact", "lead"})
_PARTS = ("firstname", "lastname")


def with_full_name(table: str, before: Row | None, changes: Row) -> Row:
    """The changes with `fullname`, when a part of the name changes; what is written to `fullname` itself does not count then."""
    if table not in _NAMED or not any(part in changes for part in _PARTS):
        return changes
    row = {**(before or {}), **changes}
    name = " ".join(str(row[part]) for part in _PARTS if row.get(part))
    return {**changes, "fullname": name or None}
