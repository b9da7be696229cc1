"""Turns a list of rows into one page of the answer, and its link into the next. Pure."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

from reconciler.emulator.context import Row
from reconciler.emulator.errors import bad_request
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.conditions import condition
from reconciler.emulator.query.queries import Query
from reconciler.emulator.rows.rendering import check, context_of, ordered, rendered
from reconciler.emulator.session import Session

PAGE_LIMIT = 5000
_TOTAL = "Microsoft.Dynamics.CRM.totalrecordcount"


def page(session: Session, shape: Shape, rows: list[Row], query: Query, name: str) -> dict[str, Any]:
    """The rows that the options leave of `rows`, at most one page of them, with the link to the next page if there is one."""
    check(session, shape, query)
    if query.filter:
        test = condition(query.filter, shape, session)
        rows = [row for row in rows if test(row)]
    total = len(rows)
    rows = ordered(session, shape, rows, query)
    asked = session.preferences.page_size
    if asked is None and query.top is not None:
        rows = rows[: query.top]
    size = min(asked or PAGE_LIMIT, PAGE_LIMIT)
    number = page_number(query.skiptoken)
    start = (number - 1) * size
    body: dict[str, Any] = {"@odata.context": context_of(session, name, query)}
    body.update(counted(session, total, wanted=query.count))
    shown = rows[start : start + size]
    body["value"] = [rendered(session, shape, row, query) for row in shown]
    if start + size < len(rows):
        ends = (str(shown[0][shape.table.primary_id]), str(shown[-1][shape.table.primary_id]))
        body["@odata.nextLink"] = following_link(session, shape.table.primary_id, ends, number + 1)
    return body


def count(session: Session, shape: Shape, rows: list[Row], query: Query) -> bytes:
    """The answer to `/$count`: a number behind a byte order mark, at most 5,000."""
    if query.filter:
        test = condition(query.filter, shape, session)
        rows = [row for row in rows if test(row)]
    return b"\xef\xbb\xbf" + str(min(len(rows), PAGE_LIMIT)).encode()


def counted(session: Session, total: int, *, wanted: bool) -> dict[str, Any]:
    """What an answer says of the number of rows, at most 5,000: `@odata.count` when wanted, annotations when asked for."""
    body: dict[str, Any] = {}
    if wanted:
        body["@odata.count"] = min(total, PAGE_LIMIT)
    if session.preferences.wants(_TOTAL):
        body[f"@{_TOTAL}"] = min(total, PAGE_LIMIT) if wanted else -1
    if session.preferences.wants(f"{_TOTAL}limitexceeded"):
        body[f"@{_TOTAL}limitexceeded"] = wanted and total > PAGE_LIMIT
    return body


def page_number(token: str | None) -> int:
    """The page that a `$skiptoken` leads to; 1 without one. 400 for a token that nobody here wrote."""
    if token is None:
        return 1
    found = re.search(r'pagenumber="(\d{1,9})"', token)
    if found is None or int(found[1]) < 1:
        raise bad_request("Malformed XML in the Paging Cookie")
    return int(found[1])


def following_link(session: Session, primary: str, ends: tuple[str, str], number: int) -> str:
    """The address of page `number`: that of this request, with a token. `ends` are the first and last id of the page before it."""
    first, last = (end.upper() for end in ends)
    inner = f'<cookie page="{number - 1}"><{primary} last="{{{last}}}" first="{{{first}}}" /></cookie>'
    cookie = f'<cookie pagenumber="{number}" pagingcookie="{quote(quote(inner, safe=""), safe="")}" istracking="False" />'
    kept = [part for part in session.request.query.split("&") if part and not unquote(part).startswith("$skiptoken=")]
    query = "&".join([*kept, f"$skiptoken={quote(cookie, safe='')}"])
    return f"{session.base_url}/{quote(session.request.path, safe='/()=,$@')}?{query}"
