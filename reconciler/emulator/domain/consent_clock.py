"""Turns consent, switches and the clock into the connector's status and the lapse on the 14th day. Reads and writes Rows.

The columns that a lapse touches are an assumption; that it happens on the 14th day is documented (see docs/emulator-domain.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.catalog.book import Catalog
from reconciler.catalog.consent import CONNECTOR_ACTIVE, CONNECTOR_COLUMN, CONNECTOR_TABLE, REVOKED_COLUMN, REVOKED_TABLE, WINDOW_DAYS
from reconciler.catalog.kind import Activation
from reconciler.catalog.types import Flag
from reconciler.emulator.context import Row, Rows
from reconciler.emulator.domain import activation, notes
from reconciler.emulator.domain.identity import stable_id
from reconciler.emulator.domain.moments import as_text, kept, parsed
from reconciler.emulator.domain.scenario import ActivationBehaviour
from reconciler.emulator.domain.scenario_events import ConsentState

SERVICE = "Dynamics 365 Office Data Service"
"""The service account that carries out a lapse."""

CONNECTOR_NONE = 1
CONNECTOR_STARTING = 2
CONNECTOR_FAILED = 4
CONNECTOR_LAPSED = 5
CONNECTOR_STOPPED = 7
CONNECTOR_WITHDRAWN = 402

WINDOW = dt.timedelta(days=WINDOW_DAYS)


@dataclass(frozen=True, slots=True)
class Feature:
    """A setting that needs the consent: where it is, how it is turned off, and the status that goes with it."""

    table: str
    column: str
    flag: Flag
    activation: Activation | None


def features(catalog: Catalog) -> Iterator[Feature]:
    """The settings of the catalogue that need the consent."""
    for kind, field in catalog.fields():
        if field.consent and field.binding is not None and isinstance(field.type, Flag):
            yield Feature(field.binding.table, field.binding.column, field.type, kind.activation)


def begin(rows: Rows, catalog: Catalog, *, consent: ConsentState, now: dt.datetime, turned_on: dt.datetime) -> None:
    """The state of the consent when an organization is filled; the window runs from `turned_on` where something is on."""
    rows.set_note(notes.CONSENT, [[consent, kept(min(now, turned_on))]])
    if any(_is_on(rows, feature) for feature in features(catalog)):
        rows.set_note(notes.WINDOW, kept(turned_on))
    if any(_is_on(rows, feature) for feature in features(catalog) if feature.table == CONNECTOR_TABLE):
        rows.set_note(notes.CONNECTOR_SINCE, kept(turned_on))


def set_consent(rows: Rows, state: ConsentState, now: dt.datetime) -> None:
    """Somebody grants or withdraws the consent at `now`; what is due before that moment must have been settled."""
    rows.set_note(notes.CONSENT, [*(rows.note(notes.CONSENT) or []), [state, kept(now)]])
    withdrawn = state == "withdrawn"
    for row in rows.all(REVOKED_TABLE):
        changes = {REVOKED_COLUMN: withdrawn, "msdyn_consentrevokedtime": as_text(now) if withdrawn else None}
        rows.update(REVOKED_TABLE, row[f"{REVOKED_TABLE}id"], {**changes, **_by_service(rows, now)})


def state_at(rows: Rows, moment: dt.datetime) -> ConsentState:
    """What the consent was at that moment."""
    found: ConsentState = "pending"
    for state, since in rows.note(notes.CONSENT) or []:
        if parsed(since) <= moment:
            found = state
    return found


def note_switches(rows: Rows, catalog: Catalog, table: str, changes: Row, now: dt.datetime) -> None:
    """Starts and ends the window and the connector's run after `changes` to one row, which is not stored yet."""
    before = {feature: _is_on(rows, feature) for feature in features(catalog)}
    after = {
        feature: changes[feature.column] == feature.flag.on if feature.table == table and feature.column in changes else was
        for feature, was in before.items()
    }
    if not any(after.values()):
        rows.set_note(notes.WINDOW, None)
    elif rows.note(notes.WINDOW) is None:
        rows.set_note(notes.WINDOW, kept(now))
    connected = [any(on for feature, on in side.items() if feature.table == CONNECTOR_TABLE) for side in (before, after)]
    if connected[1] and (not connected[0] or rows.note(notes.CONNECTOR_SINCE) is None):
        rows.set_note(notes.CONNECTOR_SINCE, kept(now))
    elif not connected[1]:
        rows.set_note(notes.CONNECTOR_SINCE, None)


