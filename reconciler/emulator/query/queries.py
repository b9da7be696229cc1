"""Turns the query string of a request into options. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from reconciler.emulator.addresses import split_outside
from reconciler.emulator.errors import bad_request, not_emulated
from reconciler.emulator.not_emulated import QUERY_OPTIONS

WHOLE_QUERIES = ("fetchXml", "savedQuery", "sql")
"""Options whose value is a query of its own, or leads to one."""

_KNOWN = frozenset({"$select", "$filter", "$orderby", "$top", "$expand", "$count", "$skiptoken", "$id", "$apply", *WHOLE_QUERIES})
_REFUSED = {
    "$skip": "Skip Clause is not supported in CRM",
    "$search": "Search Clause is not supported in CRM",
    "$format": "Format Clause is not supported in CRM",
}
_IGNORED = frozenset({"tag", "partitionId", "annotations", "api-version", "LabelLanguages"})
_ALIAS = re.compile(r"@[A-Za-z_]\w*")
_MAX_EXPANDS = 15
_MAX_EXPANDED = 32_768


@dataclass(frozen=True, slots=True)
class Expand:
    """One expanded navigation property with its own options.

    reference  only the address of the other row is asked for
    paged      there is an expand inside an expand somewhere in the query, so the members of every collection come in pages
    options    the options as they were written, for the address of the members
    """

    name: str
    query: Query
    reference: bool = False
    paged: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """The options of one read. `select` None: every property; `whole` is the name and text of a query that came as one."""

    select: tuple[str, ...] | None = None
    filter: str | None = None
    orderby: tuple[tuple[str, bool], ...] = ()
    top: int | None = None
    expand: tuple[Expand, ...] = ()
    count: bool = False
    skiptoken: str | None = None
    id: str | None = None
    apply: str | None = None
    whole: tuple[str, str] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)


def query_of(text: str) -> Query:
    """The options of a query string. Refuses what the service refuses (400) and what is not emulated (501)."""
    options: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=100):
        if name in _REFUSED:
            raise bad_request(_REFUSED[name])
        if name in QUERY_OPTIONS:
            raise not_emulated(f"the query option '{name}'")
        if _ALIAS.fullmatch(name):
            aliases[name] = value
        elif name in _KNOWN:
            if name in options:
                raise bad_request(f"Query option '{name}' was specified more than once, but it must be specified at most once.")
            options[name] = value
        elif name not in _IGNORED:
            raise bad_request(f"The query parameter {name[:100]} is not supported.")
    # Counted before they are read, for each nested one is a step of recursion.
    nested = options.get("$expand", "").count("$expand")
    query = _build(options, aliases, paged=nested > 0) if nested < _MAX_EXPANDS else Query()
    if nested + len(query.expand) > _MAX_EXPANDS:
        raise bad_request(f"The number of $expand options exceeds the limit of {_MAX_EXPANDS}.")
    return query


def _build(options: Mapping[str, str], aliases: Mapping[str, str], *, paged: bool) -> Query:
    filter = options.get("$filter")
    return Query(
        select=_names(options["$select"]) if options.get("$select") else None,
        filter=_with_aliases(filter, aliases) if filter else None,
        orderby=_order(_with_aliases(options.get("$orderby", ""), aliases)),
        top=_top(options.get("$top")),
        expand=tuple(_expand(piece.strip(), aliases, paged=paged) for piece in split_outside(options["$expand"], ",") if piece.strip())
        if options.get("$expand")
        else (),
        count=_truth(options.get("$count", "false")),
        skiptoken=options.get("$skiptoken"),
        id=options.get("$id"),
        apply=options.get("$apply"),
        whole=next(((name, options[name]) for name in WHOLE_QUERIES if name in options), None),
        aliases=aliases,
    )


def _names(text: str) -> tuple[str, ...] | None:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    return None if "*" in names or not names else names


def _order(text: str) -> tuple[tuple[str, bool], ...]:
    found = []
    for piece in split_outside(text, ","):
        words = piece.split()
        if not words:
            continue
        if len(words) > 2 or (len(words) == 2 and words[1] not in ("asc", "desc")):
            raise bad_request(f"Syntax error at position {len(words[0])} in '{piece.strip()}'.")
        found.append((words[0], words[-1] == "desc" and len(words) == 2))
    return tuple(found)


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,9}", text):
        raise bad_request(
            f"Invalid value '{text}' for $top query option found. The $top query option requires a non-negative integer value."
        )
    return int(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise bad_request(f"Invalid value '{text}' for $count query option found. Valid values are 'true', 'false'.")
    return text == "true"


def _expand(text: str, aliases: Mapping[str, str], *, paged: bool) -> Expand:
    name, opening, rest = text.partition("(")
    if not opening:
        if name.endswith("/$ref"):
            return Expand(name.removesuffix("/$ref"), Query(), reference=True, paged=paged)
        return Expand(name, Query(), paged=paged)
    if not rest.endswith(")"):
        raise bad_request(f"Term '{text}' is not valid in a $select or $expand expression.")
    options = {}
    for piece in split_outside(rest[:-1], ";"):
        option, equals, value = piece.strip().partition("=")
        if not equals:
            continue
        if option not in ("$select", "$filter", "$orderby", "$top", "$expand"):
            raise bad_request(f"The query option '{option}' is not supported inside $expand.")
        options[option] = value
    written = tuple(f"{option}={value}" for option, value in options.items())
    return Expand(name.strip(), _build(options, aliases, paged=paged), paged=paged, options=written)


def _with_aliases(text: str, aliases: Mapping[str, str]) -> str:
    if "@" not in text:
        return text
    length = len(text)

    def value(found: re.Match[str]) -> str:
        nonlocal length
        given = aliases.get(found[0], "null")
        length += len(given)
        if length > _MAX_EXPANDED:
            raise bad_request("The query options are too long with the values of their parameter aliases.")
        return given

    pieces = re.split(r"('(?:[^']|'')*')", text)
    return "".join(piece if piece.startswith("'") else _ALIAS.sub(value, piece) for piece in pieces)
