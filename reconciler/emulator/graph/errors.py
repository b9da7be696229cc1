"""Turns what is wrong with a request to Microsoft Graph into the refusal that it would send. Touches the wall clock."""

from __future__ import annotations

import datetime as dt
import uuid

from reconciler.emulator.messages import Answer


def refusal(status: int, code: str, message: str) -> Answer:
    """An error of Microsoft Graph: code, text and, inside, the moment and the id of the request."""
    id = str(uuid.uuid4())
    moment = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    inner = {"date": moment, "request-id": id, "client-request-id": id}
    return Answer(status, {"error": {"code": code, "message": message, "innerError": inner}}, {"request-id": id, "client-request-id": id})


def no_token() -> Answer:
    """401: no token, or one that is expired or meant for somebody else."""
    return refusal(401, "InvalidAuthenticationToken", "Access token is empty, expired or not meant for Microsoft Graph.")


def not_allowed() -> Answer:
    """403: the application was not given the permission."""
    return refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def missing(id: str) -> Answer:
    """404: no such user or subscription."""
    shown = id[:80]
    return refusal(
        404,
        "Request_ResourceNotFound",
        f"Resource '{shown}' does not exist or one of its queried reference-property objects are not present.",
    )


def bad_request(message: str) -> Answer:
    """400: an option that the resource does not take."""
    return refusal(400, "Request_UnsupportedQuery", message)


def not_emulated(what: str) -> Answer:
    """501: Microsoft Graph can do it and the embedded one cannot."""
    return refusal(501, "NotImplemented", f"The embedded Microsoft Graph does not support {what[:200]}.")