def turns_connector_off(catalog: Catalog, table: str, before: Row, changes: Row) -> bool:
    """Whether a write ends the use of Exchange data."""
    return any(
        feature.table == table == CONNECTOR_TABLE
        and before.get(feature.column) == feature.flag.on
        and changes.get(feature.column, feature.flag.on) != feature.flag.on
        for feature in features(catalog)
    )


def lapsed_at(rows: Rows, now: dt.datetime) -> dt.datetime | None:
    """The moment of a lapse that has happened by `now` and is not stored yet."""
    start = rows.note(notes.WINDOW)
    if start is None or rows.note(notes.GENERATION) != "native-exchange":
        return None
    deadline = parsed(start) + WINDOW
    return deadline if deadline <= now and state_at(rows, deadline) != "granted" else None


def lapse(rows: Rows, catalog: Catalog, table: str, row: Row, moment: dt.datetime) -> Row:
    """What a lapse changes in one settings row; an empty dict when nothing in it was on."""
    changes: Row = {}
    for feature in features(catalog):
        if feature.table != table or row.get(feature.column) != feature.flag.on:
            continue
        changes[feature.column] = feature.flag.off
        if feature.activation is not None and feature.activation.table == table:
            changes[feature.activation.column] = feature.activation.off
        if table == CONNECTOR_TABLE:
            changes[CONNECTOR_COLUMN] = CONNECTOR_LAPSED
    return {**changes, **_by_service(rows, moment)} if changes else {}


def settle(rows: Rows, catalog: Catalog, now: dt.datetime) -> None:
    """Stores a lapse that has happened. Relationship analytics stays on, and the selection of roles is left alone."""
    moment = lapsed_at(rows, now)
    if moment is None:
        return
    for table in sorted({feature.table for feature in features(catalog)}):
        for row in rows.all(table):
            changes = lapse(rows, catalog, table, row, moment)
            if changes:
                rows.update(table, row[f"{table}id"], changes)
                if any(switch.column in changes for switch in activation.switches(catalog, table)):
                    rows.set_note(notes.transition(table, row[f"{table}id"]), None)
    rows.set_note(notes.WINDOW, None)
    rows.set_note(notes.CONNECTOR_SINCE, None)


def connector(rows: Rows, catalog: Catalog, row: Row, now: dt.datetime) -> int:
    """The status of the Exchange connector as it is shown in its row."""
    stored = int(row.get(CONNECTOR_COLUMN) or CONNECTOR_NONE)
    since = rows.note(notes.CONNECTOR_SINCE)
    if since is None or rows.note(notes.GENERATION) != "native-exchange":
        return stored
    if not any(switch.is_on(row) for switch in activation.switches(catalog, CONNECTOR_TABLE)):
        return stored
    consent = state_at(rows, now)
    if consent != "granted":
        return CONNECTOR_WITHDRAWN if consent == "withdrawn" else CONNECTOR_STARTING
    granted = max(parsed(moment) for state, moment in rows.note(notes.CONSENT) if state == "granted")
    seconds, _ = ActivationBehaviour.model_validate(rows.note(notes.BEHAVIOUR) or {}).of(CONNECTOR_TABLE)
    elapsed = (now - max(granted, parsed(since))).total_seconds()
    if elapsed < seconds:
        return CONNECTOR_STARTING
    # Exchange data in a region-specific location cannot be used (documented); that the connector then fails is an assumption.
    return CONNECTOR_FAILED if rows.note(notes.DATA_LOCATION) == "region-specific" else CONNECTOR_ACTIVE


def _is_on(rows: Rows, feature: Feature) -> bool:
    return any(row.get(feature.column) == feature.flag.on for row in rows.all(feature.table))


def service_user(rows: Rows) -> str:
    """The id of the service account that carries out a lapse."""
    name = str(rows.note(notes.ORGANIZATION_NAME))
    return stable_id(name, "systemuser", stable_id(name, "application", SERVICE))


def _by_service(rows: Rows, moment: dt.datetime) -> Row:
    return {"modifiedon": as_text(moment), "_modifiedby_value": service_user(rows)}
