"""Turns the path of a request into segments with keys and parameters. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from reconciler.emulator.context import Row
from reconciler.emulator.errors import NAMESPACE, bad_key, bad_request, missing_key, unparsed_reference
from reconciler.emulator.metadata.shapes import PRINCIPALS, Model, Shape
from reconciler.emulator.storage.store_rows import StoredRows

GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_ROOT = re.compile(r"^(?:.*?/)?api/data/v9\.\d+/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """`name(inside)`; `inside` is None without parentheses. `qualified`: the name stood behind Microsoft.Dynamics.CRM."""

    name: str
    inside: str | None
    qualified: bool = False

    @property
    def key(self) -> str | None:
        """What stands between the parentheses; None when nothing does."""
        return self.inside or None


def segments_of(path: str) -> tuple[Segment, ...]:
    """The segments of an already decoded path. Slashes and parentheses inside quotes do not count."""
    found = []
    for text in split_outside(path, "/"):
        if not text:
            continue
        opening = text.find("(")
        name, inside = (text, None) if opening < 0 else (text[:opening], text[opening + 1 :])
        if inside is not None:
            if not inside.endswith(")"):
                raise bad_request(f"Bad Request - Error in query syntax: '{text}'.")
            inside = inside[:-1].strip()
        prefix = f"{NAMESPACE}."
        qualified = name.startswith(prefix)
        found.append(Segment(name[len(prefix) :] if qualified else name, inside, qualified))
    return tuple(found)


def split_outside(text: str, separator: str) -> list[str]:
    """The pieces of a text between separators that stand outside quotes, parentheses and brackets."""
    pieces, depth, quoted, start = [], 0, False, 0
    for place, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == separator and depth == 0:
            pieces.append(text[start:place])
            start = place + 1
    pieces.append(text[start:])
    return pieces


def named_parts(inside: str) -> dict[str, str]:
    """`a='x',b=1` as a mapping; the values stay as they were written."""
    parts = {}
    for piece in split_outside(inside, ","):
        name, equals, value = piece.partition("=")
        if not equals:
            raise bad_request(f"Bad Request - Error in query syntax: '{piece}'.")
        parts[name.strip()] = value.strip()
    return parts


def unquoted(value: str) -> str:
    """A literal without its quotes, doubled ones inside made single."""
    if len(value) >= 2 and value[0] == "'" and value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return value


@dataclass(frozen=True, slots=True)
class Located:
    """What a key leads to: the id (None when no row has the alternate key) and the values that the key itself gives."""

    id: str | None
    given: Row


def locate(shape: Shape, key: str, rows: StoredRows, *, draft: bool = False) -> Located:
    """A guid, `primaryid=guid` or an alternate key. Refuses any other combination of columns."""
    if GUID.fullmatch(key):
        return Located(key.lower(), {})
    if "=" not in key:
        raise bad_key(shape.name, shape.table.entity_set)
    parts = {name: unquoted(value) for name, value in named_parts(key).items()}
    # The key of users and teams is that of the principal which they are kinds of.
    own = "ownerid" if shape.name in PRINCIPALS else shape.table.primary_id
    if set(parts) == {own} and GUID.fullmatch(parts[own]):
        return Located(parts[own].lower(), {})
    declared = next((names for names in map(shape.table.key_properties, shape.table.keys) if set(names) == set(parts)), None)
    if declared is None:
        raise bad_key(shape.name, shape.table.entity_set)
    holders = rows.holders(shape.name, {name: parts[name] for name in declared}, draft=draft)
    if holders:
        return Located(holders[0], {})
    return Located(None, {name: _typed(shape, name, value) for name, value in parts.items()})


def _typed(shape: Shape, name: str, value: str) -> object:
    column = shape.properties.get(name)
    is_whole = column is not None and column.type in ("Integer", "BigInt", "Picklist", "State", "Status")
    return int(value) if is_whole and re.fullmatch(r"[+-]?\d{1,18}", value) else value


def referenced(model: Model, text: object) -> tuple[Shape, str]:
    """The table and the key in `/contacts(key)`, `contacts(key)` or an absolute URL. Refuses what leads to no table."""
    if not isinstance(text, str):
        raise unparsed_reference()
    segments = segments_of(_ROOT.sub("", unquote(text)).lstrip("/"))
    if len(segments) != 1 or segments[0].key is None or segments[0].name not in model.sets:
        raise unparsed_reference()
    return model.sets[segments[0].name], segments[0].key


def resolve_reference(model: Model, text: object, rows: StoredRows) -> tuple[Shape, str]:
    """The row that a reference names, as its table and its id. Refuses an alternate key that no row has."""
    shape, key = referenced(model, text)
    found = locate(shape, key, rows)
    if found.id is None:
        raise missing_key(shape.name)
    return shape, found.id
