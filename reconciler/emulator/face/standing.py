"""Turns the notes of an organization into the standing of its Microsoft 365 consent. Reads Rows."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from reconciler.emulator.context import Rows
from reconciler.emulator.domain import consent_clock, notes
from reconciler.emulator.domain.moments import parsed
from reconciler.emulator.domain.scenario_events import ConsentState

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Standing:
    """`native`: the generation of the service that needs a consent. `missing`: something that needs it is on without it.

    `deadline` is set while the window of a missing consent runs, with the days left until then.
    """

    native: bool
    state: ConsentState
    missing: bool
    deadline: dt.datetime | None
    days_left: int


def standing_of(rows: Rows, now: dt.datetime) -> Standing:
    """The consent of one organization at `now`; days that have begun count."""
    native = rows.note(notes.GENERATION) == "native-exchange"
    state = consent_clock.state_at(rows, now)
    start = rows.note(notes.WINDOW)
    if not native or start is None or state == "granted":
        return Standing(native, state, False, None, 0)
    deadline = parsed(start) + consent_clock.WINDOW
    if deadline <= now:
        # It was given in time and taken back afterwards: the window is over, and nothing lapses any more.
        return Standing(native, state, True, None, 0)
    return Standing(native, state, True, deadline, math.ceil((deadline - now).total_seconds() / _DAY))
