"""What the handlers of control requests work with. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.faults.shelf import FaultShelf
from reconciler.emulator.identity.directory import Directory
from reconciler.emulator.identity.entra.devices import Devices
from reconciler.emulator.identity.tokens import Tokens
from reconciler.emulator.protection.accounts import Accounts
from reconciler.emulator.serving.request_log import RequestLog
from reconciler.emulator.storage.clock import VirtualClock
from reconciler.emulator.storage.store import Store
from reconciler.emulator.web_api import WebApi

Asked = dict[str, Any]
"""The JSON object of a control request; empty when it has no body."""
Told = dict[str, Any]
"""The JSON object that answers it, with 200."""


@dataclass(frozen=True, slots=True)
class Instruments:
    """The insides of one running embedded Dataverse. `audience` is the root of its address."""

    store: Store
    clock: VirtualClock
    api: WebApi
    tokens: Tokens
    log: RequestLog
    audience: str
    directory: Directory
    devices: Devices
    faults: FaultShelf
    accounts: Accounts


Handler = Callable[[Instruments, Asked], Told]
"""Answers one control request. ValueError, TypeError or DataverseError with a text for people refuses it (400)."""


def organization_or_none(asked: Asked) -> str | None:
    """The organization that a request is about, None for all of them. ValueError for what is no name."""
    name = asked.get("organization")
    if name is not None and not isinstance(name, str):
        raise ValueError('"organization" is the name of one')
    return name
