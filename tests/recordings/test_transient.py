"""Answers of a service that is busy, failing or cut into parts, as documented and reported in public; the client understands each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from reconciler.live.endpoint import AccessToken, Endpoint, Secret
from reconciler.live.session import Session, open_session
from reconciler.model.errors import Throttled, Unreachable
from tests.live.conftest import Rests
from tests.live.service import Reply, Service, running

T = TypeVar("T")
# learn.microsoft.com/power-apps/developer/data-platform/api-limits (2026-05)
LIMITS = {
    "requests": ("0x80072322", "Number of requests exceeded the limit of 6000 over time window of 300 seconds."),
    "time": (
        "0x80072321",
        "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. "
        "Decrease number of concurrent requests or reduce the duration of requests and try again later.",
    ),
    "concurrent": ("0x80072326", "Number of concurrent requests exceeded the limit of 52."),
}
# learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api (2026-05)
BATCH = (
    b"--batchresponse_f44bd09d-573f-4a30-bca0-2e500ee7e139\r\n"
    b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json; odata.metadata=minimal\r\nOData-Version: 4.0\r\n\r\n{"name": "Sample"}\r\n'
    b"--batchresponse_f44bd09d-573f-4a30-bca0-2e500ee7e139\r\n"
    b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    b"HTTP/1.1 404 Not Found\r\nREQ_ID: 5fe339e5-c75e-4dad-9597-b257ebce666b\r\nContent-Type: application/json\r\n\r\n"
    b'{"error": {"code": "0x80040217", "message": "account With Id = 00000000-0000-0000-0000-000000000001 Does Not Exist"}}\r\n'
    b"--batchresponse_f44bd09d-573f-4a30-bca0-2e500ee7e139--\r\n"
)
BATCH_TYPE = "multipart/mixed; boundary=batchresponse_f44bd09d-573f-4a30-bca0-2e500ee7e139"
FRONT_END = b"<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2></body></html>"


def using(replies: list[Reply], do: Callable[[Session], Awaitable[T]], rests: Rests) -> T:
    service = Service()
    service.next += replies

    async def doing() -> T:
        endpoint = Endpoint("recorded", service.url, "https://login.example", AccessToken(Secret("token")))
        async with open_session(endpoint, read_only=False, patience=rests.patience) as session:
            return await do(session)

    with running(service):
        return asyncio.run(doing())


def limit(kind: str) -> Reply:
    code, message = LIMITS[kind]
    body = f'{{"error": {{"code": "{code}", "message": "{message}"}}}}'.encode()
    return Reply(429, body, {"Content-Type": "application/json", "Retry-After": "5"})


@pytest.mark.parametrize("kind", LIMITS)
def test_every_limit_of_the_service_is_waited_out(kind: str) -> None:
    rests = Rests()
    answer = using([limit(kind), Reply(200, b'{"value": []}')], lambda session: session.get("accounts"), rests)
    assert (answer.rows(), rests.seconds) == ([], [5.0])


def test_a_batch_is_taken_apart_with_the_error_of_one_part() -> None:
    answers = using(
        [Reply(200, BATCH, {"Content-Type": BATCH_TYPE})], lambda session: session.batch_get(["accounts(1)", "accounts(2)"]), Rests()
    )
    assert [answer.status for answer in answers] == [200, 404]
    assert (answers[0].document(), answers[1].code) == ({"name": "Sample"}, "0x80040217")
    assert answers[1].request_id == "5fe339e5-c75e-4dad-9597-b257ebce666b"


@pytest.mark.parametrize(("status", "error"), [(503, Throttled), (502, Unreachable), (504, Unreachable)])
def test_a_page_of_the_front_end_is_an_error_without_its_markup(status: int, error: type[Exception]) -> None:
    reply = Reply(status, FRONT_END, {"Content-Type": "text/html"})
    answer = using([reply], lambda session: session.patch("accounts(1)", {}, headers={}), Rests())
    assert type(answer.error()) is error
    assert answer.error().why is not None
    assert str(answer.error().why).endswith(": an HTML page")


def test_a_running_import_is_no_fault_of_the_caller() -> None:
    # Recorded in public issues of microsoft/powerplatform-build-tools (2026-05); no Retry-After was seen.
    text = "Cannot start the requested operation [Publish] because there is another [Import] running at this moment."
    body = f'{{"error": {{"code": "0x80071151", "message": "{text}"}}}}'.encode()
    rests = Rests()
    answer = using([Reply(429, body), Reply(204)], lambda session: session.post("PublishXml", {"ParameterXml": "<x/>"}), rests)
    assert answer.status == 204
    assert len(rests.seconds) == 1
