"""Forgets what one organization holds, or all of them. Writes to the state file."""

from __future__ import annotations

from reconciler.emulator.control.instruments import Asked, Instruments, Told


def reset(instruments: Instruments, asked: Asked) -> Told:
    """Resets "organization", or every one without it; tells which still hold something. Faults, snapshots and the clock stay."""
    instruments.store.reset(asked.get("organization"))
    instruments.accounts.forget(asked.get("organization"))
    return {"organizations": instruments.store.organizations()}
