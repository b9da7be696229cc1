"""Joins and parts rows of a collection: by the lookup that points back, or by a row of the intersect table. Writes rows."""

from __future__ import annotations

from reconciler.emulator.context import Row
from reconciler.emulator.errors import missing_row, not_emulated
from reconciler.emulator.metadata.shapes import Collection, Shape
from reconciler.emulator.rows.payloads import check_writable, cleared, pointing
from reconciler.emulator.rows.storing import change_row, refuse_intersect
from reconciler.emulator.session import Session


def join(session: Session, shape: Shape, collection: Collection, own: str, other: Row) -> None:
    """Makes `other` a member of the collection of the row `own` of that table; nothing happens when it is one."""
    target = session.model.shapes[collection.target]
    if collection.intersect is None:
        _point(session, target, other, collection, pointing(target.properties[collection.back], shape.name, own))
        return
    id = str(other[target.table.primary_id])
    pair = {collection.own: own, collection.back: id}
    session.domain.before_pairing(session.context, collection.intersect, pair)
    if not _pairs(session, collection, own, id):
        session.rows.insert(collection.intersect, pair)


def part(session: Session, shape: Shape, collection: Collection, own: str, other: Row) -> None:
    """Ends the membership of `other`. Refuses a row that is no member of a one-to-many collection."""
    target = session.model.shapes[collection.target]
    id = str(other[target.table.primary_id])
    if collection.intersect is None:
        kind = other.get(f"{collection.back}@type", shape.name)
        if other.get(collection.back) != own or kind != shape.name:
            raise missing_row(f"{target.name} in {collection.name}", id)
        _point(session, target, other, collection, cleared(target, target.properties[collection.back]))
        return
    session.domain.before_pairing(session.context, collection.intersect)
    for pair in _pairs(session, collection, own, id):
        session.rows.delete(collection.intersect, str(pair[session.model.shapes[collection.intersect].table.primary_id]))


def _point(session: Session, target: Shape, other: Row, collection: Collection, changes: Row) -> None:
    check_writable(target, target.properties[collection.back])
    refuse_intersect(session, target)
    # If-Match speaks of the row in the address, which is another one.
    change_row(session, target, other, changes)


def _pairs(session: Session, collection: Collection, own: str, other: str) -> list[Row]:
    assert collection.intersect is not None
    if collection.intersect not in session.model.shapes:
        raise not_emulated(f"the intersect table {collection.intersect}")
    rows = session.rows.all(collection.intersect)
    return [pair for pair in rows if pair.get(collection.own) == own and pair.get(collection.back) == other]
