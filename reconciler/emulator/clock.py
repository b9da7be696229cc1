"""The virtual clock of the embedded Dataverse: wall time plus an offset that the state file keeps. Touches the wall clock and the file."""

from __future__ import annotations

import datetime as dt
import time

from reconciler.emulator.store import Store

_OFFSET = "clock_offset_seconds"


class VirtualClock:
    """What the domain takes for now. Tokens and certificates stay on wall time: clients check those against their own clocks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> dt.datetime:
        """Virtual time in UTC; another process that moves the clock is seen at once."""
        return dt.datetime.fromtimestamp(time.time() + self._offset(), dt.UTC)

    def advance(self, by: dt.timedelta) -> dt.datetime:
        """Moves the clock and returns the new time."""
        self._store.set_setting(_OFFSET, self._offset() + by.total_seconds())
        return self.now()

    def set(self, to: dt.datetime) -> dt.datetime:
        """Moves the clock to a moment (UTC when it has no zone) and returns it."""
        moment = to if to.tzinfo else to.replace(tzinfo=dt.UTC)
        self._store.set_setting(_OFFSET, moment.timestamp() - time.time())
        return self.now()

    def _offset(self) -> float:
        return float(self._store.setting(_OFFSET) or 0.0)


def wire_time(moment: dt.datetime) -> str:
    """How Dataverse writes a moment: UTC, whole seconds, `Z`."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
