"""Makes and checks the access tokens of the embedded Dataverse: signed, bound to an audience, limited in time. Touches the wall clock."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from reconciler.emulator.identity.callers import Identity

TENANT_ID = "5f6e2c1a-0d3b-4b7e-9c55-2a8d1e7f4b90"
CLIENT_ID = "c0a80164-7f3d-4f0e-8a6b-1d2e3f405162"
CLIENT_SECRET = "embedded-dataverse-secret"  # noqa: S105 - published on purpose: the secret of an emulator guards nothing
APPLICATION = Identity("rictl", CLIENT_ID)
LIFETIME_SECONDS = 3599


class Tokens:
    """Tokens are JWTs under a key of the state file, so that they outlive a restart."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def issue(self, audience: str, identity: Identity) -> str:
        """A token for one audience that speaks for one identity."""
        now = int(time.time())
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{TENANT_ID}/",
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME_SECONDS,
            "tid": TENANT_ID,
            "name": identity.name,
            "appid": identity.application_id,
        }
        body = f"{_encoded({'alg': 'HS256', 'typ': 'JWT'})}.{_encoded(claims)}"
        return f"{body}.{self._signature(body)}"

    def identity(self, token: str, audiences: frozenset[str]) -> Identity | None:
        """Whom a token speaks for; None when it is garbage, expired or meant for somebody else."""
        body, dot, signature = token.rpartition(".")
        if not dot or not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        claims = _decoded(body.partition(".")[2])
        if claims.get("aud") not in audiences or claims.get("exp", 0) <= time.time():
            return None
        return Identity(str(claims["name"]), claims["appid"])

    def _signature(self, body: str) -> str:
        return _text(hmac.new(self._key, body.encode(), hashlib.sha256).digest())


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a foreign JWT without any check of its signature; empty when it is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = _decoded(parts[1])
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def _encoded(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
