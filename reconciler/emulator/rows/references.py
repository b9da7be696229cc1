"""Carries out $ref and POST on a collection: points lookups to rows, pairs rows of an association. Writes through the transaction."""

from __future__ import annotations

from urllib.parse import unquote

from reconciler.emulator.addresses import Segment, locate, resolve_reference
from reconciler.emulator.context import Row
from reconciler.emulator.errors import (
    bad_request,
    missing_key,
    missing_row,
    not_emulated,
    unknown_segment,
    unparsed_reference,
    wrong_method,
)
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.shapes import Collection, Shape
from reconciler.emulator.query.queries import Query
from reconciler.emulator.rows.pairs import join, part
from reconciler.emulator.rows.payloads import body_of, check_writable, cleared, pointed, pointing, with_references
from reconciler.emulator.rows.storing import apply
from reconciler.emulator.rows.writes import create
from reconciler.emulator.session import Session


def write_reference(session: Session, shape: Shape, key: str, segment: Segment, query: Query) -> Answer:
    """POST, PUT or DELETE on `set(key)/navigation/$ref`."""
    row = _existing(session, shape, key)
    if segment.name in shape.navigations:
        _write_lookup(session, shape, row, segment)
    elif segment.name in shape.collections:
        _write_pair(session, shape, row, segment, query)
    else:
        raise unknown_segment(segment.name)
    return Answer(204)


def create_member(session: Session, shape: Shape, key: str, segment: Segment, query: Query) -> Answer:
    """POST on `set(key)/collection`: makes a row of the other table that points back to this one."""
    row = _existing(session, shape, key)
    collection = shape.collections[segment.name]
    if segment.key is not None:
        raise wrong_method(session.request.method)
    if collection.intersect is not None:
        raise not_emulated("POST on a many-to-many collection without $ref")
    target = session.model.shapes[collection.target]
    back, id = target.properties[collection.back], str(row[shape.table.primary_id])
    check_writable(target, back)
    return create(session, target, query, pointing(back, shape.name, id))


def _existing(session: Session, shape: Shape, key: str) -> Row:
    found = locate(shape, key, session.rows)
    row = session.rows.get(shape.name, found.id) if found.id else None
    if row is None:
        raise missing_row(shape.name, found.id) if found.id else missing_key(shape.name)
    return row


def _write_lookup(session: Session, shape: Shape, row: Row, segment: Segment) -> None:
    step = shape.navigations[segment.name]
    check_writable(shape, step.column)
    if session.request.method == "PUT":
        apply(session, shape, row, pointed(session, step, body_of(session).get("@odata.id")))
    elif session.request.method == "DELETE":
        apply(session, shape, row, cleared(shape, step.column))
    else:
        raise wrong_method(session.request.method)


def _write_pair(session: Session, shape: Shape, row: Row, segment: Segment, query: Query) -> None:
    collection = shape.collections[segment.name]
    if session.request.method == "POST":
        reference = with_references(session, body_of(session).get("@odata.id"))
    elif session.request.method == "DELETE":
        reference = _removed(session, collection, segment, query)
    else:
        raise wrong_method(session.request.method)
    target, id = resolve_reference(session.model, reference, session.rows)
    if target.name != collection.target:
        raise unparsed_reference()
    other = session.rows.get(target.name, id)
    if other is None:
        raise missing_row(target.name, id)
    act = join if session.request.method == "POST" else part
    act(session, shape, collection, str(row[shape.table.primary_id]), other)


def _removed(session: Session, collection: Collection, segment: Segment, query: Query) -> str:
    if segment.key is not None:
        return f"{session.model.shapes[collection.target].table.entity_set}({segment.key})"
    if query.id is None:
        raise bad_request("DELETE of a collection's reference needs the key of the row or $id.")
    return unquote(query.id)
