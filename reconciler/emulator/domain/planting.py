"""Turns described rows into stored ones: ids, defaults, owner and authors filled in. Writes through the Rows it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.catalog.book import Catalog
from reconciler.catalog.table import Table
from reconciler.emulator.context import Row, Rows
from reconciler.emulator.domain.columns import default_values
from reconciler.emulator.domain.identity import stable_id
from reconciler.emulator.domain.moments import as_text
from reconciler.emulator.domain.scenario import Scenario

NEVER_OVERWRITTEN = "1900-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Planting:
    """One organization that is being filled."""

    rows: Rows
    organization: str
    scenario: Scenario
    now: dt.datetime
    tables: Mapping[str, Table]
    catalog: Catalog
    folder: Path | None

    def id_of(self, table: str, *names: str) -> str:
        """The id that the thing of that name has in this organization."""
        return stable_id(self.organization, table, *names)

    @property
    def organization_id(self) -> str:
        """The id of the organization's own row."""
        return self.id_of("organization")

    @property
    def system_user(self) -> str:
        """The user SYSTEM, author of everything that was delivered."""
        return self.id_of("systemuser", "SYSTEM")

    @property
    def root_unit(self) -> str:
        """The root business unit."""
        return self.id_of("businessunit", "")

    def put(self, table: str, row: Row, *, author: str | None = None, written: dt.datetime | None = None) -> Row:
        """Stores one row with the defaults of its table; nothing happens to tables that the organization lacks.

        `author` and `written` say who wrote the row last, and when; otherwise SYSTEM did, at this moment.
        """
        described = self.tables[table]
        if table in self.scenario.absent_tables:
            return row
        who, when = author or self.system_user, as_text(written or self.now)
        audit: Row = {"createdon": when, "modifiedon": when, "_createdby_value": who, "_modifiedby_value": who} if described.audited else {}
        return self.rows.insert(table, {**default_values(described), **self._owner(described), **audit, **row})

    def _owner(self, table: Table) -> Row:
        if table.ownership == "OrganizationOwned":
            return {"_organizationid_value": self.organization_id}
        if table.ownership != "UserOwned":
            return {}
        return {
            "_ownerid_value": self.system_user,
            "_ownerid_value@type": "systemuser",
            "_owninguser_value": self.system_user,
            "_owningbusinessunit_value": self.root_unit,
        }


def managed_property(value: bool, name: str, *, can_change: bool = True) -> Row:
    """A managed property as the service shows it."""
    return {"Value": value, "CanBeChanged": can_change, "ManagedPropertyLogicalName": name}
