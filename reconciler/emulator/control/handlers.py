"""The table of control requests: method and name below /_emulator/v1/, and what answers it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.emulator.control import clock, consent, requests, reset, tokens
from reconciler.emulator.control.instruments import Handler

HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "clock"): clock.tell,
    ("POST", "clock"): clock.move,
    ("POST", "consent"): consent.decide,
    ("GET", "requests"): requests.tell,
    ("DELETE", "requests"): requests.forget,
    ("POST", "reset"): reset.reset,
    ("POST", "token"): tokens.issue,
}
