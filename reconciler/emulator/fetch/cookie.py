"""Writes the paging cookie of a FetchXML answer: the first and last row of a page, encoded twice. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

_QUOTES = {'"': "&quot;", "'": "&apos;"}


def paging_cookie(number: int, columns: Sequence[tuple[str, Any, Any]]) -> str:
    """The annotation that leads from page `number` to the next one. `columns`: name, first value and last value of the page.

    >>> paging_cookie(1, [("accountid", "{A}", "{B}")])
    '<cookie pagenumber="2" pagingcookie="%253ccookie%2520page%253d%25221%2522%253e%253caccountid%2520last%253d%2522%257bB%257d%2522%2520\
first%253d%2522%257bA%257d%2522%2520%252f%253e%253c%252fcookie%253e" istracking="False" />'
    """
    inner = "".join(f'<{name} last="{_text(last)}" first="{_text(first)}" />' for name, first, last in columns)
    encoded = _twice(f'<cookie page="{number}">{inner}</cookie>')
    return f'<cookie pagenumber="{number + 1}" pagingcookie="{encoded}" istracking="False" />'


def _text(value: Any) -> str:
    return escape("" if value is None else str(value), _QUOTES)


def _twice(text: str) -> str:
    # The service writes hexadecimal digits of escapes in lower case.
    once = "".join(part.lower() if part.startswith("%") else part for part in _escapes(quote(text, safe="")))
    return quote(once, safe="")


def _escapes(text: str) -> list[str]:
    pieces = text.split("%")
    return [pieces[0], *(part for piece in pieces[1:] for part in (f"%{piece[:2]}", piece[2:]))]
