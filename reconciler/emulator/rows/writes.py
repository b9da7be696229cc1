"""Carries out POST, PATCH, PUT and DELETE on rows. Writes through the rows of the transaction."""

from __future__ import annotations

from reconciler.emulator.addresses import Located, Segment, locate
from reconciler.emulator.context import Row
from reconciler.emulator.errors import (
    bad_request,
    direct_lookup,
    duplicate_key,
    duplicate_row,
    invalid_argument,
    missing_key,
    missing_row,
    no_concurrency,
    unknown_segment,
    version_mismatch,
    wrong_method,
)
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.queries import Query
from reconciler.emulator.rows.payloads import body_of, changes_of
from reconciler.emulator.rows.reads import address, single
from reconciler.emulator.rows.rendering import etag
from reconciler.emulator.session import Session
from reconciler.emulator.storage.clock import wire_time


def create(session: Session, shape: Shape, query: Query, given: Row | None = None) -> Answer:
    """POST on an entity set. `given`: columns that the address of the request sets, whatever its body says."""
    changes = changes_of(session, shape, body_of(session), creates=True)
    return _create(session, shape, {**changes, **(given or {})}, query)


def _create(session: Session, shape: Shape, changes: Row, query: Query) -> Answer:
    _refuse_intersect(session, shape)
    id = changes.get(shape.table.primary_id)
    if id is not None and session.rows.get(shape.name, str(id), draft=True) is not None:
        raise duplicate_row()
    row: Row = {column.name: column.default for column in shape.table.columns if column.default is not None}
    row.update(_stamps(session, shape, created=True))
    row.update(_owner(session, shape))
    row.update(changes)
    row.update(_owning(session, shape, row))
    row = session.domain.before_write(session.context, shape.name, None, row)
    for column in shape.table.columns:
        property = f"_{column.name}_value" if column.targets else column.name
        if column.required == "SystemRequired" and property != shape.table.primary_id and row.get(property) is None:
            raise invalid_argument(f"Required field '{column.name}' of {shape.name} is missing.")
    _refuse_duplicate_key(session, shape, row, None)
    stored = session.rows.insert(shape.name, row, draft=session.is_drafted(shape))
    if session.preferences.representation:
        return single(session, shape, session.shown(shape, stored), query, status=201)
    where = address(session, shape, stored)
    return Answer(204, headers={"OData-EntityId": where, "Location": where})


def update(session: Session, shape: Shape, key: str, query: Query) -> Answer:
    """PATCH on a row: changes what the body names; without If-Match it creates a row that is not there."""
    changes = changes_of(session, shape, body_of(session), creates=False)
    found = locate(shape, key, session.rows, draft=session.is_drafted(shape))
    before = session.rows.get(shape.name, found.id, draft=session.is_drafted(shape)) if found.id else None
    if before is None:
        return _upsert(session, shape, found, query)
    if session.request.headers.get("if-none-match", "") == "*":
        raise duplicate_row()
    changes.pop(shape.table.primary_id, None)
    stored = apply(session, shape, before, changes)
    if session.preferences.representation:
        return single(session, shape, session.shown(shape, stored), query)
    return Answer(204, headers={"OData-EntityId": address(session, shape, stored)})


def _upsert(session: Session, shape: Shape, found: Located, query: Query) -> Answer:
    if "if-match" in session.request.headers:
        raise missing_row(shape.name, found.id) if found.id else missing_key(shape.name)
    changes = changes_of(session, shape, body_of(session), creates=True)
    changes.update(found.given)
    if found.id:
        changes[shape.table.primary_id] = found.id
    return _create(session, shape, changes, query)


def apply(session: Session, shape: Shape, before: Row, changes: Row) -> Row:
    """Merges changes into a row that is there, if its version is the one asked for, and returns what is stored."""
    _refuse_intersect(session, shape)
    check_version(session, shape, before)
    stamped = {**_stamps(session, shape, created=False), **changes, **_owning(session, shape, changes)}
    stamped = session.domain.before_write(session.context, shape.name, before, stamped)
    if not stamped:
        # The service accepts writes to what may not be customized, and stores nothing: no draft, no new version.
        return before
    _refuse_duplicate_key(session, shape, {**before, **stamped}, str(before[shape.table.primary_id]))
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


def delete(session: Session, shape: Shape, key: str) -> Answer:
    """DELETE on a row: its draft goes with it."""
    _refuse_intersect(session, shape)
    found = locate(shape, key, session.rows, draft=True)
    before = session.rows.get(shape.name, found.id, draft=session.is_drafted(shape)) if found.id else None
    if before is None or found.id is None:
        raise missing_row(shape.name, found.id) if found.id else missing_key(shape.name)
    check_version(session, shape, before)
    session.domain.before_delete(session.context, shape.name, before)
    session.rows.delete(shape.name, found.id)
    return Answer(204)


def write_property(session: Session, shape: Shape, key: str, segment: Segment) -> Answer:
    """PUT or DELETE on one property of a row."""
    name = segment.name
    column = shape.properties.get(name)
    if column is None:
        raise unknown_segment(name)
    if column.targets:
        raise direct_lookup()
    body = body_of(session) if session.request.method == "PUT" else {"value": None}
    if "value" not in body:
        raise bad_request("The body of a property has one member: 'value'.")
    found = locate(shape, key, session.rows, draft=session.is_drafted(shape))
    before = session.rows.get(shape.name, found.id, draft=session.is_drafted(shape)) if found.id else None
    if before is None:
        raise missing_row(shape.name, found.id) if found.id else missing_key(shape.name)
    apply(session, shape, before, changes_of(session, shape, {name: body["value"]}, creates=False))
    return Answer(204)


def _stamps(session: Session, shape: Shape, *, created: bool) -> Row:
    if not shape.stamps:
        return {}
    now, caller = wire_time(session.context.now), session.caller_id
    stamps: Row = {"modifiedon": now, "_modifiedby_value": caller}
    return {"createdon": now, "_createdby_value": caller, **stamps} if created else stamps


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


def _refuse_intersect(session: Session, shape: Shape) -> None:
    if shape.table.intersect:
        raise wrong_method(session.request.method)


def _refuse_duplicate_key(session: Session, shape: Shape, row: Row, id: str | None) -> None:
    for key in shape.table.keys:
        names = [f"_{name}_value" if f"_{name}_value" in shape.properties else name for name in key]
        wanted = [_folded(row.get(name)) for name in names]
        if None in wanted:
            continue
        for other in session.rows.all(shape.name):
            if other[shape.table.primary_id] != id and [_folded(other.get(name)) for name in names] == wanted:
                raise duplicate_key(key)


def _folded(value: object) -> str | None:
    return None if value is None else str(value).casefold()
