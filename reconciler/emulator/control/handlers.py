"""The table of control requests: method and name below /_emulator/v1/, and what answers it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.emulator.control import clock, consent, drift, faults, lock, requests, reset, sign_in, snapshots, tokens, unsupported
from reconciler.emulator.control.instruments import Handler

HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "clock"): clock.tell,
    ("POST", "clock"): clock.move,
    ("POST", "consent"): consent.decide,
    ("POST", "drift"): drift.change,
    ("GET", "requests"): requests.tell,
    ("DELETE", "requests"): requests.forget,
    ("POST", "reset"): reset.reset,
    ("GET", "faults"): faults.tell,
    ("POST", "faults"): faults.add,
    ("DELETE", "faults"): faults.clear,
    ("POST", "lock"): lock.lock,
    ("GET", "snapshots"): snapshots.tell,
    ("POST", "snapshot"): snapshots.keep,
    ("POST", "restore"): snapshots.restore,
    ("GET", "unsupported"): unsupported.tell,
    ("POST", "applications"): sign_in.register,
    ("POST", "certificates"): sign_in.certificate,
    ("POST", "device"): sign_in.device,
    ("POST", "federated-credentials"): sign_in.federation,
    ("GET", "sign-in"): sign_in.tell,
    ("POST", "sign-in"): sign_in.rule,
    ("POST", "token"): tokens.issue,
}
