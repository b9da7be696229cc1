"""Keeps organizations under a name and puts them back. Writes to the state file."""

from __future__ import annotations

from reconciler.emulator.control.instruments import Asked, Instruments, Told, organization_or_none


def tell(instruments: Instruments, _asked: Asked) -> Told:
    """{"snapshots": {name: [organization, ...]}}."""
    return {"snapshots": instruments.store.snapshots()}


def keep(instruments: Instruments, asked: Asked) -> Told:
    """Keeps "organization", or every one, as "name"."""
    return {"organizations": instruments.store.keep_snapshot(_text(asked, "name"), organization_or_none(asked))}


def restore(instruments: Instruments, asked: Asked) -> Told:
    """Puts "organization", or all that the snapshot "name" holds, back as it was. The clock goes on."""
    restored = instruments.store.restore_snapshot(_text(asked, "name"), organization_or_none(asked))
    instruments.api.forget_callers()
    return {"organizations": restored}


def _text(asked: Asked, key: str) -> str:
    value = asked.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= 80:
        raise ValueError(f'"{key}" is a text of 1 to 80 characters')
    return value
