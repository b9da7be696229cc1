"""Turns the audit rows of an organization into what a person reads of them. Reads through the Web API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from reconciler.catalog.book import Catalog
from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.face.clerk import Clerk
from reconciler.emulator.face.words import words_of

_LATEST = "$top=100&$orderby=createdon%20desc"
_TEXT = 200
_FORMATTED = "@OData.Community.Display.V1.FormattedValue"


@dataclass(frozen=True, slots=True)
class Step:
    """One changed column: its setting where the catalogue has one, and the values as the audit tells them, cut to what is readable."""

    setting: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One audit row."""

    when: str
    who: str
    what: str
    table: str
    steps: tuple[Step, ...]


def history_of(clerk: Clerk, catalog: Catalog) -> tuple[Event, ...] | None:
    """The latest changes, the newest first; None where the organization cannot tell any."""
    settings = {
        (field.binding.table, field.binding.column): f"{kind.title}: {words_of(field.name.replace('.', ' – '))}"
        for kind, field in catalog.fields()
        if field.binding is not None
    }
    try:
        rows = clerk.rows("audits", _LATEST)
    except DataverseError:
        return None
    return tuple(event_of(row, settings) for row in rows)


def event_of(row: Row, settings: dict[tuple[str, str], str]) -> Event:
    """What one audit row tells; `settings` has the titles of the settings by table and column."""
    table = str(row.get("objecttypecode") or "")
    return Event(
        when=str(row["createdon"]),
        who=str(row.get(f"_userid_value{_FORMATTED}") or ""),
        what=str(row.get(f"action{_FORMATTED}") or ""),
        table=table,
        steps=tuple(
            Step(settings.get((table, column), ""), column, _cut(change.get("oldValue")), _cut(change.get("newValue")))
            for change in _changes(row.get("changedata"))
            for column in (str(change.get("logicalName") or ""),)
        ),
    )


def _changes(text: object) -> list[dict[str, Any]]:
    try:
        found = json.loads(str(text or "{}"))
    except (ValueError, RecursionError):
        return []
    changes = found.get("changedAttributes") if isinstance(found, dict) else None
    return [change for change in changes if isinstance(change, dict)] if isinstance(changes, list) else []


def _cut(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}…"
