"""Asks the emulator's control address, as a demonstration or a test does."""

from __future__ import annotations

from typing import Any

import requests

from tests.clients.serving import Served


def control(served: Served, verb: str, place: str, /, **asked: object) -> Any:
    answer = requests.request(verb, f"{served.root}/_emulator/v1/{place}", json=asked if verb == "POST" else None, timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.json()


def join(served: Served, person: str) -> None:
    """Makes a person a member of the organization in which sign-ins are tried."""
    caller(served, control(served, "POST", "token", user=person)["access_token"])


def caller(served: Served, token: str) -> dict[str, str]:
    """Who the Web API takes the bearer of a token for."""
    address = f"{served.url('sign-in')}/api/data/v9.2/"
    headers = {"Authorization": f"Bearer {token}"}
    me = requests.get(f"{address}WhoAmI", headers=headers, timeout=20)
    assert me.status_code == 200, me.text
    found = requests.get(f"{address}systemusers({me.json()['UserId']})?$select=fullname,applicationid", headers=headers, timeout=20)
    return dict(found.json())
