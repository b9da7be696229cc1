"""The virtual clock of the embedded Dataverse: wall time plus an offset that the state file keeps. Touches the wall clock and the file."""

from __future__ import annotations

import datetime as dt
import time

from reconciler.emulator.storage.store import Store

_OFFSET = "clock_offset_seconds"
_LAST_YEAR = 2999

BEGINNING = "beginning"
"""Note of an organization: the moment at which it was made."""


class VirtualClock:
    """What the domain takes for now. Tokens and certificates stay on wall time: clients check those against their own clocks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> dt.datetime:
        """Virtual time in UTC; another process that moves the clock is seen at once."""
        return dt.datetime.fromtimestamp(time.time() + self._offset(), dt.UTC)

    def advance(self, by: dt.timedelta) -> dt.datetime:
        """Moves the clock and returns the new time. Raises ValueError as `set`."""
        with self._store.changing_settings():
            self._refuse_beyond_its_range(self.now() + by)
            self._store.set_setting(_OFFSET, self._offset() + by.total_seconds())
        return self.now()

    def set(self, to: dt.datetime) -> dt.datetime:
        """Moves the clock to a moment (UTC when it has no zone) and returns it.

        Raises ValueError for a moment before the first organization was made, for nothing of what is stored there had happened by then,
        and for one after the year 2999.
        """
        moment = to if to.tzinfo else to.replace(tzinfo=dt.UTC)
        self._refuse_beyond_its_range(moment)
        self._store.set_setting(_OFFSET, moment.timestamp() - time.time())
        return self.now()

    def _refuse_beyond_its_range(self, moment: dt.datetime) -> None:
        if moment.year > _LAST_YEAR:
            # Once stored, a moment near the end of the calendar would make every later request fail.
            raise ValueError(f"{wire_time(moment)} is after the year {_LAST_YEAR}; choose an earlier moment")
        beginnings = [dt.datetime.fromisoformat(text) for text in self._store.notes(BEGINNING)]
        if beginnings and moment < min(beginnings).replace(microsecond=0):
            first = wire_time(min(beginnings))
            said = f"{wire_time(moment)} is before the first organization was made ({first})"
            raise ValueError(f"{said}; choose a later moment, or begin anew with another state file")

    def _offset(self) -> float:
        return float(self._store.setting(_OFFSET) or 0.0)


def wire_time(moment: dt.datetime) -> str:
    """How Dataverse writes a moment: UTC, whole seconds, `Z`."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
