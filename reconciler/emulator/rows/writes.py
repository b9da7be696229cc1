"""Carries out POST, PATCH, PUT and DELETE on rows. Writes through the rows of the transaction."""

from __future__ import annotations

from reconciler.emulator.addresses import Located, Segment, locate
from reconciler.emulator.context import Row
from reconciler.emulator.errors import (
    bad_request,
    direct_lookup,
    duplicate_row,
    missing_key,
    missing_row,
    unknown_segment,
)
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.queries import Query
from reconciler.emulator.rows.deep_inserts import insert
from reconciler.emulator.rows.payloads import body_of, changes_of, key_values
from reconciler.emulator.rows.reads import single
from reconciler.emulator.rows.removals import Removal
from reconciler.emulator.rows.rendering import address
from reconciler.emulator.rows.storing import apply, check_version, insert_row, refuse_intersect
from reconciler.emulator.session import Session


def create(session: Session, shape: Shape, query: Query, given: Row | None = None) -> Answer:
    """POST on an entity set, with the rows inside its body. `given`: columns that the address sets, whatever the body says."""
    refuse_intersect(session, shape)
    return _created(session, shape, insert(session, shape, body_of(session), given), query)


def _created(session: Session, shape: Shape, stored: Row, query: Query) -> Answer:
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
    changes.update(key_values(session, shape, found.given))
    if found.id:
        changes[shape.table.primary_id] = found.id
    return _created(session, shape, insert_row(session, shape, changes), query)


def delete(session: Session, shape: Shape, key: str) -> Answer:
    """DELETE on a row: its draft goes with it."""
    refuse_intersect(session, shape)
    found = locate(shape, key, session.rows, draft=True)
    before = session.rows.get(shape.name, found.id, draft=session.is_drafted(shape)) if found.id else None
    if before is None or found.id is None:
        raise missing_row(shape.name, found.id) if found.id else missing_key(shape.name)
    check_version(session, shape, before)
    Removal(session, shape, [found.id]).carry_out(before)
    return Answer(204)


def write_property(session: Session, shape: Shape, key: str, segment: Segment) -> Answer:
    """PUT or DELETE on one property of a row."""
    name = segment.name
    column = shape.properties.get(name)
    if column is None:
        raise unknown_segment(name)
    if column.targets:
        raise direct_lookup()
    if name == shape.table.primary_id:
        raise bad_request(f"The key '{name}' of {shape.name} cannot be changed.")
    body = body_of(session) if session.request.method == "PUT" else {"value": None}
    if "value" not in body:
        raise bad_request("The body of a property has one member: 'value'.")
    found = locate(shape, key, session.rows, draft=session.is_drafted(shape))
    before = session.rows.get(shape.name, found.id, draft=session.is_drafted(shape)) if found.id else None
    if before is None:
        raise missing_row(shape.name, found.id) if found.id else missing_key(shape.name)
    apply(session, shape, before, changes_of(session, shape, {name: body["value"]}, creates=False))
    return Answer(204)
