"""Turns one HTTP answer of Dataverse into a document, or into the error that it means. Pure."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from reconciler.model.errors import Conflict, Denied, Rejected, RemoteError, Throttled, Unreachable

VERSION_MISMATCH = "0x80060882"
MISSING_ROW = "0x80040217"
CUSTOMIZATION_LOCK = frozenset({"0x80071151", "0x7c27f812", "0x7c27f9fd", "0x7c27f89f"})
"""One publish or import runs at a time in an organization; these say that the refused one did not start."""

_PRIVILEGE = re.compile(r"missing (prv\w{1,100}) privilege")
_LONGEST_MESSAGE = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case), body, and the request that it answers (method and address without the query).

    `client_request_id` is the id under which that request was sent.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    request: str
    client_request_id: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str | None:
        """The id under which Microsoft's support finds the request."""
        ids = (self.headers.get(name) for name in ("x-ms-service-request-id", "req_id", "x-ms-request-id"))
        return next((value.split(",")[0].strip()[:100] for value in ids if value), None)

    @property
    def date(self) -> dt.datetime | None:
        """The server's clock when it answered; None when it did not say."""
        return http_date(self.headers.get("date", ""))

    def document(self) -> dict[str, Any]:
        """The JSON object of a success. Raises the error that the answer means, or Rejected when it is no JSON object."""
        if not self.is_success:
            raise self.error()
        found = _json(self.body)
        if not isinstance(found, dict):
            raise Rejected("the answer is not a JSON object", request=self.request, why=self._words(), request_id=self.request_id)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """The rows of a collection. Raises as `document` does, and Rejected when there is no list of objects."""
        rows = self.document().get("value")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Rejected("the answer is not a list of rows", request=self.request, why="`value` is missing", request_id=self.request_id)
        return rows

    @property
    def code(self) -> str:
        """The error code in lower case, such as 0x80040217; empty when there is none."""
        code = self._error().get("code")
        return code.lower() if isinstance(code, str) else ""

    @property
    def message(self) -> str:
        """The message of the service, bounded; empty when the body holds none."""
        message = self._error().get("message")
        return " ".join(message.split())[:_LONGEST_MESSAGE] if isinstance(message, str) else ""

    @property
    def is_locked(self) -> bool:
        """Whether it was refused because a publish or import is running."""
        return not self.is_success and self.code in CUSTOMIZATION_LOCK

    @property
    def missing_privilege(self) -> str | None:
        """The privilege that the caller lacks, when the message names it."""
        found = _PRIVILEGE.search(self.message)
        return found.group(1) if found else None

    def error(self) -> RemoteError:
        """The error that an answer without success means."""
        kind, what, hint = self._meaning()
        return kind(what, request=self.request, why=self._words(), hint=hint, request_id=self.request_id)

    def _meaning(self) -> tuple[type[RemoteError], str, str]:
        if self.is_locked:
            return Throttled, "another publish or import is running in this environment", "try again when it is finished"
        match self.status:
            case 401:
                return Denied, "the environment does not accept the token", "check that the application user exists and is enabled"
            case 403:
                privilege = self.missing_privilege
                lacks = f"the privilege {privilege} is missing" if privilege else "the request is not allowed"
                return Denied, lacks, "give the application user a role that has it"
            case 429 | 503:
                return Throttled, "the environment is busy", "try again later"
            case 409 | 412 if self.code == VERSION_MISMATCH:
                return Conflict, "somebody else changed the row in the meantime", "plan again"
            case 408 | 502 | 504:
                return Unreachable, "the environment did not answer in time", "try again later"
            case status if 300 <= status < 400:
                return Rejected, "the environment answered with a redirect, which is not followed", "check connection.url"
        return Rejected, "the environment refused the request", ""

    def _words(self) -> str:
        try:
            phrase = f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            phrase = str(self.status)
        detail = ": ".join(part for part in (self.code, self.message) if part)
        if not detail and self.body.lstrip()[:1] == b"<":
            detail = "an HTML page"
        return f"{phrase}: {detail}" if detail else phrase

    def _error(self) -> dict[str, Any]:
        found = _json(self.body)
        error = found.get("error") if isinstance(found, dict) else None
        return error if isinstance(error, dict) else {}


def http_date(text: str) -> dt.datetime | None:
    """The moment that an HTTP date says, in UTC; None when it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
