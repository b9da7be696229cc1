"""Answers for the embedded Entra ID: configuration of one tenant, and tokens for its one application. Touches the wall clock."""

from __future__ import annotations

import datetime as dt
import hmac
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from reconciler.emulator.identity.tokens import APPLICATION, CLIENT_ID, CLIENT_SECRET, LIFETIME_SECONDS, TENANT_ID, Tokens, claims_of
from reconciler.emulator.messages import Answer

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FEDERATED = "api://AzureADTokenExchange"


class EntraId:
    """One tenant with one application. `authority` is https://127.0.0.1:PORT."""

    def __init__(self, authority: str, tokens: Tokens) -> None:
        self.authority = authority
        self._tokens = tokens

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The answer to one request; paths are those of login.microsoftonline.com."""
        if method == "GET" and path == "/common/discovery/instance":
            return Answer(200, self._discovery())
        tenant, _, rest = path.lstrip("/").partition("/")
        if rest not in ("v2.0/.well-known/openid-configuration", "oauth2/v2.0/token", "oauth2/v2.0/devicecode"):
            return Answer(404, {"error": "not_found", "error_description": "The embedded Entra ID does not have this address."})
        if tenant != TENANT_ID:
            return _refusal(400, "invalid_request", 90002, f"Tenant '{tenant[:80]}' not found.")
        if method == "GET" and rest.startswith("v2.0/"):
            return Answer(200, self._configuration())
        if method == "POST" and rest == "oauth2/v2.0/token":
            return self._token(dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=50)))
        return Answer(501, {"error": "not_supported", "error_description": f"The embedded Entra ID does not support {method} {rest}."})

    def _discovery(self) -> dict[str, Any]:
        where = f"{self.authority}/{TENANT_ID}/v2.0/.well-known/openid-configuration"
        return {"tenant_discovery_endpoint": where, "api-version": "1.1", "metadata": []}

    def _configuration(self) -> dict[str, Any]:
        tenant = f"{self.authority}/{TENANT_ID}"
        return {
            "issuer": f"{tenant}/v2.0",
            "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
            "token_endpoint": f"{tenant}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{tenant}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{tenant}/discovery/v2.0/keys",
            "response_types_supported": ["code", "id_token", "token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        }

    def _token(self, form: Mapping[str, str]) -> Answer:
        if form.get("grant_type") != "client_credentials":
            return _refusal(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
        client = form.get("client_id", "")
        if client != CLIENT_ID:
            return _refusal(
                400, "unauthorized_client", 700016, f"Application with identifier '{client[:80]}' was not found in the directory."
            )
        refused = self._credential_refused(form)
        if refused is not None:
            return refused
        resource = form.get("scope", "").removesuffix("/.default").rstrip("/")
        if urlsplit(resource).hostname not in ("127.0.0.1", "localhost"):
            return _refusal(400, "invalid_resource", 500011, f"The resource principal named {resource[:200]} was not found in the tenant.")
        token = self._tokens.issue(resource, APPLICATION)
        lasts = {"expires_in": LIFETIME_SECONDS, "ext_expires_in": LIFETIME_SECONDS}
        return Answer(200, {"token_type": "Bearer", **lasts, "access_token": token})

    def _credential_refused(self, form: Mapping[str, str]) -> Answer | None:
        if form.get("client_assertion_type") == _ASSERTION:
            if self._is_good_assertion(claims_of(form.get("client_assertion", ""))):
                return None
            return _refusal(401, "invalid_client", 700027, "The client assertion failed: its claims do not fit or it expired.")
        if hmac.compare_digest(form.get("client_secret", "").encode(), CLIENT_SECRET.encode()):
            return None
        return _refusal(
            401,
            "invalid_client",
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the "
            f"client secret ID, for a secret added to app '{CLIENT_ID}'.",
        )

    def _is_good_assertion(self, claims: Mapping[str, Any]) -> bool:
        # Claims only: the embedded tenant registers neither certificates nor foreign issuers that a signature could be checked against.
        if not isinstance(claims.get("exp"), (int, float)) or claims["exp"] <= time.time():
            return False
        issuer, subject, audience = (claims.get(name) for name in ("iss", "sub", "aud"))
        if audience in (_FEDERATED, [_FEDERATED]):
            return bool(issuer) and bool(subject)
        return (issuer, subject, audience) == (CLIENT_ID, CLIENT_ID, f"{self.authority}/{TENANT_ID}/oauth2/v2.0/token")


def _refusal(status: int, error: str, code: int, message: str) -> Answer:
    now, trace, correlation = dt.datetime.now(dt.UTC), str(uuid.uuid4()), str(uuid.uuid4())
    stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
    return Answer(
        status,
        {
            "error": error,
            "error_description": f"AADSTS{code}: {message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={code}",
        },
    )
