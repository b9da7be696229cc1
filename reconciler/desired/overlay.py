"""Lays one tree over another: mappings merge, lists and scalars replace, and every value keeps the place it comes from. Pure."""

from __future__ import annotations

from reconciler.desired.tree import Entry, Mapping

NOT_INHERITED = frozenset({"apiVersion", "kind", "metadata", "extends", "connection", "disable"})
"""What a baseline says of itself."""


def overlay(lower: Mapping, upper: Mapping) -> Mapping:
    """`upper` wins. Keys keep the order of `lower`, new ones follow."""
    entries = dict(lower.entries)
    for key, entry in upper.entries.items():
        below = entries.get(key)
        if below is not None and isinstance(below.node, Mapping) and isinstance(entry.node, Mapping):
            entry = Entry(key, entry.place, overlay(below.node, entry.node))
        entries[key] = entry
    return Mapping(entries, upper.place)


def inheritable(root: Mapping) -> Mapping:
    """What of a baseline reaches those who extend it."""
    return Mapping({key: entry for key, entry in root.entries.items() if key not in NOT_INHERITED}, root.place)
