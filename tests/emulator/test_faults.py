"""What clients meet when a fault was asked for, on the wire, and what is left behind."""

from __future__ import annotations

import http.client
import json
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from reconciler.emulator.faults.fault import Subject
from reconciler.emulator.faults.shelf import FaultShelf
from reconciler.emulator.server import EmbeddedDataverse
from reconciler.emulator.storage.store import Store
from tests.emulator.test_protocol_batch import batch, change_set, get, statuses
from tests.emulator.test_protocol_state import control, start
from tests.emulator.toy import CONTOSO, FABRIKAM
from tests.emulator.wire import Client, Reply, send

ROW = f"accounts({CONTOSO})"


def employees(api: Client) -> int:
    return int(api.get(ROW).body["employees"])


def change(api: Client) -> Reply:
    return api("PATCH", ROW, {"employees": 77})


def test_a_dropped_request_has_no_effect_and_the_next_one_is_answered(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("drop-before", method="PATCH")

    with pytest.raises(http.client.RemoteDisconnected):
        change(api)
    assert [(entry.method, entry.status) for entry in toy_server.requests] == [("PATCH", 0)]
    assert employees(api) == 50
    assert change(api).status == 204


def test_a_lost_answer_leaves_the_effect(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("drop-after", organization="toy", method="patch", path="acc*")

    with pytest.raises(http.client.RemoteDisconnected):
        change(api)
    assert employees(api) == 77


def test_a_reset_connection_is_seen_as_one(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("reset")

    with pytest.raises(OSError, match="Connection reset by peer"):
        change(api)
    assert employees(api) == 50


def test_a_truncated_answer_announces_more_than_it_brings(toy_server: EmbeddedDataverse, api: Client) -> None:
    whole = api.get(ROW).content
    toy_server.fault("truncate")

    with pytest.raises(http.client.IncompleteRead) as caught:
        api.get(ROW)
    assert whole.startswith(caught.value.partial)
    assert caught.value.expected == len(whole) - len(whole) // 2


def test_an_answer_without_a_body_is_lost_when_it_should_be_truncated(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("truncate")

    with pytest.raises(http.client.RemoteDisconnected):
        change(api)
    assert employees(api) == 77


def test_a_slow_body_arrives_whole_over_the_time_that_was_asked_for(toy_server: EmbeddedDataverse, api: Client) -> None:
    whole = api.get("accounts").content
    toy_server.fault("slow-body", seconds=0.2)
    began = time.monotonic()

    assert api.get("accounts").content == whole
    assert time.monotonic() - began >= 0.2


def test_a_delayed_answer_comes_late(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("delay", seconds=0.1)
    began = time.monotonic()

    assert change(api).status == 204
    assert time.monotonic() - began >= 0.1


def test_a_client_that_gives_up_on_a_delayed_write_does_not_undo_it(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("delay", seconds=600.0, method="PATCH")
    target = urlsplit(toy_server.root)
    with socket.create_connection((str(target.hostname), int(target.port or 0))) as connection:
        body = b'{"employees": 77}'
        head = f"PATCH /toy/api/data/v9.2/{ROW} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.token}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        while FaultShelfOf(toy_server).is_due():
            api.get("WhoAmI")

    for _ in range(1000):
        if employees(api) == 77:
            break
    assert employees(api) == 77


class FaultShelfOf:
    """The faults that a server still has to come, by its control."""

    def __init__(self, server: EmbeddedDataverse) -> None:
        self.server = server

    def is_due(self) -> bool:
        return bool(control(self.server, "GET", "faults").body["faults"])


@pytest.mark.parametrize(
    ("status", "phrase"), [(500, "Internal Server Error"), (502, "Bad Gateway"), (503, "Service Unavailable"), (504, "Gateway Timeout")]
)
def test_the_front_end_fails_with_a_page_in_html(toy_server: EmbeddedDataverse, api: Client, status: int, phrase: str) -> None:
    toy_server.fault("status", status=status, retry_after=3)
    answer = change(api)

    assert (answer.status, answer.headers["Content-Type"], answer.headers["Retry-After"]) == (status, "text/html; charset=us-ascii", "3")
    assert f"<h1>{phrase}</h1>".encode() in answer.content
    assert employees(api) == 50


@pytest.mark.parametrize(
    ("effect", "reason", "status", "code", "words"),
    [
        ("throttle", "requests", 429, "0x80072322", "Number of requests exceeded the limit of 6000 over time window of 300 seconds."),
        (
            "throttle",
            "time",
            429,
            "0x80072321",
            "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over",
        ),
        ("throttle", "concurrent", 429, "0x80072326", "Number of concurrent requests exceeded the limit of 52."),
        ("conflict", "version", 412, "0x80060882", "The version of the existing record doesn't match"),
        ("conflict", "row", 412, "0x80040237", "A record with matching key values already exists."),
        ("conflict", "key", 412, "0x80060892", "Entity Key the key violated."),
        ("conflict", "duplicates", 412, "0x80040333", "a duplicate of the current record already exists."),
        ("publish-lock", None, 429, "0x80071151", "because there is another [Import] running at this moment."),
    ],
)
def test_a_refusal_on_demand_has_the_code_and_text_of_the_service(
    toy_server: EmbeddedDataverse, api: Client, effect: Any, reason: str | None, status: int, code: str, words: str
) -> None:
    toy_server.fault(effect, reason=reason)
    answer = change(api)

    assert answer.error == (status, code)
    assert words in answer.body["error"]["message"]
    assert answer.headers["Retry-After"] == ("5" if effect == "throttle" else None)
    assert employees(api) == 50


def test_a_throttled_answer_says_how_long_to_wait_when_it_should(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("throttle", retry_after=17)

    assert change(api).headers["Retry-After"] == "17"
    toy_server.fault("throttle", no_retry_after=True)
    answer = change(api)
    assert (answer.status, answer.headers["Retry-After"]) == (429, None)


def test_a_token_runs_out_in_the_middle(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("token-expired")
    answer = change(api)

    assert (answer.status, answer.headers["WWW-Authenticate"].split(",")[0]) == (
        401,
        f"Bearer authorization_uri={toy_server.authority}/{toy_server.tenant_id}/oauth2/authorize",
    )
    assert employees(api) == 50


def test_a_fault_hits_the_nth_request_as_often_as_it_says(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("status", method="GET", path="*$select=name*", skip=1, count=2)
    asked = [api.get(f"{ROW}?$select=name").status for _ in range(5)]

    assert asked == [200, 503, 503, 200, 200]
    assert [entry.status for entry in toy_server.requests] == asked


def test_a_fault_that_hits_every_time_stays_until_it_is_cleared(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("status", count=None)
    assert [api.get(ROW).status for _ in range(3)] == [503, 503, 503]
    toy_server.clear_faults()

    assert api.get(ROW).status == 200


def test_a_fault_keeps_to_its_organization(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("status", organization="other")

    assert api.get(ROW).status == 200
    assert Client(toy_server, api.token, "other").get(ROW).status == 503


def test_one_part_of_a_batch_fails_and_the_others_go_on(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("status", path="accounts*")
    answer = batch(api, get("contacts"), get(ROW), get(ROW), Prefer="odata.continue-on-error")

    assert statuses(answer) == [200, 503, 200]
    assert b'"code": "0x80044150", "message": "Generic SQL error. (Service Unavailable)"' in answer.content


def test_a_fault_in_a_change_set_undoes_it_once(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("throttle", method="PATCH", path=f"*{FABRIKAM}*", where="part")
    changes = change_set(("PATCH", ROW, {"employees": 77}), ("PATCH", f"accounts({FABRIKAM})", {"employees": 78}))

    assert statuses(batch(api, changes)) == [429]
    assert employees(api) == 50
    assert statuses(batch(api, changes)) == [204, 204]
    assert employees(api) == 77


def test_whole_requests_and_parts_are_told_apart(toy_server: EmbeddedDataverse, api: Client) -> None:
    toy_server.fault("status", path="accounts*", where="outer")
    assert statuses(batch(api, get(ROW))) == [200]
    assert api.get(ROW).status == 503
    toy_server.fault("conflict", where="part")

    assert api.get(ROW).status == 200
    assert statuses(batch(api, get(ROW))) == [412]


def entra(server: EmbeddedDataverse) -> Reply:
    import ssl

    body = f"grant_type=client_credentials&client_id={server.client_id}&client_secret={server.client_secret}&scope={server.root}/.default"
    trusted = ssl.create_default_context(cafile=str(server.ca_file))
    return send("POST", f"{server.authority}/{server.tenant_id}/oauth2/v2.0/token", body.encode(), context=trusted)


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ({"effect": "status"}, 503, "<h1>Service Unavailable</h1>"),
        ({"effect": "throttle", "retry_after": 9}, 429, "AADSTS90055"),
        ({"effect": "sign-in-refused"}, 400, "AADSTS70000"),
        ({"effect": "sign-in-refused", "reason": "secret-expired"}, 401, "AADSTS7000222"),
        ({"effect": "sign-in-refused", "reason": "consent-missing"}, 400, "AADSTS65001"),
    ],
)
def test_the_sign_in_fails_on_demand_and_requests_do_not(
    toy_server: EmbeddedDataverse, api: Client, how: dict[str, Any], status: int, said: str
) -> None:
    toy_server.fault(where="entra", path="*/token", **how)

    assert api.get(ROW).status == 200
    answer = entra(toy_server)
    assert (answer.status, answer.headers["Retry-After"]) == (status, "9" if status == 429 else None)
    assert said in answer.content.decode()
    assert entra(toy_server).status == 200


def test_a_sign_in_is_dropped_over_tls_too(toy_server: EmbeddedDataverse) -> None:
    for effect in ("drop-before", "reset", "drop-after", "truncate"):
        toy_server.fault(effect, where="entra")
        with pytest.raises((OSError, http.client.HTTPException)):
            entra(toy_server)

    assert entra(toy_server).status == 200


def test_the_control_adds_lists_and_clears_faults(toy_server: EmbeddedDataverse) -> None:
    first = control(toy_server, "POST", "faults", {"effect": "delay", "seconds": 2.5}).body
    control(toy_server, "POST", "faults", {"effect": "status", "status": 502, "count": None})

    listed = control(toy_server, "GET", "faults").body["faults"]
    assert [(fault["effect"], fault.get("seconds"), fault.get("status")) for fault in listed] == [
        ("delay", 2.5, None),
        ("status", None, 502),
    ]
    assert control(toy_server, "DELETE", "faults", {"id": first["id"]}).body == {"cleared": 1}
    assert control(toy_server, "DELETE", "faults").body == {"cleared": 1}
    assert control(toy_server, "GET", "faults").body == {"faults": []}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"effect": "explode"}, "effect: one of delay, drop-before"),
        ({"effect": "delay"}, "delay needs seconds"),
        ({"effect": "reset", "seconds": 1.0}, "reset takes no seconds"),
        ({"effect": "reset", "status": 502}, "reset takes no status"),
        ({"effect": "reset", "retry_after": 2}, "reset takes no retry_after"),
        ({"effect": "throttle", "retry_after": 2, "no_retry_after": True}, "no_retry_after is for throttle, and not together with"),
        ({"effect": "reset", "reason": "row"}, "reset takes no reason"),
        ({"effect": "conflict", "reason": "requests"}, "conflict takes one of the reasons version, row, key, duplicates"),
        ({"effect": "reset", "where": "part"}, "reset cannot happen to a part of a batch"),
        ({"effect": "conflict", "where": "entra"}, "conflict cannot happen to a request for Entra ID"),
        ({"effect": "sign-in-refused"}, "sign-in-refused happens to requests for Entra ID only"),
        ({"effect": "delay", "seconds": 1.0, "where": "entra", "organization": "toy"}, "leave the organization out"),
        ({"effect": "status", "count": 0}, "count: Input should be greater than or equal to 1"),
        ({"effect": "status", "often": 2}, "often: Extra inputs are not permitted"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_in_words(toy_server: EmbeddedDataverse, how: dict[str, Any], said: str) -> None:
    answer = control(toy_server, "POST", "faults", how)

    assert answer.status == 400
    assert said in answer.body["error"]["message"]


def test_there_is_an_end_to_faults(toy_server: EmbeddedDataverse) -> None:
    for _ in range(100):
        toy_server.fault("status")

    with pytest.raises(ValueError, match="there are 100 faults already"):
        toy_server.fault("status")


def test_two_servers_share_a_fault_and_it_hits_once(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with start(state) as one, start(state) as two:
        one.fault("status")
        asked = [Client(server, server.token()).get(ROW).status for server in (two, one)]

    assert asked == [503, 200]


def test_a_fault_that_another_process_has_just_used_up_hits_nobody(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.sqlite")
    shelf = FaultShelf(store)
    store.set_setting("faults", [])

    assert shelf.take(Subject("outer", "toy", "GET", "accounts")) is None
    assert json.dumps(store.setting("faults")) == "[]"
    store.close()


def test_what_is_not_emulated_is_counted_by_name(toy_server: EmbeddedDataverse, api: Client) -> None:
    for path in ("GlobalOptionSetDefinitions", "$crossjoin", "$crossjoin"):
        assert api.get(path).status == 501
    batch(api, get("$crossjoin"), Prefer="odata.continue-on-error")

    assert [
        (entry["what"].rpartition("support ")[2], entry["count"]) for entry in control(toy_server, "GET", "unsupported").body["unsupported"]
    ] == [
        ("$crossjoin.", 3),
        ("GlobalOptionSetDefinitions.", 1),
    ]
    control(toy_server, "DELETE", "requests")
    assert control(toy_server, "GET", "unsupported").body == {"unsupported": []}
