"""Tells and forgets what was asked of the embedded Dataverse. Touches the log."""

from __future__ import annotations

from dataclasses import asdict

from reconciler.emulator.control.instruments import Asked, Instruments, Told


def tell(instruments: Instruments, _asked: Asked) -> Told:
    """{"requests": [...]}, in the order of the answers."""
    return {"requests": [asdict(entry) for entry in instruments.log.entries()]}


def forget(instruments: Instruments, _asked: Asked) -> Told:
    """Empties the log."""
    instruments.log.clear()
    return {"requests": []}
