"""How a Dataverse table is described: its names, its columns and their limits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.catalog.source import Source

ColumnType = Literal[
    "BigInt",
    "Boolean",
    "DateTime",
    "Double",
    "Integer",
    "Lookup",
    "ManagedProperty",
    "Memo",
    "Money",
    "Owner",
    "Picklist",
    "State",
    "Status",
    "String",
    "Uniqueidentifier",
]
"""Attribute types as EntityDefinitions spells them (`AttributeType`)."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a Picklist. Labels may repeat (401 and 5 of the Exchange connector do): compare by value only.

    state   of a status reason: the state that it belongs to; None where that is not described
    """

    value: int
    label: str
    state: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is the logical name, letter for letter; `schema_name` differs from it in case only.

    targets      of a lookup: the tables that it may point to
    navigation   of a lookup: its navigation property for each target; empty: the column's own name, or `<name>_<target>` when there
                 are several targets (see `navigation_to`)
    collections  of a lookup: the collection of this table's rows that each target has; empty where it is not described
    """

    name: str
    type: ColumnType
    label: str = ""
    options: tuple[Option, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    default: bool | int | str | None = None
    required: Literal["None", "ApplicationRequired", "SystemRequired"] = "None"
    schema_name: str = ""
    targets: tuple[str, ...] = ()
    read_only: bool = False
    navigation: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()

    def navigation_to(self, target: str) -> str:
        """The navigation property that leads to that target; KeyError when the column cannot point there."""
        if target not in self.targets:
            raise KeyError(f"{self.name} does not point to {target}")
        if self.navigation:
            return self.navigation[self.targets.index(target)]
        return self.name if len(self.targets) == 1 else f"{self.name}_{target}"


@dataclass(frozen=True, slots=True)
class Association:
    """A many-to-many relationship: rows of two tables, paired by rows of an intersect table.

    `name` is the navigation property on both sides; the intersect table keeps the two ids in columns named after the primary ids.
    """

    name: str
    intersect: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    singleton   the service keeps one row per organization (an assumption for the settings tables)
    keys        alternate keys, each a tuple of columns
    intersect   the table only pairs rows of an Association; it is not written directly
    audited     has the columns that say who wrote a row and when
    stateful    has the pair statecode and statuscode
    audit_enabled  changes of its rows are recorded while the organization's auditing is on
    """

    name: str
    entity_set: str
    primary_id: str
    primary_name: str | None
    label: str
    columns: tuple[Column, ...]
    source: Source
    ownership: Literal["OrganizationOwned", "UserOwned", "BusinessOwned", "None"] = "OrganizationOwned"
    singleton: bool = False
    optimistic_concurrency: bool = True
    keys: tuple[tuple[str, ...], ...] = ()
    intersect: bool = False
    audited: bool = True
    stateful: bool = True
    audit_enabled: bool = False

    def column(self, name: str) -> Column:
        """The column of that logical name; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def key_properties(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """The properties of a row that hold the columns of an alternate key: a lookup's id stands in `_<column>_value`."""
        return tuple(f"_{name}_value" if self.column(name).targets else name for name in key)


def options(*labels: str, first: int = 1) -> tuple[Option, ...]:
    """Choices numbered one by one from `first`."""
    return tuple(Option(number, label) for number, label in enumerate(labels, first))
