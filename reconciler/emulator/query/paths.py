"""Turns the path of an expression (`primarycontactid/fullname`) into what reads it from a row. Touches nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.context import Row
from reconciler.emulator.errors import bad_request, unknown_property
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.session import Session

Value = Callable[[Row], Any]
_MAX_STEPS = 10


@dataclass(frozen=True, slots=True)
class Path:
    """What a path leads to: how a row's value is read, the column, and the table that has it."""

    value: Value
    column: Column
    shape: Shape
    property: str


def path_of(names: list[str], shape: Shape, session: Session) -> Path:
    """A column, or a column of a row that lookups lead to. Refuses what the tables do not have, whether or not there are rows."""
    name, rest = names[0], names[1:]
    if len(rest) > _MAX_STEPS:
        raise bad_request("A path in a query option has too many steps.")
    if not rest:
        if name not in shape.properties:
            raise unknown_property(name, shape.name)
        return Path(lambda row: row.get(name), shape.properties[name], shape, name)
    step = shape.navigations.get(name)
    if step is None or step.targets[0] not in session.model.shapes:
        raise unknown_property(name, shape.name)
    target = session.model.shapes[step.targets[0]]
    inner = path_of(rest, target, session)
    # A lookup with several targets holds ids of other tables too; those lead nowhere on this path.
    others = {table: session.model.shapes[table] for table in step.targets if table in session.model.shapes}

    def follow(row: Row) -> Any:
        id = row.get(step.stored)
        table = others.get(str(row.get(f"{step.stored}@type") or step.targets[0]))
        other = session.row(table, id) if id and table is not None else None
        return inner.value(other) if other is not None else None

    return Path(follow, inner.column, inner.shape, inner.property)
