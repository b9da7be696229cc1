"""Tells what clients asked for that is not emulated. Touches the log."""

from __future__ import annotations

from reconciler.emulator.control.instruments import Asked, Instruments, Told


def tell(instruments: Instruments, _asked: Asked) -> Told:
    """{"unsupported": [{"what", "count"}, ...]}: the answers with 501 since the log began, the most frequent first."""
    return {"unsupported": [{"what": what, "count": count} for what, count in instruments.log.unsupported()]}
