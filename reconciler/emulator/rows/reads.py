"""Answers GET on rows, their properties and what they lead to. Reads only."""

from __future__ import annotations

import json
from typing import Any

from reconciler.emulator.addresses import Segment, locate
from reconciler.emulator.context import Row
from reconciler.emulator.errors import bad_request, missing_key, missing_row, not_emulated, unknown_segment
from reconciler.emulator.fetch.apply import apply_answer
from reconciler.emulator.fetch.reading import whole_query
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.pages import count, page
from reconciler.emulator.query.queries import Query
from reconciler.emulator.rows.rendering import address, check, context_of, etag, rendered
from reconciler.emulator.session import Session


def read(session: Session, shape: Shape, segments: tuple[Segment, ...], query: Query) -> Answer:
    """The answer to a path that begins with an entity set."""
    head, rest = segments[0], segments[1:]
    if query.whole is not None:
        if head.key is not None or rest:
            raise bad_request(f"The query option '{query.whole[0]}' applies to an entity set.")
        return Answer(200, whole_query(session, shape, query, *query.whole))
    if head.key is None:
        return _collection(session, shape, session.all(shape), query, rest, shape.table.entity_set)
    found = locate(shape, head.key, session.rows)
    if found.id is None:
        raise missing_key(shape.name)
    return _row(session, shape, session.existing(shape, found.id), query, rest)


def _collection(session: Session, shape: Shape, rows: list[Row], query: Query, rest: tuple[Segment, ...], name: str) -> Answer:
    if not rest:
        if query.apply is not None:
            return Answer(200, apply_answer(session, shape, rows, query, query.apply))
        return Answer(200, page(session, shape, rows, query, name))
    if query.apply is not None:
        raise bad_request("The query option $apply applies to rows.")
    if rest[0].name == "$count" and len(rest) == 1:
        return Answer(200, count(session, shape, rows, query), {"content-type": "text/plain"})
    if rest[0].name == "$ref" and len(rest) == 1:
        return Answer(200, _references(session, shape, rows))
    raise unknown_segment(rest[0].name)


def _references(session: Session, shape: Shape, rows: list[Row]) -> dict[str, Any]:
    addresses = [{"@odata.id": address(session, shape, row)} for row in rows]
    return {"@odata.context": f"{session.base_url}/$metadata#Collection($ref)", "value": addresses}


def _row(session: Session, shape: Shape, row: Row, query: Query, rest: tuple[Segment, ...]) -> Answer:
    if not rest:
        if query.apply is not None:
            raise bad_request("The query option $apply applies to rows.")
        return single(session, shape, row, query)
    name, key, rest = rest[0].name, rest[0].key, rest[1:]
    if name in shape.collections:
        target = session.model.shapes[shape.collections[name].target]
        rows = session.members(shape.collections[name], str(row[shape.table.primary_id]))
        if key is not None:
            return _row(session, target, _member(session, target, rows, key), query, rest)
        return _collection(session, target, rows, query, rest, target.table.entity_set)
    if name in shape.navigations:
        return _led_to(session, shape, row, query, name, rest)
    if name in shape.properties and len(rest) == 1 and rest[0].name == "$value":
        return _raw(row.get(name))
    if name in shape.properties and not rest:
        if row.get(name) is None:
            return Answer(204)
        where = f"{shape.table.entity_set}({row[shape.table.primary_id]})/{name}"
        return Answer(200, {"@odata.context": f"{session.base_url}/$metadata#{where}", "value": row[name]})
    raise unknown_segment(name)


def _raw(value: Any) -> Answer:
    if value is None:
        return Answer(204)
    text = value if isinstance(value, str) else json.dumps(value)
    return Answer(200, text.encode("utf-8"), {"content-type": "text/plain"})


def _member(session: Session, target: Shape, rows: list[Row], key: str) -> Row:
    found = locate(target, key, session.rows)
    if found.id is None:
        raise missing_key(target.name)
    for row in rows:
        if row[target.table.primary_id] == found.id:
            return row
    raise missing_row(target.name, found.id)


def _led_to(session: Session, shape: Shape, row: Row, query: Query, name: str, rest: tuple[Segment, ...]) -> Answer:
    step = shape.navigations[name]
    target_name = str(row.get(f"{step.stored}@type") or step.targets[0])
    target = session.model.shapes.get(target_name)
    if target is None:
        raise not_emulated(f"the table {target_name}")
    id = row.get(step.stored)
    other = session.row(target, str(id)) if id and target_name in step.targets else None
    if other is None:
        return Answer(204)
    if rest and rest[0].name == "$ref":
        return Answer(200, {"@odata.context": f"{session.base_url}/$metadata#$ref", "@odata.id": address(session, target, other)})
    return _row(session, target, other, query, rest)


def single(session: Session, shape: Shape, row: Row, query: Query, *, status: int = 200) -> Answer:
    """One row as an answer; 304 when the request already has this version of it."""
    check(session, shape, query)
    known = session.request.headers.get("if-none-match", "")
    conditional = status == 200 and shape.table.optimistic_concurrency and not query.expand and not session.preferences.annotations
    if conditional and session.request.method == "GET" and known == etag(row):
        return Answer(304)
    body = {"@odata.context": context_of(session, shape.table.entity_set, query, single=True), **rendered(session, shape, row, query)}
    return Answer(status, body, {"ETag": etag(row)})
