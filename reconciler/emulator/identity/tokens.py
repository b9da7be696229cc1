"""Makes and checks the access tokens of the embedded Dataverse: signed, bound to an audience, limited in time. Touches the wall clock."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from reconciler.emulator.domain.identity import TENANT_ID, stable_id
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.keys import SigningKey

TENANT_DOMAIN = "contoso.onmicrosoft.com"
CLIENT_ID = "c0a80164-7f3d-4f0e-8a6b-1d2e3f405162"
CLIENT_SECRET = "embedded-dataverse-secret"  # noqa: S105 - published on purpose: the secret of an emulator guards nothing
APPLICATION = Identity("rictl", CLIENT_ID)
LIFETIME_SECONDS = 3599
ISSUER = f"https://sts.windows.net/{TENANT_ID}/"

_ON_DEMAND = "emulator_on_demand"
_MOST_REMEMBERED = 1000


class Tokens:
    """Tokens are JWTs under the key of the state file, so that they outlive a restart. `lifetime` tells for how many seconds."""

    def __init__(self, key: SigningKey, lifetime: Callable[[], int] = lambda: LIFETIME_SECONDS) -> None:
        self.key = key
        self.lifetime = lifetime
        self._verified: dict[str, dict[str, Any]] = {}

    def issue(self, audience: str, identity: Identity, *, client: str = CLIENT_ID, proof: str = "1") -> str:
        """A token for one audience that speaks for one identity.

        client   the application through which a person signs in
        proof    `appidacr` of the token: "0" nothing, "1" a secret, "2" an assertion
        """
        now = int(time.time())
        claims: dict[str, Any] = {
            "aud": audience,
            "iss": ISSUER,
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime(),
            "appid": identity.application_id or client,
            "appidacr": proof,
            "idp": ISSUER,
            "tid": TENANT_ID,
            "uti": uuid.uuid4().hex[:22],
            "ver": "1.0",
            **_about(identity),
        }
        if identity.on_demand:
            claims[_ON_DEMAND] = True
        return self.key.sign(claims)

    def identity(self, token: str, audiences: frozenset[str]) -> Identity | None:
        """Whom a token speaks for; None when it is garbage, expired, not valid yet, of another tenant or meant for somebody else."""
        claims = self._claims(token)
        if claims is None or (claims.get("iss"), claims.get("tid")) != (ISSUER, TENANT_ID):
            return None
        if str(claims.get("aud", "")).rstrip("/") not in audiences or not claims.get("nbf", 0) <= time.time() < claims.get("exp", 0):
            return None
        if claims.get("idtyp") == "user":
            return Identity(str(claims["name"]), None, on_demand=_ON_DEMAND in claims)
        if claims.get("idtyp") == "app":
            id = str(claims["appid"])
            return APPLICATION if id == CLIENT_ID else Identity(id, id, on_demand=_ON_DEMAND in claims)
        return None

    def _claims(self, token: str) -> dict[str, Any] | None:
        # The signature of a token that was seen before is not computed again; its times are checked on every request.
        known = self._verified.get(token)
        if known is not None:
            return known
        claims = self.key.claims(token)
        if claims is not None:
            if len(self._verified) >= _MOST_REMEMBERED:
                self._verified.clear()
            self._verified[token] = claims
        return claims


def object_id(identity: Identity) -> str:
    """The id of a person or of an application's service principal in the directory; users in Dataverse are known by it too."""
    return stable_id("directory", identity.application_id or identity.name)


def principal_name(name: str) -> str:
    """The sign-in name of a person of the tenant: the name itself when it is one, else made from it."""
    return name if "@" in name else f"{'.'.join(name.lower().split())}@{TENANT_DOMAIN}"


def _about(identity: Identity) -> dict[str, Any]:
    object = object_id(identity)
    if identity.application_id is not None:
        return {"idtyp": "app", "oid": object, "sub": object}
    upn = principal_name(identity.name)
    subject = stable_id("subject", identity.name)
    return {
        "idtyp": "user",
        "oid": object,
        "sub": subject,
        "name": identity.name,
        "upn": upn,
        "unique_name": upn,
        "scp": "user_impersonation",
    }
