"""Organizations are kept under names and come back as they were, while others and the clock go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator.server import EmbeddedDataverse
from reconciler.emulator.serving.request_log import LoggedRequest, RequestLog
from tests.emulator.test_protocol_state import control, start
from tests.emulator.toy import CONTOSO
from tests.emulator.wire import Client

ROW = f"accounts({CONTOSO})"


def set_to(api: Client, employees: int) -> None:
    assert api("PATCH", ROW, {"employees": employees}).status == 204


def read(api: Client) -> int:
    return int(api.get("accounts?$filter=accountid eq " + CONTOSO).body["value"][0]["employees"])


def test_what_was_kept_comes_back_and_other_organizations_stay(toy_server: EmbeddedDataverse, api: Client) -> None:
    other = Client(toy_server, api.token, "other")
    set_to(api, 1)
    set_to(other, 1)
    assert control(toy_server, "POST", "snapshot", {"name": "one", "organization": "toy"}).body == {"organizations": ["toy"]}
    set_to(api, 2)
    set_to(other, 2)
    assert (read(api), read(other)) == (2, 2)

    assert control(toy_server, "POST", "restore", {"name": "one"}).body == {"organizations": ["toy"]}
    assert (read(api), read(other)) == (1, 2)


def test_a_snapshot_of_everything_holds_everything_and_can_be_taken_again(toy_server: EmbeddedDataverse, api: Client) -> None:
    other = Client(toy_server, api.token, "other")
    set_to(api, 1)
    set_to(other, 1)
    control(toy_server, "POST", "snapshot", {"name": "all"})
    set_to(api, 2)
    set_to(other, 2)
    control(toy_server, "POST", "snapshot", {"name": "all"})
    control(toy_server, "POST", "reset")
    assert control(toy_server, "GET", "snapshots").body == {"snapshots": {"all": ["other", "toy"]}}

    assert control(toy_server, "POST", "restore", {"name": "all", "organization": "toy"}).body == {"organizations": ["toy"]}
    assert (read(api), read(other)) == (2, 50)


def test_a_caller_who_came_after_the_snapshot_is_made_again(toy_server: EmbeddedDataverse, api: Client) -> None:
    set_to(api, 1)
    control(toy_server, "POST", "snapshot", {"name": "early"})
    late = Client(toy_server, toy_server.token("Late Comer"))
    assert late.get(ROW).status == 200
    control(toy_server, "POST", "restore", {"name": "early"})

    assert late.get(ROW).status == 200


def test_what_was_read_before_the_restore_cannot_be_overwritten_unseen(toy_server: EmbeddedDataverse, api: Client) -> None:
    set_to(api, 1)
    control(toy_server, "POST", "snapshot", {"name": "one"})
    set_to(api, 2)
    etag = api.get(ROW).body["@odata.etag"]
    control(toy_server, "POST", "restore", {"name": "one"})

    assert api("PATCH", ROW, {"employees": 3}, headers={"If-Match": etag}).status == 412
    set_to(api, 4)
    assert api.get(ROW).body["@odata.etag"] > etag


def test_another_process_sees_the_restored_rows(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with start(state) as one, start(state) as two:
        first, second = Client(one, one.token()), Client(two, two.token())
        set_to(first, 1)
        control(one, "POST", "snapshot", {"name": "one"})
        set_to(first, 2)
        assert read(second) == 2
        control(one, "POST", "restore", {"name": "one"})

        assert read(second) == 1


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("snapshot", {}, '"name" is a text of 1 to 80 characters'),
        ("snapshot", {"name": "x" * 81}, '"name" is a text of 1 to 80 characters'),
        ("snapshot", {"name": "x", "organization": "nowhere"}, "nothing is stored of nowhere yet"),
        ("restore", {"name": "y"}, "there is no snapshot 'y'; there are: one"),
        ("restore", {"name": "one", "organization": "other"}, "the snapshot 'one' does not hold other; it holds toy"),
    ],
)
def test_a_snapshot_that_cannot_be_is_refused_in_words(
    toy_server: EmbeddedDataverse, api: Client, name: str, asked: dict[str, Any], said: str
) -> None:
    api.get(ROW)
    control(toy_server, "POST", "snapshot", {"name": "one"})
    answer = control(toy_server, "POST", name, asked)

    assert answer.status == 400
    assert said in answer.body["error"]["message"]


def test_there_is_an_end_to_snapshots(toy_server: EmbeddedDataverse, api: Client) -> None:
    api.get(ROW)
    statuses = [control(toy_server, "POST", "snapshot", {"name": str(number)}).status for number in range(51)]

    assert statuses == [200] * 50 + [400]
    assert control(toy_server, "POST", "snapshot", {"name": "7"}).status == 200


def test_the_log_keeps_within_its_bounds_whatever_is_asked() -> None:
    log = RequestLog()
    for _ in range(5_100):
        log.add(LoggedRequest("GET", "x" * 10_000, 200, "toy"))
    assert {len(entry.path) for entry in log.entries()} == {4_001}
    assert len(log.entries()) == 4_998
    for number in range(1_001):
        log.add_unsupported(f"{number} {'x' * 300}")

    assert len(log.unsupported()) == 1_000
    assert {len(what) for what, _ in log.unsupported()} == {200}
