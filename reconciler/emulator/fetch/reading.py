"""Answers GET on a table with a query that came as a whole: FetchXML, a saved view or SQL. Reads only."""

from __future__ import annotations

from typing import Any

from reconciler.emulator.addresses import GUID
from reconciler.emulator.errors import bad_request, not_emulated
from reconciler.emulator.fetch.answers import fetch_answer, sql_answer
from reconciler.emulator.fetch.model import Fetch
from reconciler.emulator.fetch.parsing import parse_fetch
from reconciler.emulator.fetch.sql import parse_sql
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.queries import Query
from reconciler.emulator.session import Session

_VIEW = "savedquery"


def whole_query(session: Session, shape: Shape, query: Query, name: str, text: str) -> dict[str, Any]:
    """The body of the answer. 400 when the query is for another table than the address."""
    if query.filter or query.select or query.orderby or query.expand or query.top is not None or query.apply:
        raise not_emulated(f"further query options beside '{name}'")
    if name == "sql":
        fetch = parse_sql(text)
        _check_table(shape, fetch)
        return sql_answer(session, shape, fetch, query)
    fetch = parse_fetch(text if name == "fetchXml" else _saved(session, text))
    _check_table(shape, fetch)
    return fetch_answer(session, shape, fetch, query)


def _check_table(shape: Shape, fetch: Fetch) -> None:
    if fetch.entity.name != shape.name:
        raise bad_request(f"The query is for the table '{fetch.entity.name[:80]}', and the address is that of '{shape.name}'.")


def _saved(session: Session, text: str) -> str:
    view = session.model.shapes.get(_VIEW)
    if view is None or "fetchxml" not in view.properties:
        raise not_emulated("the query option 'savedQuery'")
    id = text.strip("{}")
    if not GUID.fullmatch(id):
        raise bad_request(f"'{text[:80]}' is not the id of a view.")
    return str(session.existing(view, id.lower()).get("fetchxml") or "")
