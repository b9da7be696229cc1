"""Turns a fault into the answer that refuses a request. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import duplicate_key, duplicate_row, version_mismatch
from reconciler.emulator.failures import failure
from reconciler.emulator.faults.fault import Fault
from reconciler.emulator.messages import Answer
from reconciler.emulator.protection.limits import Exceeded, Limits, refusal

_LOOKS_ALIKE = "A record was not created or updated because a duplicate of the current record already exists."
_LOCKED = (
    "Cannot start the requested operation [Publish] because there is another [Import] running at this moment. Use Solution History for "
    "more details."
)
_SIGN_IN: Mapping[str, tuple[int, str, int, str]] = {
    "invalid-grant": (400, "invalid_grant", 70000, "The provided value for the grant is invalid or has expired."),
    "secret-expired": (401, "invalid_client", 7000222, "The provided client secret keys for the app are expired."),
    "consent-missing": (400, "invalid_grant", 65001, "The user or administrator has not consented to use the application."),
}
"""Status, OAuth error, AADSTS code and text: https://learn.microsoft.com/entra/identity-platform/reference-error-codes."""


def answer_to_request(fault: Fault) -> Answer | None:
    """What a whole request is told; None when the fault is of another sort. The front end of the service speaks HTML, not JSON."""
    if fault.effect == "status":
        return _page(fault)
    refused = refusal_of_part(fault)
    return failure(refused) if refused is not None else None


def refusal_of_part(fault: Fault) -> DataverseError | None:
    """What a part of a batch is told; None when the fault is of another sort."""
    match fault.effect:
        case "status":
            status = fault.chosen_status or 503
            return DataverseError(status, "0x80044150", f"Generic SQL error. ({HTTPStatus(status).phrase})", _retry_after(fault))
        case "throttle":
            return refusal(cast(Exceeded, fault.chosen_reason), Limits(), fault.wait)
        case "publish-lock":
            return DataverseError(429, "0x80071151", _LOCKED)
        case "conflict":
            return {
                "version": version_mismatch(),
                "row": duplicate_row(),
                "key": duplicate_key(("the key",)),
                "duplicates": DataverseError(412, "0x80040333", _LOOKS_ALIKE),
            }[fault.chosen_reason]
    return None


def answer_of_entra(fault: Fault) -> Answer | None:
    """What a request for Entra ID is told; None when the fault is of another sort."""
    match fault.effect:
        case "status":
            return _page(fault)
        case "throttle":
            return _sign_in(429, "temporarily_unavailable", 90055, "There are too many incoming requests.", _retry_after(fault))
        case "sign-in-refused":
            return _sign_in(*_SIGN_IN[fault.chosen_reason], {})
    return None


def _page(fault: Fault) -> Answer:
    status = fault.chosen_status or 503
    phrase = HTTPStatus(status).phrase
    head, body = f"<head><title>{status} {phrase}</title></head>", f"<body><h1>{phrase}</h1><hr>HTTP Error {status}.</body>"
    page = f"<!DOCTYPE html>\n<html>{head}{body}</html>\n"
    return Answer(status, page, {"content-type": "text/html; charset=us-ascii", **_retry_after(fault)})


def _sign_in(status: int, error: str, code: int, message: str, headers: Mapping[str, str]) -> Answer:
    return Answer(status, {"error": error, "error_description": f"AADSTS{code}: {message}", "error_codes": [code]}, headers)


def _retry_after(fault: Fault) -> dict[str, str]:
    return {} if fault.wait is None else {"Retry-After": str(fault.wait)}
