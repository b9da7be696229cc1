"""Turns changes into a stored row: stamps, owner, required columns, keys. Writes through the rows of the transaction."""

from __future__ import annotations

from reconciler.emulator.context import Row
from reconciler.emulator.errors import duplicate_row, invalid_argument, no_concurrency, version_mismatch, wrong_method
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.rows.rendering import etag
from reconciler.emulator.rows.status_reasons import with_reason
from reconciler.emulator.rows.unique_keys import refuse_duplicate_key
from reconciler.emulator.session import Session
from reconciler.emulator.storage.clock import wire_time

_BACKDATED = "overriddencreatedon"


def insert_row(session: Session, shape: Shape, changes: Row) -> Row:
    """Stores a new row and returns it. Refuses an id that is taken, a missing required column and a second row of an alternate key."""
    refuse_intersect(session, shape)
    id = changes.get(shape.table.primary_id)
    if id is not None and session.rows.get(shape.name, str(id), draft=True) is not None:
        raise duplicate_row()
    row: Row = {column.name: column.default for column in shape.table.columns if column.default is not None}
    row.update(_stamps(session, shape, created=True))
    row.update(_owner(session, shape))
    row.update(with_reason(shape, None, changes))
    row.update(_backdated(row))
    row.update(_owning(session, shape, row))
    row = session.domain.before_write(session.context, shape.name, None, row)
    for column in shape.table.columns:
        property = f"_{column.name}_value" if column.targets else column.name
        if column.required == "SystemRequired" and property != shape.table.primary_id and row.get(property) is None:
            raise invalid_argument(f"Required field '{column.name}' of {shape.name} is missing.")
    refuse_duplicate_key(session, shape, row, None)
    return session.rows.insert(shape.name, row, draft=session.is_drafted(shape))


def apply(session: Session, shape: Shape, before: Row, changes: Row) -> Row:
    """Merges changes into a row that is there, if its version is the one that If-Match asks for, and returns what is stored."""
    refuse_intersect(session, shape)
    check_version(session, shape, before)
    return change_row(session, shape, before, changes)


def change_row(session: Session, shape: Shape, before: Row, changes: Row) -> Row:
    """Merges changes into a row that is there, whatever its version, and returns what is stored."""
    changes = {name: value for name, value in changes.items() if name != _BACKDATED}
    stamped = {**_stamps(session, shape, created=False), **with_reason(shape, before, changes), **_owning(session, shape, changes)}
    stamped = session.domain.before_write(session.context, shape.name, before, stamped)
    if not stamped:
        # The service accepts writes to what may not be customized, and stores nothing: no draft, no new version.
        return before
    refuse_duplicate_key(session, shape, {**before, **stamped}, str(before[shape.table.primary_id]))
    return session.rows.update(shape.name, str(before[shape.table.primary_id]), stamped, draft=session.is_drafted(shape))


def check_version(session: Session, shape: Shape, before: Row) -> None:
    """Refuses the write when If-Match names another version of the row."""
    wanted = session.request.headers.get("if-match")
    if wanted is None or wanted == "*":
        return
    if not shape.table.optimistic_concurrency:
        raise no_concurrency(shape.name)
    if wanted != etag(before):
        raise version_mismatch()


def refuse_intersect(session: Session, shape: Shape) -> None:
    """405 for rows that only pair others: they come and go by $ref."""
    if shape.table.intersect:
        raise wrong_method(session.request.method)


def _stamps(session: Session, shape: Shape, *, created: bool) -> Row:
    if not shape.stamps:
        return {}
    now, caller = wire_time(session.context.now), session.caller_id
    behind = None if session.context.behind is None else session.context.behind["systemuserid"]
    stamps: Row = {"modifiedon": now, "_modifiedby_value": caller, "_modifiedonbehalfby_value": behind}
    return {"createdon": now, "_createdby_value": caller, "_createdonbehalfby_value": behind, **stamps} if created else stamps


def _owner(session: Session, shape: Shape) -> Row:
    owner = shape.properties.get("_ownerid_value")
    if owner is None or owner.type != "Owner":
        return {}
    return {"_ownerid_value": session.caller_id, "_ownerid_value@type": "systemuser"}


def _owning(session: Session, shape: Shape, row: Row) -> Row:
    """What follows from a row's owner: the same id by the kind of the owner, and the business unit of the owner."""
    id = row.get("_ownerid_value")
    if id is None or "_owninguser_value" not in shape.properties:
        return {}
    kind = str(row.get("_ownerid_value@type", "systemuser"))
    owner = session.rows.get(kind, str(id)) or {}
    return {
        "_owninguser_value": id if kind == "systemuser" else None,
        "_owningteam_value": id if kind == "team" else None,
        "_owningbusinessunit_value": owner.get("_businessunitid_value"),
    }


def _backdated(row: Row) -> Row:
    """A migrated row is as old as its writer says, and remembers when it was really made; nothing changes that later."""
    said = row.get(_BACKDATED)
    return {} if said is None else {"createdon": said, _BACKDATED: row.get("createdon")}
