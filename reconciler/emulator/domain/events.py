"""Turns the events of a scenario into what other people and services do when their moment comes. Reads and writes the Rows it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from reconciler.catalog.table import Column, Table
from reconciler.emulator.context import Context, DataverseError, Row, Rows
from reconciler.emulator.domain import consent_clock, notes
from reconciler.emulator.domain.form_text import check_form
from reconciler.emulator.domain.form_writes import written_form
from reconciler.emulator.domain.moments import as_text, kept, parsed
from reconciler.emulator.domain.planting import Planting
from reconciler.emulator.domain.publishing import merge_drafts
from reconciler.emulator.domain.scenario_events import Event
from reconciler.emulator.domain.scenario_files import ScenarioError, builtin_form, text_of

FORM = "systemform"
_KINDS: dict[str, type | tuple[type, ...]] = {
    "Boolean": bool,
    "Integer": int,
    "Picklist": int,
    "Double": (int, float),
    "Money": (int, float),
}
Write = Callable[[Context, str, Row, Row], None]
"""Stores changes to one row: (context, table, the row before, the changes)."""
Delete = Callable[[Context, str, Row], None]
"""Removes one row: (context, table, the row)."""


def plant_events(planting: Planting) -> None:
    """Keeps what is to happen. ScenarioError for an event that could not happen: no such user, table, column or form."""
    kept_events = []
    for event in sorted(planting.scenario.events, key=lambda event: event.moment(planting.now)):
        text = _checked(planting, event)
        kept_events.append({"moment": kept(event.moment(planting.now)), "event": event.model_dump(mode="json"), "text": text})
    planting.rows.set_note(notes.EVENTS, kept_events)


def next_due(rows: Rows, now: dt.datetime) -> dt.datetime | None:
    """The moment of the earliest event that is due and has not happened."""
    waiting = rows.note(notes.EVENTS)
    moment = parsed(waiting[0]["moment"]) if waiting else None
    return moment if moment is not None and moment <= now else None


def perform(context: Context, write: Write, delete: Delete) -> None:
    """Does the earliest event at the time of the context. What the organization refuses does not happen, as it would not for a person."""
    waiting = context.rows.note(notes.EVENTS)
    context.rows.set_note(notes.EVENTS, waiting[1:])
    event, text = Event.model_validate(waiting[0]["event"]), waiting[0]["text"]
    if event.consent is not None:
        consent_clock.set_consent(context.rows, event.consent, context.now)
        return
    try:
        if event.form is not None:
            _edit(context, event.form.table, event.form.name, text, publish=event.form.publish)
        else:
            _change(context, event, write, delete)
    except DataverseError:
        return


def author(rows: Rows) -> str:
    """The full name of who does the earliest event."""
    return str(rows.note(notes.EVENTS)[0]["event"]["by"])


def _change(context: Context, event: Event, write: Write, delete: Delete) -> None:
    table = str(event.table)
    stamps: Row = {"modifiedon": as_text(context.now), "_modifiedby_value": context.caller["systemuserid"]}
    for row in context.rows.all(table):
        if any(row.get(column) != value for column, value in event.row.items()):
            continue
        if event.delete:
            delete(context, table, row)
        else:
            write(context, table, row, {**(stamps if context.tables[table].audited else {}), **event.values})


def _edit(context: Context, table: str, name: str, text: str, *, publish: bool) -> None:
    for form in context.rows.all(FORM, draft=True):
        if (form.get("objecttypecode"), form.get("name")) != (table, name):
            continue
        stored = written_form(context, form, {"formxml": text})
        if stored:
            context.rows.update(FORM, str(form["formid"]), stored, draft=True)
    if publish:
        merge_drafts(context, {table})


def _checked(planting: Planting, event: Event) -> str | None:
    """The text of a form edit. ScenarioError for an event that could not happen."""
    where = f"Scenario of {planting.organization}: events:"
    if not any(user["fullname"] == event.by for user in planting.rows.all("systemuser")):
        raise ScenarioError(f"{where} there is no user '{event.by}' to do anything.")
    if event.table is not None:
        table = planting.tables.get(event.table)
        if table is None or event.table == FORM:
            raise ScenarioError(f"{where} there is no table '{event.table}' whose rows could change (forms change with `form`).")
        for column, value in (*event.row.items(), *event.values.items()):
            _check_value(where, table, column, value)
    if event.form is None:
        return None
    wanted = (event.form.table, event.form.name)
    if not any((form["objecttypecode"], form["name"]) == wanted for form in planting.rows.all(FORM)):
        raise ScenarioError(f"{where} there is no form '{event.form.name}' of {event.form.table}.")
    text = text_of(planting.folder, event.form.file) if event.form.file else builtin_form(event.form.builtin or "")
    problem = check_form(text, frozenset(row["name"] for row in planting.rows.all("customcontrol")))
    if problem is not None:
        raise ScenarioError(f"{where} form '{event.form.name}' of {event.form.table}: {problem[1]}")
    return text


def _check_value(where: str, table: Table, name: str, value: Any) -> None:
    column = next((column for column in table.columns if name in (column.name, f"_{column.name}_value")), None)
    if column is None:
        raise ScenarioError(f"{where} {table.name} has no column '{name}'.")
    if value is not None and not _fits(column, value):
        raise ScenarioError(f"{where} {table.name}.{name} cannot hold {value!r}.")


def _fits(column: Column, value: Any) -> bool:
    kind = _KINDS.get(column.type, (str, dict))
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return False
    if column.options and column.type != "Boolean":
        return value in {option.value for option in column.options}
    if isinstance(value, (int, float)):
        return (column.minimum is None or value >= column.minimum) and (column.maximum is None or value <= column.maximum)
    return not isinstance(value, str) or column.max_length is None or len(value) <= column.max_length
