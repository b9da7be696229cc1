"""Turns a write into the audit row that tells who changed what, when. Reads and writes the Rows it is given.

Nothing is recorded while the organization's auditing is off, or for a table whose own auditing is off. A value of more than 5,000
characters is cut, as the service cuts it (retrieve-audit-data.md, 06823f98).
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from reconciler.catalog.table import Column, Table
from reconciler.emulator.context import Row, Rows
from reconciler.emulator.domain import notes
from reconciler.emulator.domain.moments import as_text

AUDIT = "audit"
SWITCH = "isauditenabled"
CREATE, UPDATE, DELETE = 1, 2, 3
ORGANIZATION_LEVEL = 104
_LIMIT = 5000
_NO_TRANSACTION = "00000000-0000-0000-0000-000000000000"


def is_audited(rows: Rows, table: str) -> bool:
    """Whether changes of that table are recorded now."""
    return table in (rows.note(notes.AUDITED_TABLES) or ()) and any(row.get(SWITCH) for row in rows.all("organization"))


def record(rows: Rows, table: Table, *, before: Row | None, after: Row | None, user: str, now: dt.datetime) -> None:
    """Records the step from `before` (None: the row is new) to `after` (None: it is gone); nothing when no column differs.

    Switching the auditing of the organization is recorded whichever way it goes.
    """
    old, new = before or {}, after or {}
    switched = table.name == "organization" and bool(old.get(SWITCH)) != bool(new.get(SWITCH))
    if not switched and not is_audited(rows, table.name):
        return
    changed = _changed(table, old, new)
    if not changed:
        return
    operation = CREATE if before is None else DELETE if after is None else UPDATE
    numbers = {property: str(number) for property, number in _numbers(table).items()}
    rows.insert(
        AUDIT,
        {
            "auditid": str(uuid.uuid4()),
            "action": ORGANIZATION_LEVEL if switched else operation,
            "operation": operation,
            "attributemask": ",".join(numbers[property] for property in changed),
            "changedata": json.dumps({"changedAttributes": [_told(property, old, new) for property in changed]}, ensure_ascii=False),
            "createdon": as_text(now),
            "objecttypecode": table.name,
            "_objectid_value": old.get(table.primary_id) or new.get(table.primary_id),
            "_objectid_value@type": table.name,
            "_userid_value": user,
            "_callinguserid_value": None,
            "transactionid": _NO_TRANSACTION,
            # Hidden from the Web API: no columns of these names are described.
            "old values": _values(changed, old),
            "new values": _values(changed, new),
        },
    )


@contextmanager
def recording(rows: Rows, tables: Iterable[Table], *, user: str, now: dt.datetime) -> Iterator[None]:
    """Records whatever happens to the rows of these tables inside; for what the organization does by itself."""
    watched = [table for table in tables if is_audited(rows, table.name)]
    before = {table.name: {str(row[table.primary_id]): row for row in rows.all(table.name)} for table in watched}
    yield
    for table in watched:
        for row in rows.all(table.name):
            record(rows, table, before=before[table.name].get(str(row[table.primary_id])), after=row, user=user, now=now)


def _changed(table: Table, old: Row, new: Row) -> list[str]:
    return [property for property in _numbers(table) if property != table.primary_id and old.get(property) != new.get(property)]


def _numbers(table: Table) -> dict[str, int]:
    """Property -> number of its column, which is its place in the table."""
    return {_property(column): number for number, column in enumerate(table.columns, 1)}


def _property(column: Column) -> str:
    return f"_{column.name}_value" if column.type in ("Lookup", "Owner") else column.name


def _told(property: str, old: Row, new: Row) -> dict[str, str | None]:
    name = property.removeprefix("_").removesuffix("_value") if property.startswith("_") else property
    return {"logicalName": name, "oldValue": _text(property, old), "newValue": _text(property, new)}


def _text(property: str, row: Row) -> str | None:
    value = _cut(row.get(property))
    if value is None or isinstance(value, str):
        target = row.get(f"{property}@type")
        return f"{target},{value}" if value is not None and target else value
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _values(changed: list[str], row: Row) -> Row:
    found: Row = {}
    for property in changed:
        if row.get(property) is None:
            continue
        if f"{property}@type" in row:
            found[f"{property}@Microsoft.Dynamics.CRM.lookuplogicalname"] = row[f"{property}@type"]
        found[property] = _cut(row[property])
    return found


def _cut(value: Any) -> Any:
    return f"{value[:_LIMIT]}…" if isinstance(value, str) and len(value) > _LIMIT else value


def history(rows: Rows, table: str, id: str, property: str | None = None) -> list[Row]:
    """The audit rows of one row, the newest first; with `property`, those that touch it."""
    found = [row for row in rows.all(AUDIT) if row["objecttypecode"] == table and row["_objectid_value"] == id]
    kept = [row for row in found if property is None or property in {**row["old values"], **row["new values"]}]
    return sorted(kept, key=lambda row: (row["createdon"], row["versionnumber"]), reverse=True)


def detail(row: Row, only: str | None = None) -> Mapping[str, Any]:
    """An AttributeAuditDetail. Who and when are not in it: the Web API leaves the audit row out (retrieve-audit-data.md, 06823f98)."""
    kind = f"#Microsoft.Dynamics.CRM.{row['objecttypecode']}"

    def side(values: Row) -> Row:
        return {"@odata.type": kind, **{name: value for name, value in values.items() if only in (None, name.partition("@")[0])}}

    return {
        "@odata.type": "#Microsoft.Dynamics.CRM.AttributeAuditDetail",
        "InvalidNewValueAttributes": [],
        "LocLabelLanguageCode": 0,
        "DeletedAttributes": {"Count": 0, "Keys": [], "Values": []},
        "OldValue": side(row["old values"]),
        "NewValue": side(row["new values"]),
    }
