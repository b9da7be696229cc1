"""Refuses a second row with the values of an alternate key. Reads rows."""

from __future__ import annotations

from reconciler.emulator.context import Row
from reconciler.emulator.errors import duplicate_key
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.session import Session


def refuse_duplicate_key(session: Session, shape: Shape, row: Row, id: str | None) -> None:
    """DataverseError 412 when another published row than `id` has the key values of `row`; a key with a null in it is no key."""
    for key in shape.table.keys:
        values = {name: row.get(name) for name in shape.table.key_properties(key)}
        if None in values.values():
            continue
        if any(other != id for other in session.rows.holders(shape.name, values)):
            raise duplicate_key(key)
