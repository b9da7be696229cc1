"""Turns switches and the clock into activation statuses. Reads and writes notes through the Rows it is given.

The status is never stored while it moves: it follows from the moment at which the switch was written and the time of the request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Activation
from reconciler.catalog.types import Flag
from reconciler.emulator.context import Row, Rows
from reconciler.emulator.domain import notes
from reconciler.emulator.domain.moments import kept, parsed
from reconciler.emulator.domain.scenario import ActivationBehaviour, Outcome

MIRROR_TABLE = "msdyn_relationshipanalyticsmetadata"
MIRROR_COLUMN = "msdyn_provisioningstatus"
MIRROR_OF = "msdyn_activityanalysisconfig"
MIRROR_OFFSET = 100_000_000
"""The newer table repeats the status of the older one under codes of its own. That it follows at once is an assumption."""

FLAPS = 2
"""How often a feature that flaps falls back before it stays on."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A feature that is activated: where its status is, and the column and codes that turn it on and off."""

    activation: Activation
    column: str
    flag: Flag

    def is_on(self, row: Row) -> bool:
        """Whether the switch stands on in that row."""
        return bool(row.get(self.column) == self.flag.on)


def switches(catalog: Catalog, table: str | None = None) -> Iterator[Switch]:
    """The features with an activation, all or those of one table."""
    for kind in catalog.kinds:
        if kind.activation is None or table not in (None, kind.activation.table):
            continue
        field = kind.field(kind.activation.switch)
        if field.binding is not None and isinstance(field.type, Flag):
            yield Switch(kind.activation, field.binding.column, field.type)


def status(rows: Rows, switch: Switch, id: str, row: Row, now: dt.datetime) -> int:
    """The status of the feature at `now`: what is stored, or where a transition that was started has got to."""
    started = rows.note(notes.transition(switch.activation.table, id))
    if started is None:
        return int(row.get(switch.activation.column) or switch.activation.none)
    behaviour = ActivationBehaviour.model_validate(rows.note(notes.BEHAVIOUR) or {})
    seconds, outcome = behaviour.of(switch.activation.table)
    if started["on"] and (not rows.note(notes.LICENSED) or switch.activation.table in (rows.note(notes.UNAVAILABLE) or ())):
        outcome = "fails"
    elapsed = (now - parsed(started["at"])).total_seconds()
    return _reached(switch.activation, bool(started["on"]), elapsed, seconds, outcome)


def _reached(activation: Activation, on: bool, elapsed: float, seconds: float, outcome: Outcome) -> int:
    moving = activation.activating if on else activation.deactivating
    if elapsed < seconds or outcome == "never":
        return moving
    if outcome == "fails":
        return activation.failed if on else activation.counts_as_on
    if outcome == "flaps" and on and seconds > 0:
        phase = int(elapsed // seconds)
        return moving if phase % 2 == 0 and phase <= 2 * FLAPS else activation.on
    return activation.on if on else activation.off


def start(rows: Rows, catalog: Catalog, table: str, id: str, before: Row, changes: Row, now: dt.datetime) -> None:
    """Starts what a write of a switch starts. A switch that is written as it stands restarts only what had failed."""
    for switch in switches(catalog, table):
        key = notes.transition(table, id)
        if switch.column in changes:
            after = {**before, **changes}
            wanted = switch.is_on(after)
            settled = (switch.activation.on,) if wanted else (switch.activation.off, switch.activation.none)
            moving = switch.activation.activating if wanted else switch.activation.deactivating
            current = status(rows, switch, id, before, now)
            if wanted != switch.is_on(before) or current not in (*settled, moving):
                rows.set_note(key, {"on": wanted, "at": kept(now)})
        elif switch.activation.column in changes:
            rows.set_note(key, None)


def shown(rows: Rows, catalog: Catalog, table: str, row: Row, primary_id: str, now: dt.datetime) -> Row:
    """The statuses of a row as they are at `now`; an empty dict for a row without any."""
    found: Row = {switch.activation.column: status(rows, switch, row[primary_id], row, now) for switch in switches(catalog, table)}
    if table == MIRROR_TABLE:
        found[MIRROR_COLUMN] = _mirrored(rows, catalog, row, now)
    return found


def _mirrored(rows: Rows, catalog: Catalog, row: Row, now: dt.datetime) -> int:
    for switch in switches(catalog, MIRROR_OF):
        for source in rows.all(MIRROR_OF):
            return MIRROR_OFFSET + status(rows, switch, source[f"{MIRROR_OF}id"], source, now)
    return int(row.get(MIRROR_COLUMN) or MIRROR_OFFSET + 1)
