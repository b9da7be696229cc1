"""Public exchanges, played against the embedded Dataverse (does it answer so?) and against the client (does it understand it?)."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.emulator.server import EmbeddedDataverse
from reconciler.live.answer import Answer
from reconciler.live.endpoint import AccessToken, Endpoint, Secret
from reconciler.live.patience import Patience
from reconciler.live.session import open_session
from reconciler.model.errors import Conflict, Denied, Rejected
from tests.emulator.wire import Client
from tests.live.service import Reply, Service, running

EXCHANGES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("exchanges.yaml").read_text(encoding="utf-8"))
PLACES = {
    "id": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "etag": r'W/"\d+"',
    "any": r".+",
    "root": r"https?://[^ ]+/api/data/v9\.2/",
}
SAMPLES = {"id": "d6193b8c-7c2c-ec11-b6e5-000d3a000000", "etag": 'W/"4711"', "any": "text", "root": "https://x.example/api/data/v9.2/"}
ERRORS = {400: Rejected, 401: Denied, 404: Rejected, 412: Conflict}


def fits(shown: Any, found: Any) -> bool:
    """Whether what came has the shape and the fixed values of what was recorded."""
    if isinstance(shown, dict):
        return isinstance(found, dict) and set(shown) == set(found) and all(fits(shown[name], found[name]) for name in shown)
    if isinstance(shown, list):
        return isinstance(found, list) and len(shown) == len(found) and all(map(fits, shown, found))
    if isinstance(shown, str):
        pattern = re.sub(r"\\\{(\w+)\\\}", lambda place: PLACES[place[1]], re.escape(shown))
        return isinstance(found, str) and re.fullmatch(pattern, found, re.DOTALL) is not None
    return bool(shown == found)


def filled(shown: Any) -> Any:
    """What was recorded, with a sample at every placeholder."""
    if isinstance(shown, dict):
        return {name: filled(value) for name, value in shown.items()}
    if isinstance(shown, list):
        return [filled(value) for value in shown]
    return re.sub(r"\{(\w+)\}", lambda place: SAMPLES[place[1]], shown) if isinstance(shown, str) else shown


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange["name"])
def test_the_emulator_answers_as_recorded(emulator: EmbeddedDataverse, exchange: dict[str, Any]) -> None:
    client = Client(emulator, emulator.token(), "recorded")
    made = client("POST", "accounts", {"name": "Recorded"})
    account = re.findall(PLACES["id"], str(made.headers["OData-EntityId"]))[-1]
    asked, shown = exchange["request"], exchange["answer"]
    reply = client(asked["method"], asked["path"].replace("{account}", account), asked.get("body"), headers=asked.get("headers"))

    assert reply.status == shown["status"]
    assert {
        name: str(reply.headers[name]) for name, value in shown.get("headers", {}).items() if not fits(value, reply.headers[name])
    } == {}
    if "body" in shown:
        assert fits(shown["body"], reply.body), reply.body


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange["name"])
def test_the_client_understands_what_was_recorded(exchange: dict[str, Any]) -> None:
    shown = filled(exchange["answer"])
    body = json.dumps(shown["body"]).encode() if "body" in shown else b""
    service = Service()
    service.next.append(Reply(shown["status"], body, shown.get("headers", {})))

    async def ask() -> Answer:
        endpoint = Endpoint("recorded", service.url, "https://login.example", AccessToken(Secret("token")))
        async with open_session(endpoint, read_only=False, patience=Patience()) as session:
            return await session.get("anything")

    with running(service):
        answer = asyncio.run(ask())
    if shown["status"] in ERRORS:
        assert type(answer.error()) is ERRORS[shown["status"]]
        assert answer.code == shown.get("body", {"error": {"code": ""}})["error"]["code"]
    elif "body" in shown:
        assert answer.document() == shown["body"]
    else:
        assert answer.is_success
