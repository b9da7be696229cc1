"""Turns the settings tables of an organization into rows by table, as its Web API shows them. Reads through the Web API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.table import Table
from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.face.clerk import Clerk
from reconciler.emulator.face.fields import Choices

_ROOT_ROLES = "$select=name,roleid&$filter=_parentroleid_value%20eq%20null&$orderby=name"
_TEMPLATES = "$select=title,templateid&$orderby=title"


@dataclass(frozen=True, slots=True)
class Settings:
    """The first row of each table, which is the one that the service's own page shows; a table that is not there has no entry.

    `rows` has an empty row where there is none; `counts` how many there are.
    """

    rows: dict[str, Row]
    counts: dict[str, int]

    def value(self, field: Field) -> object:
        """What is stored for a field; None where it cannot be stored."""
        return self.rows.get(field.binding.table, {}).get(field.binding.column) if field.binding else None

    def is_on(self, field: Field) -> bool:
        """Whether a switch stands on."""
        return bool(self.value(field) == getattr(field.type, "on", None))

    def etag(self, table: str) -> str:
        """The version of the row of that table; empty where there is none."""
        return str(self.rows.get(table, {}).get("@odata.etag") or "")

    def odd(self, kind: Kind) -> list[tuple[str, int]]:
        """The tables of a kind's settings that do not have exactly one row, with the number; -1 for a missing table."""
        tables = dict.fromkeys(field.binding.table for field in kind.fields if field.binding)
        return [(table, self.counts.get(table, -1)) for table in tables if self.counts.get(table, -1) != 1]


def settings_of(clerk: Clerk, tables: Iterable[Table]) -> Settings:
    """Reads the settings tables. DataverseError: there is no such organization, or it cannot be started."""
    rows: dict[str, Row] = {}
    counts: dict[str, int] = {}
    # Any organization can be asked for its roles: a refusal here is about the organization, later ones are about a table.
    clerk.rows("roles", "$top=1&$select=roleid")
    for table in tables:
        try:
            found = clerk.rows(table.entity_set)
        except DataverseError:
            continue
        rows[table.name] = found[0] if found else {}
        counts[table.name] = len(found)
    return Settings(rows, counts)


def choices_of(clerk: Clerk) -> Choices:
    """The roles of the root business unit and the e-mail templates, by name."""
    roles = {str(row["roleid"]): str(row["name"]) for row in clerk.rows("roles", _ROOT_ROLES)}
    templates = {str(row["templateid"]): str(row["title"]) for row in clerk.rows("templates", _TEMPLATES)}
    return Choices(roles, templates)
