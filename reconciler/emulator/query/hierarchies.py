"""Finds the rows above and below a row of a table whose rows have parents of the same table. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.emulator.addresses import GUID
from reconciler.emulator.errors import bad_request, not_emulated
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.operators import Test
from reconciler.emulator.session import Session


def hierarchy_test(session: Session, shape: Shape, operator: str, values: Sequence[str], name: str) -> Test:
    """A test of the primary id against `above`, `under` and their kin. 501 where the table has no lookup to itself."""
    lookups = [property for property, column in shape.properties.items() if column.targets == (shape.name,)]
    if name != shape.table.primary_id or not lookups:
        raise not_emulated(f"the condition operator '{operator}' on {shape.name}.{name}")
    start = values[0].strip("{}").lower() if len(values) == 1 else ""
    if not GUID.fullmatch(start):
        raise bad_request(f"The condition operator '{operator}' needs the id of one row.", "0x80040203")
    session.check_read(shape)
    rows = session.rows.all(shape.name)
    session.spend(len(rows))
    parents = {str(row[shape.table.primary_id]): row.get(lookups[0]) for row in rows}
    found = _above(parents, start) if "above" in operator else _under(parents, start)
    if "eq-or" in operator:
        found.add(start)
    if operator == "not-under":
        return lambda value: value not in found
    return lambda value: value in found


def _above(parents: dict[str, str | None], start: str) -> set[str]:
    found: set[str] = set()
    parent = parents.get(start)
    while parent is not None and parent not in found:
        found.add(parent)
        parent = parents.get(parent)
    return found - {start}


def _under(parents: dict[str, str | None], start: str) -> set[str]:
    children: dict[str, list[str]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    found: set[str] = set()
    waiting = list(children.get(start, ()))
    while waiting:
        child = waiting.pop()
        if child not in found:
            found.add(child)
            waiting += children.get(child, ())
    return found - {start}
