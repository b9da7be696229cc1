"""Remembers who began to sign in with a device code, and what the person at the other device decided. Touches chance."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from reconciler.emulator.identity.entra.refusals import Refusal, bad_grant

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_MOST_PENDING = 1000


@dataclass(slots=True)
class Attempt:
    """One sign-in. `user` is set by an approval; `asked` is the moment of the last poll."""

    user_code: str
    client: str
    scope: str
    ends: float
    interval: int
    user: str | None = None
    is_declined: bool = False
    asked: float | None = None


class Devices:
    """The sign-ins of one running emulator; they end with it."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt] = {}

    def begin(self, client: str, scope: str, *, ends: float, interval: int) -> tuple[str, Attempt]:
        """A new device code and its attempt. The oldest attempt is forgotten when there are too many."""
        if len(self._attempts) >= _MOST_PENDING:
            del self._attempts[next(iter(self._attempts))]
        code = secrets.token_urlsafe(64)
        attempt = Attempt("".join(secrets.choice(_LETTERS) for _ in range(9)), client, scope, ends, interval)
        self._attempts[code] = attempt
        return code, attempt

    def decide(self, user_code: str, user: str | None) -> bool:
        """What the person did: signed in as `user`, or (None) declined. False when nobody waits for that code."""
        for attempt in self._attempts.values():
            if attempt.user_code == user_code.strip().upper():
                attempt.user, attempt.is_declined = user, user is None
                return True
        return False

    def poll(self, device_code: str, client: str, now: float) -> Attempt:
        """The approved attempt, which ends by that. Refuses while there is no approval, and when there will be none."""
        attempt = self._attempts.get(device_code)
        if attempt is None or attempt.client != client:
            raise bad_grant(70018, "Invalid verification code due to User typing in wrong user code.", error="bad_verification_code")
        if now >= attempt.ends:
            raise self._ended(device_code, 70020, "expired_token", "The device code has expired. Start the sign-in again.")
        if attempt.is_declined:
            raise self._ended(device_code, 70017, "authorization_declined", "The end user has denied the authorization request.")
        hasty = attempt.asked is not None and now - attempt.asked < attempt.interval
        attempt.asked = now
        if attempt.user is None:
            if hasty:
                raise bad_grant(70016, f"The client polls faster than every {attempt.interval} seconds.", error="slow_down")
            text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
            raise bad_grant(70016, text, error="authorization_pending")
        del self._attempts[device_code]
        return attempt

    def _ended(self, device_code: str, code: int, error: str, text: str) -> Refusal:
        del self._attempts[device_code]
        return bad_grant(code, text, error=error)
