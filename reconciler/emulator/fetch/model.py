"""A query as a value, whether it came as FetchXML or as SQL. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Aggregate = Literal["count", "countcolumn", "sum", "avg", "min", "max"]


@dataclass(frozen=True, slots=True)
class Condition:
    """`column operator values`. `entity` is the alias of the table that has the column; "": the one that the condition stands in.

    `compared` names a column of the same row instead of values.
    """

    column: str
    operator: str
    values: tuple[str, ...] = ()
    entity: str = ""
    compared: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions and further filters, joined by one word."""

    kind: Literal["and", "or"]
    parts: tuple[Condition | Filter, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column of the answer, or one aggregate or group of it (which then has an alias). `name` "*": rows are counted."""

    name: str
    alias: str = ""
    aggregate: Aggregate | None = None
    grouped: bool = False
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by: a column (of the table with the alias `entity`), or an alias of an aggregate query."""

    column: str = ""
    alias: str = ""
    descending: bool = False
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """One table of the query. `origin`, `own` and `link` say how it is joined to the one that it stands in; the root has none.

    attributes  None: every column
    own, origin the columns that must be equal: of this table, and of the outer one
    link        inner; outer, where rows without a partner stay; exists, where a row stays once however many partners it has
    """

    name: str
    alias: str = ""
    attributes: tuple[Attribute, ...] | None = ()
    orders: tuple[Order, ...] = ()
    filters: tuple[Filter, ...] = ()
    links: tuple[Entity, ...] = ()
    own: str = ""
    origin: str = ""
    link: Literal["inner", "outer", "exists"] = "inner"


@dataclass(frozen=True, slots=True)
class Fetch:
    """The whole query. `page` counts from 1."""

    entity: Entity
    top: int | None = None
    count: int | None = None
    page: int = 1
    distinct: bool = False
    total: bool = False
    aggregate: bool = False
    limit: int | None = None
