"""The door of a plan: nothing that could write gets through, proven at the socket."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from reconciler.live.batch import compose
from reconciler.live.endpoint import Endpoint
from reconciler.live.session import open_session
from reconciler.live.transport import ReadOnlyTransport, WriteRefused
from tests.live.service import Service

READS = compose(["http://x/api/data/v9.2/a", "http://x/api/data/v9.2/b"], boundary="b", headers={"Accept": "application/json"})
MIXED = {"Content-Type": 'multipart/mixed; boundary="b"'}


def send(service: Service, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> int:
    async def sending() -> int:
        async with httpx.AsyncClient(transport=ReadOnlyTransport(httpx.AsyncHTTPTransport())) as client:
            return (await client.request(method, service.url + path, content=body, headers=headers)).status_code

    return asyncio.run(sending())


def test_reads_pass(service: Service) -> None:
    assert send(service, "GET", "/api/data/v9.2/a") == 404
    assert send(service, "POST", "/api/data/v9.2/$batch", READS, MIXED) == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "MERGE"])
def test_writes_do_not(service: Service, method: str) -> None:
    with pytest.raises(WriteRefused):
        send(service, method, "/api/data/v9.2/accounts")
    assert service.received == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        READS.replace(b"GET ", b"PATCH ", 1),
        READS.replace(b"GET ", b"DELETE ", 1),
        READS.replace(b"application/http", b"multipart/mixed; boundary=c", 1),
        READS.replace(b"Accept: application/json", b"X-HTTP-Method-Override: DELETE", 1),
        READS.replace(b"\r\n\r\n\r\n", b'\r\n\r\n{"name":"x"}\r\n', 1),
        READS.replace(b"\r\n", b"\n"),
        b"\r\n--b" + READS,
        READS.removesuffix(b"--\r\n"),
        READS
        + b"--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nDELETE /x HTTP/1.1\r\n\r\n\r\n--b--\r\n",
    ],
)
def test_a_batch_passes_only_when_every_part_is_a_read(service: Service, body: bytes) -> None:
    with pytest.raises(WriteRefused):
        send(service, "POST", "/api/data/v9.2/$batch", body, MIXED)
    assert service.received == []


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/data/v9.2/$batch", {"Content-Type": "application/json"}),
        ("/api/data/v9.2/accounts", MIXED),
        ("/api/data/v9.2/$batch", MIXED | {"X-HTTP-Method": "PATCH"}),
    ],
)
def test_a_batch_in_disguise_does_not_pass(service: Service, path: str, headers: dict[str, str]) -> None:
    with pytest.raises(WriteRefused):
        send(service, "POST", path, READS, headers)
    assert service.received == []


def test_a_read_only_session_cannot_write(service: Service, endpoint: Endpoint) -> None:
    async def writing() -> None:
        async with open_session(endpoint, read_only=True) as session:
            with pytest.raises(WriteRefused):
                await session.patch("accounts(1)", {"name": "x"}, headers={})
            with pytest.raises(WriteRefused):
                await session.post("PublishXml", {})

    asyncio.run(writing())
    assert service.received == []
