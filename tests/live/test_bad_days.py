"""The client against the embedded Dataverse on a bad day: it waits as asked, repeats what is safe, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from reconciler.emulator.server import EmbeddedDataverse
from reconciler.live.session import Session, open_session
from reconciler.model.errors import Unreachable
from tests.live.conftest import Rests
from tests.live.test_embedded import endpoint_of, server

__all__ = ["server"]

T = TypeVar("T")


def using(server: EmbeddedDataverse, rests: Rests, do: Callable[[Session], Awaitable[T]]) -> T:
    async def doing() -> T:
        async with open_session(endpoint_of(server), read_only=False, patience=rests.patience) as session:
            return await do(session)

    return asyncio.run(doing())


def test_throttling_is_waited_for_as_long_as_the_service_asks(server: EmbeddedDataverse, rests: Rests) -> None:
    server.fault("throttle", retry_after=17)
    server.fault("status", status=503, retry_after=4)

    assert using(server, rests, lambda session: session.get("WhoAmI")).status == 200
    assert rests.seconds == [17.0, 4.0]


def test_a_lock_is_waited_for_without_being_asked(server: EmbeddedDataverse, rests: Rests) -> None:
    server.fault("publish-lock", path="PublishAllXml", count=2)

    assert using(server, rests, lambda session: session.post("PublishAllXml", {})).status == 204
    assert rests.seconds == [5.0, 10.0]


@pytest.mark.parametrize("effect", ["drop-before", "reset", "truncate"])
def test_a_read_without_an_answer_is_repeated(server: EmbeddedDataverse, rests: Rests, effect: str) -> None:
    server.fault(effect)  # type: ignore[arg-type]

    assert using(server, rests, lambda session: session.get("WhoAmI")).status == 200
    assert rests.seconds == [0.5]


def test_a_write_whose_answer_is_lost_is_not_repeated(server: EmbeddedDataverse, rests: Rests) -> None:
    server.fault("drop-after", method="POST", path="accounts")

    with pytest.raises(Unreachable):
        using(server, rests, lambda session: session.post("accounts", {"name": "Once"}))
    assert [entry.method for entry in server.requests if entry.path == "accounts"] == ["POST"]
    assert rests.seconds == []
