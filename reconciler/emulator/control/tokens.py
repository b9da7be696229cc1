"""Issues tokens without a sign-in. Touches the wall clock."""

from __future__ import annotations

from reconciler.emulator.control.instruments import Asked, Instruments, Told
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.tokens import APPLICATION


def issue(instruments: Instruments, asked: Asked) -> Told:
    """A token for the person "user", or for the application without it."""
    user = asked.get("user")
    identity = Identity(str(user), None) if user else APPLICATION
    return {"access_token": instruments.tokens.issue(instruments.audience, identity), "token_type": "Bearer"}
