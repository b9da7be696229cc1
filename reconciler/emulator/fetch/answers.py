"""Turns a query and the rows that it finds into the JSON of the Web API: columns, aliases, aggregates, pages. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.fetch.aggregates import Group, Grouped, Measure, grouped
from reconciler.emulator.fetch.columns import Joined, Located, Tables
from reconciler.emulator.fetch.cookie import paging_cookie
from reconciler.emulator.fetch.joining import joined_rows, root_row
from reconciler.emulator.fetch.model import Attribute, Entity, Fetch
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.comparing import rank
from reconciler.emulator.query.pages import PAGE_LIMIT, counted, following_link, page_number
from reconciler.emulator.query.queries import Query
from reconciler.emulator.rows.formats import FORMATTED, NAVIGATION, annotations_of, formatted_text
from reconciler.emulator.rows.rendering import etag
from reconciler.emulator.session import Session

ATTRIBUTE_NAME = "OData.Community.Display.V1.AttributeName"
_COOKIE = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie"
_MORE = "Microsoft.Dynamics.CRM.morerecords"
_COUNT = "*"


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of the answer: under which key, where its value is, and whether the key is another name than the column's."""

    key: str
    located: Located
    renamed: bool


def fetch_answer(session: Session, shape: Shape, fetch: Fetch, query: Query) -> dict[str, Any]:
    """The answer to a FetchXML query: one page, and where more follow the cookie that leads to them."""
    tables = Tables(fetch, session.model)
    rows, names = _body_rows(session, shape, fetch, tables)
    total = len(rows)
    rows = rows if fetch.top is None else rows[: fetch.top]
    size = fetch.count or PAGE_LIMIT
    start = (fetch.page - 1) * size
    body = _head(session, shape, names, total, wanted=query.count or fetch.total)
    if start + size < len(rows):
        page = rows[start : start + size]
        if session.preferences.wants(_COOKIE) and not fetch.aggregate and not fetch.distinct and page:
            body[f"@{_COOKIE}"] = paging_cookie(fetch.page, _ends(fetch, tables, page[0].source, page[-1].source))
        if session.preferences.wants(_MORE):
            body[f"@{_MORE}"] = True
    body["value"] = [row.shown for row in rows[start : start + size]]
    return body


def sql_answer(session: Session, shape: Shape, fetch: Fetch, query: Query) -> dict[str, Any]:
    """The answer to a SQL query: one page as large as the request prefers, and the link to the next."""
    tables = Tables(fetch, session.model)
    rows, names = _body_rows(session, shape, fetch, tables)
    total = len(rows)
    rows = rows if fetch.top is None else rows[: fetch.top]
    size = min(session.preferences.page_size or PAGE_LIMIT, PAGE_LIMIT)
    number = page_number(query.skiptoken)
    start = (number - 1) * size
    body = _head(session, shape, names, total, wanted=query.count)
    body["value"] = [row.shown for row in rows[start : start + size]]
    if start + size < len(rows):
        ends = [row.source for row in (rows[start], rows[start + size - 1])]
        keys = [str(root_row(end)[shape.table.primary_id]) if end is not None else str(number) for end in ends]
        body["@odata.nextLink"] = following_link(session, shape.table.primary_id, (keys[0], keys[1]), number + 1)
    return body


@dataclass(frozen=True, slots=True)
class _BodyRow:
    shown: dict[str, Any]
    source: Joined | None


def _head(session: Session, shape: Shape, names: list[str], total: int, *, wanted: bool) -> dict[str, Any]:
    parts = f"({','.join(names)})" if names else ""
    context = f"{session.base_url}/$metadata#{shape.table.entity_set}{parts}"
    return {"@odata.context": context, **counted(session, total, wanted=wanted)}


def _body_rows(session: Session, shape: Shape, fetch: Fetch, tables: Tables) -> tuple[list[_BodyRow], list[str]]:
    joined = joined_rows(session, fetch, tables)
    if fetch.aggregate:
        return _aggregated(session, fetch, tables, joined), []
    columns = [shown for entity in _entities(fetch.entity) for shown in _columns(entity, tables)]
    own = [] if fetch.entity.attributes is None else [shown.located.property for shown in columns if not shown.located.alias]
    if fetch.distinct:
        return _distinct(session, columns, joined), own
    primary = tables.locate("", shape.table.primary_id)
    if all(shown.located != primary or shown.renamed for shown in columns):
        columns.append(Shown(primary.property, primary, False))
        own = [*own, primary.property] if own else []
    found = []
    for row in joined:
        etags = {} if shape.table.intersect else {"@odata.etag": etag(root_row(row))}
        found.append(_BodyRow({**etags, **_rendered(session, columns, row)}, row))
    return found, list(dict.fromkeys(own))


