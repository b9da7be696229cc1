"""Makes what a person who signed in gets: access, refresh and id token, and the account that MSAL keeps. Touches the wall clock."""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.domain.identity import TENANT_ID, stable_id
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.directory import Directory
from reconciler.emulator.identity.entra.refusals import bad_grant
from reconciler.emulator.identity.tokens import Tokens, object_id, principal_name

_REFRESH_SECONDS = 90 * 86_400
_PURPOSE = "refresh"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks for on behalf of a person. `wants_account`: the form said client_info=1."""

    client: str
    scope: str
    resource: str
    wants_account: bool


class Sessions:
    """Refresh tokens say everything themselves, as long-lived JWTs that clients cannot read anything from but the emulator can."""

    def __init__(self, authority: str, tokens: Tokens, directory: Directory) -> None:
        self._issuer = f"{authority}/{TENANT_ID}/v2.0"
        self._tokens = tokens
        self._directory = directory

    def opened(self, user: str, wish: Wish) -> dict[str, Any]:
        """The successful answer of the token endpoint for a person."""
        person = Identity(user, None, on_demand=False)
        lasts = self._tokens.lifetime()
        access = self._tokens.issue(wish.resource, person, client=wish.client, proof="0")
        told: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": f"{wish.resource}/user_impersonation {wish.resource}/.default",
            "expires_in": lasts,
            "ext_expires_in": lasts,
            "access_token": access,
        }
        asked = wish.scope.split()
        if "offline_access" in asked:
            told["refresh_token"] = self._refresh_token(user, wish.client)
        if "openid" in asked:
            told["id_token"] = self._id_token(person, wish.client, lasts)
        if wish.wants_account:
            account = {"uid": object_id(person), "utid": TENANT_ID}
            told["client_info"] = base64.urlsafe_b64encode(json.dumps(account).encode()).rstrip(b"=").decode()
        return told

    def user_of(self, refresh_token: str, client: str) -> str:
        """Whose refresh token this is. Refuses one of another client, one that is too old and one that was revoked."""
        claims = self._tokens.key.claims(refresh_token) or {}
        if (claims.get("purpose"), claims.get("client")) != (_PURPOSE, client):
            raise bad_grant(70000, "Provided grant is invalid or malformed.")
        if claims["exp"] <= time.time():
            raise bad_grant(700082, "The refresh token has expired due to inactivity.")
        user = str(claims["user"])
        if claims["made"] <= self._directory.revoked_until(user):
            raise bad_grant(50173, "The provided grant has expired due to it being revoked, a fresh auth token is needed.")
        return user

    def _refresh_token(self, user: str, client: str) -> str:
        now = time.time()
        claims = {
            "purpose": _PURPOSE,
            "user": user,
            "client": client,
            "made": now,
            "exp": int(now) + _REFRESH_SECONDS,
            "id": uuid.uuid4().hex,
        }
        return self._tokens.key.sign(claims)

    def _id_token(self, person: Identity, client: str, lasts: int) -> str:
        now = int(time.time())
        return self._tokens.key.sign(
            {
                "aud": client,
                "iss": self._issuer,
                "iat": now,
                "nbf": now,
                "exp": now + lasts,
                "name": person.name,
                "oid": object_id(person),
                "preferred_username": principal_name(person.name),
                "sub": stable_id("subject", person.name, client),
                "tid": TENANT_ID,
                "ver": "2.0",
            }
        )
