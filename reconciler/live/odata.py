"""Writes addresses of the Web API: every name is quoted and every id is checked before it becomes part of one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_SAFE = "(),;=$'/:@"


def guid(text: str) -> str | None:
    """The id in lower case and without braces; None when the text is no id."""
    bare = text.strip().lower()
    if bare.startswith("{") and bare.endswith("}"):
        bare = bare[1:-1]
    return bare if _GUID.fullmatch(bare) else None


def key(text: str) -> str:
    """An id as it stands in an address. Raises ValueError when it is none."""
    found = guid(text)
    if found is None:
        raise ValueError(f"{text!a} is not an id")
    return found


def name(text: str) -> str:
    """The logical name of a table as it stands in a document. Raises ValueError when it cannot be one."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"{text!a} is not the name of a table")
    return text


def literal(text: str) -> str:
    """A text as a string literal of a filter.

    >>> literal("O'Brien")
    "'O''Brien'"
    """
    return "'" + text.replace("'", "''") + "'"


def one_of(column: str, values: Iterable[str]) -> str:
    """The filter for rows whose text column is one of the values.

    >>> one_of("name", ["a", "b"])
    "name eq 'a' or name eq 'b'"
    """
    return " or ".join(f"{column} eq {literal(value)}" for value in values)


def query(path: str, **options: str | int) -> str:
    """An address with query options, percent-encoded.

    >>> query("roles", select="name", filter="name eq 'R & D'")
    "roles?$select=name&$filter=name%20eq%20'R%20%26%20D'"
    """
    return path + "?" + "&".join(f"${option}={quote(str(value), safe=_SAFE)}" for option, value in options.items())
