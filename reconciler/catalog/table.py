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
    """One choice of a Picklist. Labels may repeat (401 and 5 of the Exchange connector do): compare by value only."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is the logical name, letter for letter; `schema_name` differs from it in case only."""

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


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `singleton`: the service keeps one row per organization (an assumption for the settings tables)."""

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

    def column(self, name: str) -> Column:
        """The column of that logical name; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def options(*labels: str, first: int = 1) -> tuple[Option, ...]:
    """Choices numbered one by one from `first`."""
    return tuple(Option(number, label) for number, label in enumerate(labels, first))
