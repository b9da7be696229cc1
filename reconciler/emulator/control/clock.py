"""Tells and moves the virtual clock. Writes to the state file."""

from __future__ import annotations

import datetime as dt

from reconciler.emulator.control.instruments import Asked, Instruments, Told
from reconciler.emulator.storage.clock import wire_time


def tell(instruments: Instruments, _asked: Asked) -> Told:
    """{"now": moment}."""
    return {"now": wire_time(instruments.clock.now())}


def move(instruments: Instruments, asked: Asked) -> Told:
    """Moves the clock to "set" (a moment) or on by "advance_seconds", and tells the new time."""
    return {"now": wire_time(_moved(instruments, asked))}


def _moved(instruments: Instruments, asked: Asked) -> dt.datetime:
    if "set" in asked:
        return instruments.clock.set(dt.datetime.fromisoformat(str(asked["set"])))
    if "advance_seconds" in asked:
        return instruments.clock.advance(dt.timedelta(seconds=float(asked["advance_seconds"])))
    raise ValueError('the clock is moved by {"set": "2026-11-23T10:00:00Z"} or {"advance_seconds": 86400}')
