"""Every refusal of the embedded Entra ID: its AADSTS number, OAuth error and text. Touches the wall clock (refusals carry their moment).

Numbers: learn.microsoft.com/entra/identity-platform/reference-error-codes. Texts and OAuth errors: public reports of the service's answers.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from reconciler.emulator.domain.identity import TENANT_ID
from reconciler.emulator.messages import Answer

_FEDERATION_PAGE = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
_CERTIFICATE_PAGE = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials"


class Refusal(Exception):
    """What ends a request for a token; `answer` is what the client gets."""

    def __init__(self, status: int, error: str, code: int, message: str, **more: str) -> None:
        super().__init__(message)
        self._head = (status, error, code, message)
        self._more = more

    @property
    def answer(self) -> Answer:
        """The refusal as the service words it."""
        status, error, code, message = self._head
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        stamp = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        body: dict[str, Any] = {
            "error": error,
            "error_description": f"AADSTS{code}: {message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={code}",
            **self._more,
        }
        return Answer(status, body)


def missing_parameter(name: str) -> Refusal:
    """A parameter that every request needs."""
    return Refusal(400, "invalid_request", 900144, f"The request body must contain the following parameter: '{name}'.")


def unknown_tenant(name: str) -> Refusal:
    """A tenant that is not the embedded one."""
    return Refusal(
        400,
        "invalid_request",
        90002,
        f"Tenant '{name[:80]}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check "
        "with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    )


def no_tenant() -> Refusal:
    """An application that signs in for itself without saying in which tenant."""
    return Refusal(
        400,
        "invalid_request",
        50059,
        "No tenant-identifying information found in either the request or implied by any provided credentials.",
    )


def unsupported_grant(name: str) -> Refusal:
    """A grant type that nobody knows."""
    return Refusal(400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{name[:80]}'.")


def unknown_application(id: str) -> Refusal:
    """An application that is not registered."""
    return Refusal(
        400,
        "unauthorized_client",
        700016,
        f"Application with identifier '{id[:80]}' was not found in the directory '{TENANT_ID}'. This can happen if the application has not "
        "been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your "
        "authentication request to the wrong tenant.",
    )


def unknown_resource(name: str) -> Refusal:
    """A resource that is not the embedded Dataverse."""
    return Refusal(
        400,
        "invalid_resource",
        500011,
        f"The resource principal named {name[:200]} was not found in the tenant named {TENANT_ID}. This can happen if the application has "
        "not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your "
        "authentication request to the wrong tenant.",
    )


def bad_scope(scope: str) -> Refusal:
    """An application that asks for single permissions."""
    return Refusal(
        400,
        "invalid_scope",
        1002012,
        f"The provided value for scope {scope[:200]} is not valid. Client credential flows must have a scope value with /.default suffixed "
        "to the resource identifier (application ID URI).",
    )


def wrong_secret(application: str) -> Refusal:
    """A secret that the application does not have."""
    return Refusal(
        401,
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret "
        f"ID, for a secret added to app '{application}'.",
    )


def expired_secret(application: str) -> Refusal:
    """A secret that the application had."""
    return Refusal(
        401,
        "invalid_client",
        7000222,
        f"The provided client secret keys for app '{application}' are expired. Visit the Azure portal to create new keys for your app: "
        "https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
    )


def no_proof() -> Refusal:
    """Neither a secret nor an assertion."""
    return Refusal(
        401,
        "invalid_client",
        7000218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    )


def malformed_assertion(reason: str) -> Refusal:
    """An assertion that is no JWT of a kind that is accepted."""
    return Refusal(401, "invalid_client", 50027, f"JWT token is invalid or malformed. {reason}")


def unregistered_certificate(application: str, thumbprint: str) -> Refusal:
    """An assertion under a certificate that the application does not have."""
    return Refusal(
        401,
        "invalid_client",
        700027,
        "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not "
        f"found., Thumbprint of key used by client: '{thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph "
        f"to see configured keys for app Id '{application}'.]",
    )


def bad_signature(thumbprint: str, reason: str) -> Refusal:
    """An assertion whose signature or certificate does not hold."""
    return Refusal(
        401,
        "invalid_client",
        700027,
        f"Client assertion failed signature validation. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}']",
    )


def out_of_time(claims: dict[str, Any], now: float) -> Refusal:
    """An assertion that has expired or is not valid yet, by this clock."""

    def moment(name: str) -> str:
        value = claims.get(name)
        known = isinstance(value, (int, float)) and 0 <= value < 253_402_300_800
        return dt.datetime.fromtimestamp(value, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if known and value is not None else "none"

    current = dt.datetime.fromtimestamp(now, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Refusal(
        401,
        "invalid_client",
        700024,
        f"Client assertion is not within its valid time range. Current time: {current}, assertion valid from {moment('nbf')}, expiry time "
        f"of assertion {moment('exp')}. Review the documentation at {_CERTIFICATE_PAGE} .",
    )


def wrong_realm() -> Refusal:
    """An assertion that was made for another authority."""
    text = "Client assertion audience claim does not match Realm issuer."
    return Refusal(401, "invalid_client", 700023, f"{text} Review the documentation at {_CERTIFICATE_PAGE} .")


def wrong_client() -> Refusal:
    """An assertion that speaks for another application than the request."""
    text = "Client assertion application identifier doesn't match 'client_id' parameter."
    return Refusal(401, "invalid_client", 700021, f"{text} Review the documentation at {_CERTIFICATE_PAGE} .")


_FEDERATED = {"issuer": 700211, "audience": 700212, "subject": 700213}


def no_federation(part: str, value: str) -> Refusal:
    """A workload's token that no federated credential fits; `part` is issuer, audience or subject."""
    return Refusal(
        401,
        "invalid_client",
        _FEDERATED[part],
        f"No matching federated identity record found for presented assertion {part} '{value[:200]}'. Check your federated identity "
        f"credential Subject, Audience and Issuer against the presented assertion. {_FEDERATION_PAGE}",
    )


def bad_grant(code: int, text: str, *, error: str = "invalid_grant") -> Refusal:
    """A device code or refresh token that leads to no token (yet)."""
    return Refusal(400, error, code, text)
