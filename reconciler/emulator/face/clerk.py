"""Turns what a person looks at and clicks into requests of the Web API, answered in this process. Writes to the store.

Writing takes the path of every HTTP request, so that guards, etags, audit and the author of a row are those of any client.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.execution import Place
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.tokens import APPLICATION
from reconciler.emulator.messages import Answer, Request
from reconciler.emulator.web_api import WebApi

_ROOT = "api/data/v9.2"
_FORMATTED = "OData.Community.Display.V1.FormattedValue"
_HEADERS = {"accept": "application/json", "content-type": "application/json"}
_READING = _HEADERS | {"prefer": f'odata.include-annotations="{_FORMATTED}"'}


class Clerk:
    """Reads as the application, which may see everything, and writes as one person."""

    def __init__(self, api: WebApi, root: str, organization: str) -> None:
        self._api = api
        self._organization = organization
        self._base_url = f"{root}/{quote(organization, safe='')}/{_ROOT}"

    def rows(self, entity_set: str, query: str = "") -> list[Row]:
        """The rows of a table, `query` encoded. DataverseError: refused, or there is no such table."""
        place = Place(self._organization, self._base_url, APPLICATION)
        answer = self._api.look(place, Request("GET", entity_set, query, _READING, b""))
        body = _accepted(answer).body
        return list(body["value"]) if isinstance(body, dict) else []

    def change(self, person: str, address: str, etag: str | None, changes: Row) -> None:
        """Writes into one row, if it is still the one of that etag. DataverseError with the text of the refusal."""
        self._send(person, "PATCH", address, changes, {"if-match": etag or "*"})

    def create(self, person: str, entity_set: str, row: Row) -> None:
        """Makes a row. DataverseError as `change`."""
        self._send(person, "POST", entity_set, row, {})

    def _send(self, person: str, method: str, path: str, row: Row, headers: dict[str, str]) -> None:
        place = Place(self._organization, self._base_url, Identity(person, None))
        _accepted(self._api.answer(place, Request(method, path, "", _HEADERS | headers, json.dumps(row).encode())))


def _accepted(answer: Answer) -> Answer:
    if answer.status < 400:
        return answer
    body = answer.body if isinstance(answer.body, dict) else {}
    error: dict[str, Any] = body.get("error") or {}
    raise DataverseError(answer.status, str(error.get("code") or ""), str(error.get("message") or "The request was refused."))
