"""Deletes rows and what hangs on them: clears lookups to them, drops their pairs, refuses where a row must keep its lookup. Writes rows."""

from __future__ import annotations

from collections.abc import Collection as Ids
from dataclasses import dataclass

from reconciler.emulator.context import Row
from reconciler.emulator.errors import in_use
from reconciler.emulator.metadata.cascades import clears, restricts
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.rows.storing import refuse_intersect
from reconciler.emulator.session import Session


@dataclass(frozen=True, slots=True)
class _Link:
    table: str
    id: str
    property: str
    """The lookup's property to clear; empty when the row itself goes, because it only pairs."""
    restricts: bool


class Removal:
    """The deletion of some rows of one table. Who points to them is read once, so that many deletions cost no more than one."""

    def __init__(self, session: Session, shape: Shape, ids: Ids[str]) -> None:
        refuse_intersect(session, shape)
        self._session = session
        self._shape = shape
        self._links = _links(session, shape, frozenset(ids))

    def carry_out(self, row: Row) -> None:
        """Deletes one of the rows with both its copies. DataverseError: the domain or a row that must keep its lookup refuses."""
        session, shape = self._session, self._shape
        id = str(row[shape.table.primary_id])
        # A row may be gone by now: it pointed to this one and was deleted with it.
        links = [link for link in self._links.get(id, ()) if session.rows.get(link.table, link.id) is not None]
        if any(link.restricts for link in links):
            raise in_use()
        session.domain.before_delete(session.context, shape.name, row)
        for link in links:
            if session.rows.get(link.table, link.id) is None:
                # The domain took it along.
                continue
            if link.property:
                session.rows.update(link.table, link.id, {link.property: None})
            else:
                session.rows.delete(link.table, link.id)
        session.rows.delete(shape.name, id)


def _links(session: Session, shape: Shape, ids: frozenset[str]) -> dict[str, list[_Link]]:
    found: dict[str, list[_Link]] = {}
    for other in session.model.shapes.values():
        lookups = [
            (property, restricts(column))
            for property, column in other.properties.items()
            if shape.name in column.targets and (restricts(column) or clears(column))
        ]
        for row in session.rows.all(other.name) if lookups else ():
            for property, refuses in lookups:
                id, itself = str(row.get(property)), _id_of(other, row)
                # A row that points to itself does not hold itself.
                if id in ids and row.get(f"{property}@type", shape.name) == shape.name and (other.name, itself) != (shape.name, id):
                    found.setdefault(id, []).append(_Link(other.name, itself, property, refuses))
    for collection in shape.collections.values():
        if collection.intersect is not None and collection.intersect in session.model.shapes:
            intersect = session.model.shapes[collection.intersect]
            for row in session.rows.all(intersect.name):
                if row.get(collection.own) in ids:
                    found.setdefault(str(row[collection.own]), []).append(_Link(intersect.name, _id_of(intersect, row), "", False))
    return found


def _id_of(shape: Shape, row: Row) -> str:
    return str(row[shape.table.primary_id])
