"""Turns rows into the JSON of the Web API: context, etag, properties, annotations, expanded rows. Pure."""

from __future__ import annotations

from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.context import Row
from reconciler.emulator.errors import bad_request, unknown_property
from reconciler.emulator.metadata.shapes import PRINCIPALS, Shape
from reconciler.emulator.query.comparing import rank
from reconciler.emulator.query.conditions import condition
from reconciler.emulator.query.queries import Expand, Query
from reconciler.emulator.rows.formats import annotations_of, name_of, target_of
from reconciler.emulator.session import Session


def etag(row: Row) -> str:
    """The weak etag of a row: its version number."""
    return f'W/"{row["versionnumber"]}"'


def context_of(session: Session, name: str, query: Query, *, single: bool = False) -> str:
    """The `@odata.context` of an answer with rows of the set `name`."""
    return f"{session.base_url}/$metadata#{name}{_parts(query)}{'/$entity' if single else ''}"


def _parts(query: Query) -> str:
    parts = [*(query.select or ()), *(f"{e.name}{_parts(e.query) or '()'}" for e in query.expand)]
    return f"({','.join(parts)})" if parts else ""


def check(session: Session, shape: Shape, query: Query) -> None:
    """Refuses options that name what the table does not have, before any row is looked at."""
    for name in query.select or ():
        if name not in shape.properties and name not in shape.navigations:
            raise unknown_property(name, shape.name)
    for expand in query.expand:
        check(session, _expanded_shape(session, shape, expand), expand.query)
        if expand.name in shape.navigations and (expand.query.orderby or expand.query.top is not None or expand.query.filter):
            raise bad_request(
                "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested "
                "one-to-many relationship."
            )


def rendered(session: Session, shape: Shape, row: Row, query: Query) -> dict[str, Any]:
    """One row. The etag and the primary id are there whatever was selected, and columns without a value are null."""
    body: dict[str, Any] = {}
    if not shape.table.intersect:
        body["@odata.etag"] = etag(row)
    annotate = bool(session.preferences.annotations)
    for property in _selected(shape, query):
        column = shape.properties[property]
        if annotate:
            body.update(annotations_of(session, column, property, row))
        body[property] = row.get(property)
    if shape.name in PRINCIPALS:
        # Their type inherits its key from the abstract principal, and a key is always shown.
        body.setdefault("ownerid", row[shape.table.primary_id])
    for expand in query.expand:
        body[expand.name] = _expanded(session, shape, row, expand)
    return body


def _selected(shape: Shape, query: Query) -> list[str]:
    if query.select is None:
        return list(shape.properties)
    # A selected navigation property shows the id behind it.
    names = [shape.navigations[name].stored if name in shape.navigations else name for name in query.select]
    return list(dict.fromkeys([*names, shape.table.primary_id]))


def _expanded_shape(session: Session, shape: Shape, expand: Expand) -> Shape:
    if expand.name in shape.collections:
        return session.model.shapes[shape.collections[expand.name].target]
    step = shape.navigations.get(expand.name)
    if step is None or step.targets[0] not in session.model.shapes:
        raise unknown_property(expand.name, shape.name)
    return session.model.shapes[step.targets[0]]


def _expanded(session: Session, shape: Shape, row: Row, expand: Expand) -> Any:
    if expand.name in shape.collections:
        return _members(session, shape, row, expand)
    step = shape.navigations[expand.name]
    id = row.get(step.stored)
    target = session.model.shapes.get(target_of(step.column, step.stored, row))
    if id is None or target is None or target.name not in step.targets:
        return None
    other = session.row(target, str(id))
    return None if other is None else rendered(session, target, other, expand.query)


def _members(session: Session, shape: Shape, row: Row, expand: Expand) -> list[dict[str, Any]]:
    target = _expanded_shape(session, shape, expand)
    rows = session.members(shape.collections[expand.name], str(row[shape.table.primary_id]))
    if expand.query.filter:
        test = condition(expand.query.filter, target, session)
        rows = [member for member in rows if test(member)]
    rows = ordered(session, target, rows, expand.query)
    if expand.query.top is not None:
        rows = rows[: expand.query.top]
    return [rendered(session, target, member, expand.query) for member in rows]


def ordered(session: Session, shape: Shape, rows: list[Row], query: Query) -> list[Row]:
    """The rows in the order asked for; ties and unasked orders stay by id. Lookups sort by the name of their target."""
    for name, descending in reversed(query.orderby):
        property = shape.navigations[name].stored if name in shape.navigations else name
        if property not in shape.properties:
            raise unknown_property(name, shape.name)
        column = shape.properties[property]
        if column.targets:
            names = {row[property]: name_of_target(session, column, property, row) for row in rows if row.get(property)}
            rows = sorted(rows, key=lambda row: rank(names.get(row.get(property))), reverse=descending)
        else:
            rows = sorted(rows, key=lambda row: rank(row.get(property)), reverse=descending)
    return rows


def name_of_target(session: Session, column: Column, property: str, row: Row) -> str | None:
    """The primary name of what a lookup of that row leads to."""
    id = row.get(property)
    return None if id is None else name_of(session, target_of(column, property, row), str(id))