def _entities(entity: Entity) -> Iterable[Entity]:
    yield entity
    for link in entity.links:
        if link.link != "exists":
            yield from _entities(link)


def _columns(entity: Entity, tables: Tables) -> list[Shown]:
    if entity.attributes is None:
        names: Iterable[Attribute] = [Attribute(column.name) for column in tables.shapes[entity.alias].properties.values()]
    else:
        names = entity.attributes
    found = []
    for attribute in names:
        located = tables.locate(entity.alias, attribute.name)
        plain = f"{entity.alias}.{located.column.name}" if entity.alias else located.property
        found.append(Shown(attribute.alias or plain, located, bool(attribute.alias or entity.alias)))
    return found


def _rendered(session: Session, columns: list[Shown], joined: Joined) -> dict[str, Any]:
    # Unlike other reads, these show no columns without a value.
    body: dict[str, Any] = {}
    for shown in columns:
        value = shown.located.of(joined)
        if value is not None:
            body.update(_annotations(session, shown, joined))
            body[shown.key] = value
    return body


def _annotations(session: Session, shown: Shown, joined: Joined) -> dict[str, Any]:
    row = joined.get(shown.located.alias)
    if row is None or not session.preferences.annotations:
        return {}
    found: dict[str, Any] = {}
    if shown.renamed and session.preferences.wants(ATTRIBUTE_NAME):
        found[f"{shown.key}@{ATTRIBUTE_NAME}"] = shown.located.column.name
    property = shown.located.property
    for name, text in annotations_of(session, shown.located.column, property, row).items():
        suffix = name.removeprefix(property)
        if not (shown.renamed and suffix == f"@{NAVIGATION}"):
            found[shown.key + suffix] = text
    return found


def _distinct(session: Session, columns: list[Shown], joined: list[Joined]) -> list[_BodyRow]:
    found: dict[tuple[Any, ...], _BodyRow] = {}
    for row in joined:
        values = (shown.located.of(row) for shown in columns)
        key = tuple(value.casefold() if isinstance(value, str) else value for value in values)
        if key not in found:
            found[key] = _BodyRow(_rendered(session, columns, row), None)
    return list(found.values())


def _ends(fetch: Fetch, tables: Tables, first: Joined | None, last: Joined | None) -> list[tuple[str, Any, Any]]:
    if first is None or last is None:
        return []
    found = []
    for order in fetch.entity.orders:
        located = tables.locate(order.entity, order.column)
        found.append((order.column, located.of(first), located.of(last)))
    primary = tables.shapes[""].table.primary_id
    ids = [f"{{{str(root_row(end)[primary]).upper()}}}" for end in (first, last)]
    return [*(end for end in found if end[0] != primary), (primary, ids[0], ids[1])]


def _aggregated(session: Session, fetch: Fetch, tables: Tables, joined: list[Joined]) -> list[_BodyRow]:
    groups: list[Group[Joined]] = []
    measures: list[Measure[Joined]] = []
    columns: dict[str, Located] = {}
    for entity in _entities(fetch.entity):
        for attribute in entity.attributes or ():
            located = tables.locate(entity.alias, _counted_column(attribute, tables, entity))
            columns[attribute.alias] = located
            if attribute.aggregate is None:
                groups.append(Group(attribute.alias, located.of, located.column))
            else:
                column = None if attribute.name == _COUNT else located.column
                measures.append(Measure(attribute.alias, attribute.aggregate, located.of, column, attribute.distinct))
    found = grouped(joined, groups, measures, fetch.limit)
    for order in reversed(fetch.entity.orders):
        found = sorted(found, key=lambda row: rank(row.values.get(order.alias)), reverse=order.descending)
    counts = {measure.alias for measure in measures if measure.aggregate in ("count", "countcolumn")}
    return [_BodyRow(_aggregate_row(session, row, columns, counts), None) for row in found]


def _counted_column(attribute: Attribute, tables: Tables, entity: Entity) -> str:
    return tables.shapes[entity.alias].table.primary_id if attribute.name == _COUNT else attribute.name


def _aggregate_row(session: Session, row: Grouped[Joined], columns: dict[str, Located], counts: set[str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    wants = session.preferences.wants
    for alias, value in row.values.items():
        if value is None:
            continue
        located = columns[alias]
        if alias not in counts and located.column.targets and row.example is not None:
            body.update(_annotations(session, Shown(alias, located, True), row.example))
        else:
            text = f"{value:,}" if alias in counts else formatted_text(located.column, value, session.language)
            if wants(ATTRIBUTE_NAME):
                body[f"{alias}@{ATTRIBUTE_NAME}"] = located.column.name
            if text is not None and wants(FORMATTED):
                body[f"{alias}@{FORMATTED}"] = text
        body[alias] = value
    return body
