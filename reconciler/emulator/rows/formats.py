"""Turns stored values into the formatted values that people see. Pure."""

from __future__ import annotations

from typing import Any

from reconciler.catalog.table import Column
from reconciler.catalog.tables.labels import in_language
from reconciler.emulator.context import Row
from reconciler.emulator.metadata.shapes import LOOKUPS
from reconciler.emulator.query.comparing import moment
from reconciler.emulator.session import Session

FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOGICAL_NAME = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"


def annotations_of(session: Session, column: Column, property: str, row: Row) -> dict[str, Any]:
    """The annotations of one property that the request asked for; none for null. They stand before the property."""
    value = row.get(property)
    if value is None:
        return {}
    found: dict[str, Any] = {}
    wants = session.preferences.wants
    if column.type in LOOKUPS:
        target = target_of(column, property, row)
        if wants(NAVIGATION) and target in column.targets:
            found[f"{property}@{NAVIGATION}"] = column.name if column.type == "Owner" else column.navigation_to(target)
        if wants(LOGICAL_NAME):
            found[f"{property}@{LOGICAL_NAME}"] = target
        text = name_of(session, target, str(value))
    else:
        text = formatted_text(column, value, session.language)
    if text is not None and wants(FORMATTED):
        found[f"{property}@{FORMATTED}"] = text
    return found


def target_of(column: Column, property: str, row: Row) -> str:
    """The table that a lookup's value points to."""
    return str(row.get(f"{property}@type") or column.targets[0])


def name_of(session: Session, table: str, id: str) -> str | None:
    """The primary name of a row; None where there is no row or no name."""
    shape = session.model.shapes.get(table)
    if shape is None or shape.table.primary_name is None:
        return None
    # Who may read a row sees the names of what it points to, whether or not those rows may be read.
    row = session.rows.get(table, id.lower())
    return None if row is None else row.get(shape.table.primary_name)


def formatted_text(column: Column, value: Any, language: int) -> str | None:
    """What people see of a value that is no lookup, in that language; None where they see the value itself."""
    if column.type == "Boolean":
        return in_language("Yes" if value else "No", language)
    if column.type in ("Picklist", "State", "Status"):
        return next((in_language(option.label, language) for option in column.options if option.value == value), None)
    if column.type in ("Integer", "BigInt") and isinstance(value, int):
        return f"{value:,}"
    if column.type in ("Double", "Money") and isinstance(value, (int, float)):
        return f"{value:,.2f}"
    if column.type == "DateTime":
        time = moment(value)
        return f"{time.month}/{time.day}/{time.year} {time.hour % 12 or 12}:{time:%M %p}" if hasattr(time, "hour") else None
    return None
