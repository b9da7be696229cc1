"""Forgets what one organization holds, or all of them. Writes to the state file."""

from __future__ import annotations

from reconciler.emulator.control.instruments import Asked, Instruments, Told, organization_or_none


def reset(instruments: Instruments, asked: Asked) -> Told:
    """Resets "organization", or every one without it; tells which still hold something. Faults, snapshots and the clock stay."""
    organization = organization_or_none(asked)
    instruments.store.reset(organization)
    instruments.accounts.forget(organization)
    return {"organizations": instruments.store.organizations()}
