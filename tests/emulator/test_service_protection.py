"""How much one caller may ask for: counted for real, over a window that the virtual clock moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.protection.account import Account
from reconciler.emulator.protection.accounts import Accounts
from reconciler.emulator.protection.limits import Limits
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.test_protocol_batch import batch, get, statuses
from tests.emulator.test_protocol_state import control
from tests.emulator.toy import CATALOG, CONTOSO, ToyDomain
from tests.emulator.wire import Client

BURST = "x-ms-ratelimit-burst-remaining-xrm-requests"
TIME = "x-ms-ratelimit-time-remaining-xrm-requests"
ROW = f"accounts({CONTOSO})"
ADA = Identity("Ada", None)


class Narrow(ToyDomain):
    """`slow` answers late, so that requests meet; everybody else answers at once. Three requests a window, two at a time."""

    def settings(self, organization: str) -> Mapping[str, Any]:
        return {"limits": Limits(requests=3, concurrent=2, dop_hint=7), "latency_seconds": 0.5 if organization == "slow" else 0}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=Narrow(), catalog=CATALOG) as server:
        yield server


def test_the_published_limits_are_told_as_the_service_does(toy_server: EmbeddedDataverse, api: Client) -> None:
    first, second = api.get(ROW), api.get(ROW)

    assert (first.headers[BURST], second.headers[BURST]) == ("5999", "5998")
    assert first.headers[TIME].startswith(("1,199.", "1,200.00"))
    assert first.headers["x-ms-dop-hint"] == "4"


def test_too_many_requests_are_refused_without_effect_until_the_window_has_moved_on(server: EmbeddedDataverse) -> None:
    api = Client(server, server.token())
    assert [api.get(ROW).headers[BURST] for _ in range(3)] == ["2", "1", "0"]
    refused = api("PATCH", ROW, {"employees": 1})

    assert refused.error == (429, "0x80072322")
    assert refused.body["error"]["message"] == "Number of requests exceeded the limit of 3 over time window of 300 seconds."
    assert (refused.headers["x-ms-dop-hint"], refused.headers[BURST]) == ("7", "0")
    assert server.requests[-1].status == 429
    server.clock.advance(dt.timedelta(seconds=float(refused.headers["Retry-After"])))
    assert api.get(ROW).body["employees"] == 50


def test_a_client_that_keeps_pushing_is_told_to_wait_longer(server: EmbeddedDataverse) -> None:
    api = Client(server, server.token())
    for _ in range(3):
        api.get(ROW)
    waits = [int(api.get(ROW).headers["Retry-After"]) for _ in range(3)]

    assert 295 <= waits[0] <= 300
    assert waits[1] >= waits[0]
    assert waits[2] > waits[0]


def test_each_caller_and_each_organization_has_an_account(server: EmbeddedDataverse) -> None:
    for _ in range(4):
        Client(server, server.token()).get(ROW)

    assert Client(server, server.token()).get(ROW).status == 429
    assert Client(server, server.token("Bob")).get(ROW).status == 200
    assert Client(server, server.token(), "other").get(ROW).status == 200


def test_a_batch_counts_as_one_request(server: EmbeddedDataverse) -> None:
    api = Client(server, server.token())
    answer = batch(api, *[get(ROW)] * 10)

    assert statuses(answer) == [200] * 10
    assert answer.headers[BURST] == "2"


def test_more_requests_at_once_than_allowed_are_refused(server: EmbeddedDataverse) -> None:
    api = Client(server, server.token(), "slow")
    api.get(ROW)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: api.get(ROW), range(4)))

    assert sorted(answer.status for answer in answers) == [200, 200, 429, 429]
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.error == (429, "0x80072326")
    assert refused.body["error"]["message"] == "Number of concurrent requests exceeded the limit of 2."


def test_a_reset_begins_the_accounts_anew(server: EmbeddedDataverse) -> None:
    api = Client(server, server.token())
    for _ in range(3):
        api.get(ROW)
    control(server, "POST", "reset", {"organization": "elsewhere"})
    assert api.get(ROW).status == 429
    control(server, "POST", "reset", {"organization": "toy"})

    assert api.get(ROW).headers[BURST] == "2"


def test_an_unknown_organization_is_told_before_its_limits_are(toy_server: EmbeddedDataverse) -> None:
    assert Client(toy_server, toy_server.token(), "unknown").get(ROW).status == 404


def test_execution_time_adds_up_and_leaves_with_its_window() -> None:
    account = Account(Limits(seconds=300, execution_seconds=1200))
    for second in range(3):
        assert account.enter(second) is None
        account.leave(second, 400.0)
    refused = account.enter(10)

    assert refused is not None
    assert (refused.code, refused.headers) == ("0x80072321", {"Retry-After": "290"})
    assert refused.message == (
        "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. "
        "Decrease number of concurrent requests or reduce the duration of requests and try again later."
    )
    assert account.headers()[TIME] == "0.00"
    assert account.enter(301) is None
    assert account.headers()[TIME] == "800.00"


def test_a_window_of_requests_slides() -> None:
    account = Account(Limits(requests=2))
    for now in (0, 100):
        assert account.enter(now) is None
        account.leave(now, 0.0)

    assert account.enter(299) is not None
    assert account.enter(300) is None
    assert account.enter(399) is not None
    assert account.enter(400) is None


def test_a_clock_that_goes_back_a_little_forgets_nothing_and_one_that_goes_back_far_everything() -> None:
    account = Account(Limits(requests=1))
    assert account.enter(1000) is None

    assert account.enter(990) is not None
    assert account.enter(100) is None


def test_an_account_is_small_whatever_is_asked() -> None:
    account = Account(Limits(requests=100_000))
    for number in range(20_000):
        assert account.enter(number / 10) is None
        account.leave(number / 10, 0.001)

    assert len(account._slots) <= 300
    assert account.headers()[BURST] == str(100_000 - 3000)


def test_the_accounts_that_nobody_used_for_longest_go_first() -> None:
    accounts, limits = Accounts(), Limits(requests=1)
    assert accounts.of("first", ADA, limits).enter(0) is None
    for number in range(999):
        accounts.of(str(number), ADA, limits)
    assert accounts.of("first", ADA, limits).enter(0) is not None
    for number in range(1000):
        accounts.of(f"late {number}", ADA, limits)

    assert accounts.of("first", ADA, limits).enter(0) is None


def test_other_limits_begin_another_account() -> None:
    accounts = Accounts()
    assert accounts.of("toy", ADA, Limits(requests=1)).enter(0) is None
    assert accounts.of("toy", ADA, Limits(requests=1)).enter(0) is not None

    assert accounts.of("toy", ADA, Limits(requests=2)).enter(0) is None
    accounts.forget(None)
    assert accounts.of("toy", ADA, Limits(requests=2)).headers()[BURST] == "2"
