"""Turns the refusal that somebody set for the tenant into the answer of Entra ID. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable

from reconciler.emulator.domain.identity import stable_id
from reconciler.emulator.identity.entra.refusals import Refusal, expired_secret

_POLICY = stable_id("conditional access policy")
_CLAIMS = json.dumps({"access_token": {"capolids": {"essential": True, "values": [_POLICY]}}}, separators=(",", ":"))


def _conditional_access(_application: str, _resource: str) -> Refusal:
    text = "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."
    return Refusal(400, "invalid_grant", 53003, text, suberror="message_only", claims=_CLAIMS)


def _multi_factor(_application: str, resource: str) -> Refusal:
    text = (
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor "
        f"authentication to access '{resource}'."
    )
    return Refusal(400, "invalid_grant", 50076, text, suberror="basic_action", claims=_CLAIMS)


def _consent(application: str, _resource: str) -> Refusal:
    text = (
        f"The user or administrator has not consented to use the application with ID '{application}'. Send an interactive authorization "
        "request for this user and resource."
    )
    return Refusal(400, "invalid_grant", 65001, text, suberror="consent_required")


def _disabled_user(_application: str, _resource: str) -> Refusal:
    return Refusal(400, "invalid_grant", 50057, "The user account is disabled.")


def _disabled_application(application: str, _resource: str) -> Refusal:
    return Refusal(400, "unauthorized_client", 7000112, f"Application '{application}' is disabled.")


def _expired_secret(application: str, _resource: str) -> Refusal:
    return expired_secret(application)


_REFUSALS: dict[str, Callable[[str, str], Refusal]] = {
    "conditional-access": _conditional_access,
    "multi-factor": _multi_factor,
    "consent": _consent,
    "disabled-user": _disabled_user,
    "disabled-application": _disabled_application,
    "expired-secret": _expired_secret,
}

REFUSALS = tuple(_REFUSALS)
"""What a tenant can be told to refuse signing in with."""


def check(rule: str | None, application: str, resource: str) -> None:
    """Raises the refusal that stands for the tenant, if any."""
    if rule is not None:
        raise _REFUSALS[rule](application, resource)
