"""Turns the tables of the catalogue into the tables of an organization, with the columns that the platform adds. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from reconciler.catalog.table import Column, Option, Table

_STATE = Column("statecode", "State", "Status", options=(Option(0, "Active"), Option(1, "Inactive")), default=0)
_STATUS = Column("statuscode", "Status", "Status Reason", options=(Option(1, "Active", 0), Option(2, "Inactive", 1)), default=1)
_BROUGHT = (
    Column("importsequencenumber", "Integer", "Import Sequence Number"),
    Column("overriddencreatedon", "DateTime", "Record Created On"),
)
"""What a migration writes."""

_OWNERSHIP: dict[str, tuple[Column, ...]] = {
    "UserOwned": (
        Column("ownerid", "Owner", "Owner", targets=("systemuser", "team"), navigation=("ownerid", "ownerid")),
        Column("owningbusinessunit", "Lookup", "Owning Business Unit", targets=("businessunit",), read_only=True),
        Column("owninguser", "Lookup", "Owning User", targets=("systemuser",), read_only=True),
        Column("owningteam", "Lookup", "Owning Team", targets=("team",), read_only=True),
    ),
    "OrganizationOwned": (Column("organizationid", "Lookup", "Organization", targets=("organization",), read_only=True),),
    "BusinessOwned": (),
    "None": (),
}


def with_platform_columns(tables: Iterable[Table]) -> dict[str, Table]:
    """The tables by logical name, each with its state, status and owner; columns that a table describes itself are kept.

    Who wrote a row and when is not added here: the server knows these columns of every table.
    """
    return {table.name: _complete(table) for table in tables}


def _complete(table: Table) -> Table:
    described = {column.name for column in table.columns}
    added = (*((_STATE, _STATUS, *_BROUGHT) if table.stateful else ()), *_OWNERSHIP[table.ownership])
    return dataclasses.replace(table, columns=(*table.columns, *(column for column in added if column.name not in described)))


def default_values(table: Table) -> dict[str, bool | int | str]:
    """What the columns of a new row hold when nobody says otherwise."""
    return {column.name: column.default for column in table.columns if column.default is not None}
