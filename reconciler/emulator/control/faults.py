"""Lists, adds and clears faults. Writes to the state file."""

from __future__ import annotations

from reconciler.emulator.control.instruments import Asked, Instruments, Told
from reconciler.emulator.faults.fault import fault_of


def tell(instruments: Instruments, _asked: Asked) -> Told:
    """{"faults": [...]}: those that are due, the oldest first."""
    return {"faults": [fault.model_dump(mode="json", exclude_none=True) for fault in instruments.faults.all()]}


def add(instruments: Instruments, asked: Asked) -> Told:
    """Adds one fault, with the fields of `Fault`, and tells it with its id."""
    fault = fault_of(asked)
    if fault.organization is not None:
        instruments.api.check_organization(fault.organization)
    return instruments.faults.add(fault).model_dump(mode="json", exclude_none=True)


def clear(instruments: Instruments, asked: Asked) -> Told:
    """Removes the fault "id", or every one without it, and tells how many."""
    return {"cleared": instruments.faults.clear(asked.get("id"))}
