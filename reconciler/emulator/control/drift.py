"""Lets somebody else change one row of an organization, as a colleague or a service account would. Writes through the Web API."""

from __future__ import annotations

import json
from typing import Any

from reconciler.emulator.control.instruments import Asked, Instruments, Told
from reconciler.emulator.execution import Place
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.messages import Request


def change(instruments: Instruments, asked: Asked) -> Told:
    """Writes "values" to the one row of "table" (of several: the one with the values of "row") in "organization", "by" a user's full name.

    It is a PATCH of that user: checked, audited and with a new etag like any other. A person whom nobody knows yet is made, as a
    System Administrator. Tells the row as it is afterwards.
    """
    organization, by, table = (_text(asked, name) for name in ("organization", "by", "table"))
    values, which = (_object(asked.get(name, {}), name) for name in ("values", "row"))
    if not values:
        raise ValueError('"values" is an object of columns, such as {"msdyn_iswkwenabled": false}')
    place = Place(organization, f"{instruments.audience}/{organization}/api/data/v9.2", Identity(by, None))
    described = _answered(
        instruments, place, "GET", f"EntityDefinitions(LogicalName='{table}')", "$select=EntitySetName,PrimaryIdAttribute"
    )
    rows = _answered(instruments, place, "GET", described["EntitySetName"], "")["value"]
    found = [row for row in rows if all(row.get(name) == value for name, value in which.items())]
    if len(found) != 1:
        raise ValueError(f'"row" fits {len(found)} rows of {table}; it has to fit one')
    address = f"{described['EntitySetName']}({found[0][described['PrimaryIdAttribute']]})"
    return {"row": _answered(instruments, place, "PATCH", address, "", values)}


def _answered(instruments: Instruments, place: Place, method: str, path: str, query: str, body: Any = None) -> dict[str, Any]:
    headers = {"prefer": "return=representation", "content-type": "application/json"}
    content = b"" if body is None else json.dumps(body).encode()
    answer = instruments.api.answer(place, Request(method, path, query, headers, content))
    told = answer.body if isinstance(answer.body, dict) else {}
    if answer.status >= 400:
        raise ValueError(str(told.get("error", {}).get("message", f"refused with {answer.status}")))
    return told


def _text(asked: Asked, name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f'"{name}" is missing: a change needs "organization", "by", "table" and "values"')
    return value


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f'"{name}" is an object of columns and values')
    return value
