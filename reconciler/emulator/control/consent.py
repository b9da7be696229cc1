"""Gives and takes back the Microsoft 365 consent of an organization. Writes to the state file."""

from __future__ import annotations

from typing import Any, get_args

from reconciler.emulator.control.instruments import Asked, Instruments, Told
from reconciler.emulator.execution import Consent, Place
from reconciler.emulator.identity.tokens import APPLICATION


def decide(instruments: Instruments, asked: Asked) -> Told:
    """Sets the consent of "organization" to "state"."""
    organization = str(asked.get("organization"))
    state: Any = asked.get("state")
    if state not in get_args(Consent):
        raise ValueError(f"the consent is one of {', '.join(get_args(Consent))}")
    instruments.api.set_consent(Place(organization, "", APPLICATION), state)
    return {"organization": organization, "state": state}
