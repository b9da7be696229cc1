"""Turns rows into the JSON of the Web API: context, etag, properties, annotations, expanded rows. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from reconciler.catalog.table import Column
from reconciler.emulator.context import Row
from reconciler.emulator.errors import bad_request, unknown_property
from reconciler.emulator.metadata.shapes import PRINCIPALS, Shape
from reconciler.emulator.query.comparing import rank
from reconciler.emulator.query.conditions import condition
from reconciler.emulator.query.paths import path_of
from reconciler.emulator.query.queries import Expand, Query
from reconciler.emulator.rows.formats import annotations_of, name_of, target_of
from reconciler.emulator.session import Session

_MOST_MEMBERS = 5_000


def etag(row: Row) -> str:
    """The weak etag of a row: its version number."""
    return f'W/"{row["versionnumber"]}"'


def context_of(session: Session, name: str, query: Query, *, single: bool = False) -> str:
    """The `@odata.context` of an answer with rows of the set `name`."""
    return f"{session.base_url}/$metadata#{name}{_parts(query)}{'/$entity' if single else ''}"


def _parts(query: Query) -> str:
    expands = (f"{e.name},{e.name}/$ref()" if e.reference else f"{e.name}{_parts(e.query) or '()'}" for e in query.expand)
    parts = [*(query.select or ()), *expands]
    return f"({','.join(parts)})" if parts else ""


def check(session: Session, shape: Shape, query: Query, *, is_nested: bool = False) -> None:
    """Refuses options that name what the table does not have, before any row is looked at."""
    for name in query.select or ():
        if name not in shape.properties and name not in shape.navigations:
            raise unknown_property(name, shape.name)
    for name, _ in query.orderby:
        if name not in shape.navigations:
            path_of(name.split("/"), shape, session)
    for expand in query.expand:
        target, inner, collection = _expanded_shape(session, shape, expand), expand.query, shape.collections.get(expand.name)
        check(session, target, inner, is_nested=True)
        if expand.reference and collection is not None:
            raise bad_request("Expand with $ref is only supported on lookup type navigation property.")
        if collection is not None and collection.intersect is not None and (is_nested or inner.expand):
            raise bad_request(f"A nested $expand of the many-to-many relationship '{expand.name}' is not supported.")
        limits = inner.orderby or inner.top is not None
        if (collection is None and (limits or inner.filter)) or (expand.paged and limits):
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
        if expand.name in shape.collections:
            body.update(_members(session, shape, row, expand))
        else:
            body[expand.name] = _led_to(session, shape, row, expand)
    return body


def address(session: Session, shape: Shape, row: Row) -> str:
    """The absolute address of a row."""
    return f"{session.base_url}/{shape.table.entity_set}({row[shape.table.primary_id]})"


def _selected(shape: Shape, query: Query) -> list[str]:
    if query.select is None:
        return list(shape.properties)
    # A selected navigation property shows the id behind it.
    names = [shape.navigations[name].stored if name in shape.navigations else name for name in query.select]
    behind = [shape.navigations[expand.name].stored for expand in query.expand if expand.reference]
    return list(dict.fromkeys([*names, *behind, shape.table.primary_id]))


def _expanded_shape(session: Session, shape: Shape, expand: Expand) -> Shape:
    if expand.name in shape.collections:
        return session.model.shapes[shape.collections[expand.name].target]
    step = shape.navigations.get(expand.name)
    if step is None or step.targets[0] not in session.model.shapes:
        raise unknown_property(expand.name, shape.name)
    return session.model.shapes[step.targets[0]]


def _led_to(session: Session, shape: Shape, row: Row, expand: Expand) -> dict[str, Any] | None:
    step = shape.navigations[expand.name]
    id = row.get(step.stored)
    target = session.model.shapes.get(target_of(step.column, step.stored, row))
    if id is None or target is None or target.name not in step.targets:
        return None
    other = session.row(target, str(id))
    if other is None:
        return None
    session.count_expanded(1)
    return {"@odata.id": address(session, target, other)} if expand.reference else rendered(session, target, other, expand.query)


def _members(session: Session, shape: Shape, row: Row, expand: Expand) -> dict[str, Any]:
    target = _expanded_shape(session, shape, expand)
    rows = session.expanded_members(shape.collections[expand.name], str(row[shape.table.primary_id]))
    if expand.query.filter:
        test = condition(expand.query.filter, target, session)
        rows = [member for member in rows if test(member)]
    rows = ordered(session, target, rows, expand.query)
    if expand.query.top is not None:
        rows = rows[: expand.query.top]
    size = min(session.preferences.page_size or _MOST_MEMBERS, _MOST_MEMBERS) if expand.paged else _MOST_MEMBERS
    shown = rows[:size]
    session.count_expanded(len(shown))
    found: dict[str, Any] = {expand.name: [rendered(session, target, member, expand.query) for member in shown]}
    link = f"{address(session, shape, row)}/{expand.name}"
    options = [quote(option, safe="$=(),'/;@:") for option in expand.options]
    if expand.paged and len(rows) > size:
        options.append(f"$skiptoken={second_page(target.table.primary_id, shown)}")
    if shown and (not expand.paged or len(rows) > size):
        # Of a query without nested expands, the link leads to the same rows again: those are not paged here.
        found[f"{expand.name}@odata.nextLink"] = f"{link}?{'&'.join(options)}" if options else link
    return found


def second_page(primary: str, shown: list[Row]) -> str:
    """The token of the page behind `shown`, which are the first members of an expanded collection."""
    first, last = (str(shown[place][primary]).upper() for place in (0, -1))
    inner = f'<cookie page="1" countOfRecords="{len(shown)}"><{primary} last="{{{last}}}" first="{{{first}}}" /></cookie>'
    cookie = f'<cookie pagenumber="2" pagingcookie="{quote(quote(inner, safe=""), safe="")}" istracking="False" />'
    return quote(cookie, safe="")


def ordered(session: Session, shape: Shape, rows: list[Row], query: Query) -> list[Row]:
    """The rows in the order asked for; ties and unasked orders stay by id. Lookups sort by the name of their target."""
    for name, descending in reversed(query.orderby):
        session.spend(len(rows))
        path = path_of([shape.navigations[name].stored] if name in shape.navigations else name.split("/"), shape, session)
        column, property = path.column, path.property
        if column.targets and property in shape.properties and "/" not in name:
            names = {row[property]: name_of_target(session, column, property, row) for row in rows if row.get(property)}
            rows = sorted(rows, key=lambda row: rank(names.get(row.get(property))), reverse=descending)
        else:
            rows = sorted(rows, key=lambda row: rank(path.value(row)), reverse=descending)
    return rows


def name_of_target(session: Session, column: Column, property: str, row: Row) -> str | None:
    """The primary name of what a lookup of that row leads to."""
    id = row.get(property)
    return None if id is None else name_of(session, target_of(column, property, row), str(id))
