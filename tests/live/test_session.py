"""Requests: counted, patient where that is safe, and never telling a secret."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from reconciler.live.endpoint import AccessToken, Endpoint, Secret
from reconciler.live.session import Session, open_session
from reconciler.model.errors import Conflict, Denied, Rejected, RemoteError, Throttled, Unreachable
from tests.live.conftest import TOKEN, Rests
from tests.live.service import DROP, Reply, Service, document, failure

T = TypeVar("T")
BUSY = failure(429, "0x80072322", "Number of requests exceeded the limit of 6000", **{"Retry-After": "7"})
LOCKED = failure(429, "0x80071151", "Cannot start the requested operation [Publish] because there is another [Import] running")
GATEWAY = Reply(502, b"<html><body>Bad gateway, your token was canary-token-5d0f0e2f4b10</body></html>", {"Content-Type": "text/html"})


def using(endpoint: Endpoint, rests: Rests, do: Callable[[Session], Awaitable[T]], told: list[tuple[str, float]] | None = None) -> T:
    async def on_wait(reason: str, seconds: float) -> None:
        assert told is not None
        told.append((reason, seconds))

    async def doing() -> T:
        listener = on_wait if told is not None else None
        async with open_session(endpoint, read_only=False, patience=rests.patience, on_wait=listener) as session:
            return await do(session)

    return asyncio.run(doing())


def patch(session: Session) -> Awaitable[object]:
    return session.patch("accounts(1)", {"name": "x"}, headers={"If-Match": 'W/"1"'})


def test_a_throttled_request_waits_as_long_as_it_was_told(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    told: list[tuple[str, float]] = []
    service.next += [BUSY, BUSY]
    answer = using(endpoint, rests, lambda session: session.get("WhoAmI()"), told)
    assert answer.status == 200
    assert rests.seconds == [7.0, 7.0]
    assert told == [("the environment is busy", 7.0)] * 2
    assert len(service.received) == 3


def test_a_date_in_retry_after_counts_from_the_servers_clock(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.next += [failure(503, "", "busy", **{"Retry-After": "Mon, 23 Nov 2026 10:02:41 GMT"})]
    using(endpoint, rests, lambda session: session.get("WhoAmI()"))
    assert rests.seconds == [30.0]


def test_a_wait_that_is_too_long_is_not_waited_for(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.next += [failure(429, "0x80072321", "busy", **{"Retry-After": "86400"})]
    answer = using(endpoint, rests, lambda session: session.get("WhoAmI()"))
    assert (rests.seconds, answer.status) == ([], 429)
    with pytest.raises(Throttled):
        answer.document()


def test_a_write_that_was_throttled_is_sent_again(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("PATCH", "accounts(1)", Reply(204))
    service.next += [BUSY, failure(503, "", "busy", **{"Retry-After": "2"}), failure(429, "", "busy")]
    using(endpoint, rests, patch)
    assert rests.seconds == [7.0, 2.0, 2.0]
    assert len(service.received) == 4


def test_a_lock_is_waited_for_longer_and_longer(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("POST", "PublishXml", Reply(204))
    service.next += [LOCKED, LOCKED, failure(400, "0x80071151", "another Import is running")]
    answer = using(endpoint, rests, lambda session: session.post("PublishXml", {}))
    assert (answer.status, rests.seconds) == (204, [5.0, 10.0, 20.0])


def test_a_lock_that_stays_ends_the_patience(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("POST", "PublishXml", LOCKED)
    answer = using(endpoint, rests, lambda session: session.post("PublishXml", {}))
    assert len(service.received) == 10
    assert isinstance(answer.error(), Throttled)
    assert max(rests.seconds) == 60.0


@pytest.mark.parametrize("fault", [GATEWAY, Reply(504), DROP, failure(500, "0x80044151", "SQL timeout"), failure(503, "", "")])
def test_a_read_is_repeated_after_a_transient_fault(service: Service, endpoint: Endpoint, rests: Rests, fault: Reply) -> None:
    service.next += [fault, fault]
    assert using(endpoint, rests, lambda session: session.get("WhoAmI()")).status == 200
    assert rests.seconds == [0.5, 1.0]


def test_a_read_gives_up_in_the_end(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.next += [DROP] * 5
    with pytest.raises(Unreachable, match="no answer from"):
        using(endpoint, rests, lambda session: session.get("WhoAmI()"))
    assert len(service.received) == 5


def test_a_write_whose_answer_was_lost_is_not_sent_again(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.next += [DROP]
    with pytest.raises(Unreachable) as caught:
        using(endpoint, rests, patch)
    assert len(service.received) == 1
    assert "whether the write took effect is unknown" in caught.value.hint
    assert f"PATCH {service.url}/api/data/v9.2/accounts(1)" == caught.value.request


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_is_not_repeated_after_a_fault(service: Service, endpoint: Endpoint, rests: Rests, status: int) -> None:
    service.next += [Reply(status)]
    using(endpoint, rests, patch)
    assert len(service.received) == 1


def test_a_write_that_never_left_is_sent_again(endpoint: Endpoint, rests: Rests) -> None:
    nobody = Endpoint("e", "http://127.0.0.1:9", "https://a", endpoint.credential)
    with pytest.raises(Unreachable):
        using(nobody, rests, patch)
    assert len(rests.seconds) == 4


@pytest.mark.parametrize(
    ("reply", "kind", "what"),
    [
        (failure(401, "", "no"), Denied, "does not accept the token"),
        (failure(403, "0x80040220", "is missing prvWritemsdyn_wkwconfig privilege (Id=1)"), Denied, "prvWritemsdyn_wkwconfig"),
        (failure(403, "", "no"), Denied, "not allowed"),
        (failure(412, "0x80060882", "The version of the existing record doesn't match"), Conflict, "somebody else"),
        (failure(409, "0x80060882", "version"), Conflict, "somebody else"),
        (failure(412, "0x80040237", "A record with matching key values already exists."), Rejected, "refused"),
        (failure(409, "0x80071111", "other"), Rejected, "refused"),
        (failure(400, "0x80048d19", "payload"), Rejected, "refused"),
        (failure(404, "0x80040217", "Does Not Exist"), Rejected, "refused"),
        (Reply(302, b"", {"Location": "https://evil.example/"}), Rejected, "redirect"),
        (Reply(599), Rejected, "refused"),
        (GATEWAY, Unreachable, "did not answer in time"),
    ],
)
def test_an_answer_means_one_kind_of_error(
    service: Service, endpoint: Endpoint, rests: Rests, reply: Reply, kind: type[RemoteError], what: str
) -> None:
    service.on("PATCH", "accounts(1)", reply)

    async def failing(session: Session) -> RemoteError:
        return (await session.patch("accounts(1)", {}, headers={})).error()

    error = using(endpoint, rests, failing)
    assert kind is type(error)
    assert what in error.what
    assert f"PATCH {service.url}/api/data/v9.2/accounts(1)" == error.request
    assert TOKEN not in f"{error!r} {error} {error.what} {error.why} {error.hint} {error.request}"


def test_an_html_page_is_not_shown_to_people(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("GET", "x", GATEWAY)
    assert using(endpoint, rests, lambda session: session.get("x")).error().why == "502 Bad Gateway: an HTML page"


def test_the_request_id_of_the_service_is_kept(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("GET", "x", failure(400, "0x0", "no", **{"x-ms-service-request-id": "aa,bb"}))
    assert using(endpoint, rests, lambda session: session.get("x")).error().request_id == "aa"


def test_an_echoed_token_is_blotted(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("GET", "x", failure(400, "0x0", f"bad header Authorization: Bearer {TOKEN}"))
    assert "bad header Authorization: Bearer (secret)" in using(endpoint, rests, lambda session: session.get("x")).error().why


def test_an_echoed_token_is_blotted_in_a_part_too_and_stored_text_is_left_alone(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("GET", "x", failure(400, "0x0", f"bad token {TOKEN}"))
    service.on("GET", "y", document({"text": TOKEN}))
    refused, stored = using(endpoint, rests, lambda session: session.batch_get(["x", "y"]))
    assert (refused.message, stored.document()) == ("bad token (secret)", {"text": TOKEN})


def test_no_redirect_is_followed(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("GET", "x", Reply(307, b"", {"Location": f"{service.url}/api/data/v9.2/WhoAmI()"}))
    using(endpoint, rests, lambda session: session.get("x"))
    assert len(service.received) == 1


def test_an_answer_beyond_all_bounds_is_refused(
    service: Service, endpoint: Endpoint, rests: Rests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.live.session._LARGEST_ANSWER", 1_000_000)
    service.on("GET", "x", Reply(200, gzip.compress(b" " * 9_000_000), {"Content-Encoding": "gzip"}))
    with pytest.raises(Rejected, match="too large"):
        using(endpoint, rests, lambda session: session.get("x"))


def test_the_servers_clock_is_the_clock(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    async def moments(session: Session) -> tuple[object, object]:
        before = session.now
        await session.get("WhoAmI()")
        return before.tzinfo, session.now.isoformat()

    zone, after = using(endpoint, rests, moments)
    assert (zone is not None, after) == (True, "2026-11-23T10:02:11+00:00")


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 10:02:11 GMT"])
def test_a_date_that_is_none_is_no_clock(service: Service, endpoint: Endpoint, rests: Rests, date: str) -> None:
    service.next += [document({}) if not date else document({}, Date=date)]
    answer = using(endpoint, rests, lambda session: session.get("x"))
    assert (answer.date is None) == bool(date)


def test_parts_that_failed_for_the_moment_are_read_again_alone(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    told: list[tuple[str, float]] = []
    service.on("GET", "busy", BUSY)

    async def recover(reason: str, seconds: float) -> None:
        service.on("GET", "busy", document({"x": 1}))
        told.append((reason, seconds))

    async def doing() -> tuple[int, ...]:
        async with open_session(endpoint, read_only=True, patience=rests.patience, on_wait=recover) as session:
            return tuple(answer.status for answer in await session.batch_get(["WhoAmI()", "busy", "none"]))

    assert asyncio.run(doing()) == (200, 200, 404)
    assert [len(received.parts) for received in service.received] == [3, 1]
    assert told == [("1 of 3 reads failed for the moment", 7.0)]


def test_parts_that_stay_busy_are_given_up(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("GET", "busy", BUSY)
    (answer,) = using(endpoint, rests, lambda session: session.batch_get(["busy"]))
    assert (answer.status, len(service.received)) == (429, 5)


BOUNDARY = {"Content-Type": "multipart/mixed; boundary=b"}
PART = b"Content-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(200, b"{}", {"Content-Type": "application/json"}), "not multipart"),
        (Reply(200, b"", BOUNDARY), "0 answers to 1 requests"),
        (Reply(200, b"--b\r\n" + PART + b"\r\n--b\r\n" + PART + b"\r\n--b--\r\n", BOUNDARY), "2 answers to 1 requests"),
        (Reply(200, b"--b\r\nnothing\r\n--b--", BOUNDARY), "no status line"),
        (Reply(200, b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--", BOUNDARY), "changeset"),
    ],
)
def test_a_batch_that_cannot_be_understood_is_refused(service: Service, endpoint: Endpoint, rests: Rests, reply: Reply, why: str) -> None:
    service.next += [reply]
    with pytest.raises(Rejected) as caught:
        using(endpoint, rests, lambda session: session.batch_get(["WhoAmI()"]))
    assert why in caught.value.why


@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
def test_other_spellings_of_a_batch_are_understood(service: Service, endpoint: Endpoint, rests: Rests, line: bytes) -> None:
    body = (b"preamble\r\n--b x\r\n--b\r\n" + PART + b"\r\n--b--").replace(b"\r\n", line)
    service.next += [Reply(200, body, {"Content-Type": 'multipart/mixed; boundary="b"'})]
    (answer,) = using(endpoint, rests, lambda session: session.batch_get(["WhoAmI()"]))
    assert answer.document() == {}


def test_a_batch_that_fails_as_a_whole_raises(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.next += [failure(403, "0x80040220", "no")]
    with pytest.raises(Denied):
        using(endpoint, rests, lambda session: session.batch_get(["WhoAmI()"]))


def test_a_given_token_is_not_asked_for_again(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.next += [failure(401, "", "expired")]
    answer = using(endpoint, rests, lambda session: session.get("WhoAmI()"))
    assert (answer.status, len(service.received)) == (401, 1)


def test_a_proxy_is_used_except_for_this_machine(
    service: Service, endpoint: Endpoint, rests: Rests, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", service.url)
    far = Endpoint("e", "http://dataverse.example", "https://a", AccessToken(Secret(TOKEN)))
    using(far, rests, lambda session: session.get("x"))
    assert service.received[-1].path == "http://dataverse.example/api/data/v9.2/x"
    using(endpoint, rests, lambda session: session.get("x"))
    assert service.received[-1].path == "/api/data/v9.2/x"


def test_an_answer_that_cannot_be_unpacked_is_no_answer(service: Service, endpoint: Endpoint, rests: Rests) -> None:
    service.on("PATCH", "accounts(1)", Reply(200, b"this is no gzip", {"Content-Encoding": "gzip"}))
    with pytest.raises(Unreachable) as caught:
        using(endpoint, rests, patch)
    assert "whether the write took effect is unknown" in caught.value.hint
    assert len(service.received) == 1
