"""Turns a frozen noun into its canonical JSON and into a SHA-256 of that, the same on every machine. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json

PLACES = frozenset({"origin", "where", "file"})
"""Fields that say where something is written: moving a line changes no meaning."""


def canonical(value: object, omit: frozenset[str] = frozenset()) -> object:
    """The value as plain JSON types: dataclasses by field name, sets sorted, moments in UTC. Fields named in `omit` are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value))
        return {name: canonical(getattr(value, name), omit) for name in names if name not in omit}
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted((canonical(element, omit) for element in value), key=repr)
    if isinstance(value, (tuple, list)):
        return [canonical(element, omit) for element in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"no canonical form of {type(value).__name__}")


def sha256_of(value: object, omit: frozenset[str] = frozenset()) -> str:
    """Hexadecimal SHA-256 of the canonical JSON of the value."""
    text = json.dumps(canonical(value, omit), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
