"""Locks the customizations of an organization, as a publish or an import of somebody else does. Writes to the state file."""

from __future__ import annotations

import math

from reconciler.emulator.control.instruments import Asked, Instruments, Told
from reconciler.emulator.execution import Place
from reconciler.emulator.identity.tokens import APPLICATION

OPERATIONS = ("Import", "Publish", "PublishAll", "Uninstall", "EntityCustomization")
_LONGEST = 86_400


def lock(instruments: Instruments, asked: Asked) -> Told:
    """Locks "organization" for "seconds" of the virtual clock, by the "operation" Import unless it says otherwise; 0 seconds unlock."""
    organization, operation, seconds = (
        str(asked.get("organization")),
        asked.get("operation", OPERATIONS[0]),
        float(asked.get("seconds", 60)),
    )
    if operation not in OPERATIONS:
        raise ValueError(f"the operation is one of {', '.join(OPERATIONS)}")
    if not math.isfinite(seconds) or not 0 <= seconds <= _LONGEST:
        raise ValueError(f"a lock lasts from 0 to {_LONGEST} seconds")
    instruments.api.lock(Place(organization, "", APPLICATION), operation, seconds)
    return {"organization": organization, "operation": operation, "seconds": seconds}
