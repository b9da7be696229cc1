"""Plays the places where programs without a secret get their tokens: managed identities, and the issuers of CI systems. Writes nothing.

An App Service, the instance metadata service (IMDS), GitHub Actions and Azure Pipelines, each with the address and the headers that its
own clients send. The tokens of the last two are assertions for Entra ID, under the issuer that is described here too.
"""

from __future__ import annotations

import hmac
import time
import uuid
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from reconciler.emulator.identity.directory import EXCHANGE_AUDIENCE, WORKLOAD_SUBJECT
from reconciler.emulator.identity.tokens import APPLICATION, CLIENT_ID, Tokens
from reconciler.emulator.messages import Answer

PLACE = "/_identity/"
IDENTITY_HEADER = "embedded-dataverse-identity"
"""What IDENTITY_HEADER, ACTIONS_ID_TOKEN_REQUEST_TOKEN and SYSTEM_ACCESSTOKEN hold. It guards nothing."""

_ISSUER = "issuer"
_ASSERTION_SECONDS = 600


def issuer_of(root: str) -> str:
    """The address of the emulator's own issuer."""
    return f"{root}{PLACE}{_ISSUER}"


def variables(root: str) -> dict[str, dict[str, str]]:
    """Environment variables that lead clients here, by the place that is played."""
    place = f"{root}{PLACE}"
    return {
        "app-service": {"IDENTITY_ENDPOINT": f"{place}app-service/token", "IDENTITY_HEADER": IDENTITY_HEADER},
        "imds": {"AZURE_POD_IDENTITY_AUTHORITY_HOST": f"{place}imds"},
        "github": {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{place}github/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": IDENTITY_HEADER,
        },
        "azure-pipelines": {"SYSTEM_OIDCREQUESTURI": f"{place}azure-pipelines/token", "SYSTEM_ACCESSTOKEN": IDENTITY_HEADER},
    }


class Workloads:
    """`root` is the address of the Web API's listener."""

    def __init__(self, root: str, tokens: Tokens) -> None:
        self._issuer = issuer_of(root)
        self._tokens = tokens

    def answer(self, method: str, path: str, query: str, headers: Mapping[str, str]) -> Answer:
        """The answer to one request; `path` is what stands behind /_identity/, header names are lower case."""
        try:
            asked = dict(parse_qsl(query, max_num_fields=50))
        except ValueError:
            return _refused(400, "The query has too many parts.")
        match method, path:
            case "GET", "app-service/token":
                return self._app_service(asked, headers)
            case "GET", "imds/metadata/identity/oauth2/token":
                return self._instance_metadata(asked, headers)
            case "GET", "github/token":
                return self._workload(asked, headers, "value")
            case "POST", "azure-pipelines/token":
                return self._workload(asked, headers, "oidcToken")
            case "GET", "issuer/.well-known/openid-configuration":
                keys = f"{self._issuer}/keys"
                return Answer(200, {"issuer": self._issuer, "jwks_uri": keys, "id_token_signing_alg_values_supported": ["RS256"]})
            case "GET", "issuer/keys":
                return Answer(200, {"keys": [self._tokens.key.described(self._issuer)]})
        return _refused(404, "There is no such place.")

    def _app_service(self, asked: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        if not _is_secret(headers.get("x-identity-header", "")):
            return _refused(401, "The header X-IDENTITY-HEADER is not the value of IDENTITY_HEADER.")
        return self._managed(asked)

    def _instance_metadata(self, asked: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        if headers.get("metadata", "").lower() != "true":
            return _refused(400, "Required metadata header not specified")
        return self._managed(asked)

    def _managed(self, asked: Mapping[str, str]) -> Answer:
        if asked.get("client_id", CLIENT_ID).lower() != CLIENT_ID:
            return _refused(400, "Identity not found")
        resource = asked.get("resource", "")
        try:
            host = urlsplit(resource).hostname
        except ValueError:
            host = None
        if host not in ("127.0.0.1", "localhost"):
            error = f"AADSTS500011: The resource principal named {resource[:200]} was not found in the tenant."
            return Answer(400, {"error": "invalid_resource", "error_description": error})
        lasts = self._tokens.lifetime()
        told = {
            "access_token": self._tokens.issue(resource, APPLICATION, proof="2"),
            "client_id": CLIENT_ID,
            "expires_in": str(lasts),
            "expires_on": str(int(time.time()) + lasts),
            "resource": resource,
            "token_type": "Bearer",
        }
        return Answer(200, dict(told))

    def _workload(self, asked: Mapping[str, str], headers: Mapping[str, str], member: str) -> Answer:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not _is_secret(token):
            return _refused(401, "The bearer token is not the one that the job was given.")
        now = int(time.time())
        assertion = self._tokens.key.sign(
            {
                "iss": self._issuer,
                "sub": asked.get("subject", WORKLOAD_SUBJECT),
                "aud": asked.get("audience", EXCHANGE_AUDIENCE),
                "iat": now,
                "nbf": now,
                "exp": now + _ASSERTION_SECONDS,
                "jti": str(uuid.uuid4()),
            }
        )
        return Answer(200, {member: assertion})


def _is_secret(given: str) -> bool:
    return hmac.compare_digest(given.strip().encode(), IDENTITY_HEADER.encode())


def _refused(status: int, text: str) -> Answer:
    return Answer(status, {"error": "invalid_request", "error_description": text})
