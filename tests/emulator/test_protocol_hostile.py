"""Requests that are made to hurt are refused with the right error, in bounded time, and the server goes on."""

from __future__ import annotations

import time

import pytest

from reconciler.emulator.query.patterns import is_like
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.wire import Client, send


@pytest.mark.parametrize(
    "options",
    [
        "$filter=" + " or ".join(["name eq null"] * 1500),
        "$filter=" + "not " * 1500 + "name eq 'x'",
        "$filter=" + "primarycontactid/" * 2000 + "name eq 'x'",
        "$filter=" + "(" * 5000 + "name eq 'x'" + ")" * 5000,
        "$filter=employees eq " + "9" * 6000,
        "$filter=contains(name,'" + "a" * 5000 + "')",
        "$filter=Microsoft.Dynamics.CRM.In(PropertyName='name')",
        "$filter=Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=1)",
        "$expand=" + "primarycontactid($expand=" * 1500 + "x" + ")" * 1500,
    ],
)
def test_options_without_measure_are_refused_as_the_callers_mistake(api: Client, options: str) -> None:
    assert api.get(f"accounts?{options}").status == 400
    assert api.get("WhoAmI").status == 200


def test_a_minus_before_a_column_is_not_emulated(api: Client) -> None:
    assert api.get("accounts?$filter=-employees eq 1").status == 501


def test_a_range_that_runs_backwards_matches_nothing(api: Client) -> None:
    reply = api.get("accounts?$filter=contains(name,'[z-a]')")

    assert (reply.status, reply.names) == (200, [])


def test_a_pattern_of_many_wildcards_is_matched_in_bounded_time() -> None:
    begun = time.perf_counter()

    assert not is_like("a" * 4000, "%a" * 30 + "b")
    assert is_like("a" * 4000 + "b", "%a" * 30 + "b")
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("body", [rb'{"name": "\ud800"}', rb'{"\udfff": 1}'])
def test_half_a_surrogate_pair_is_no_text(api: Client, body: bytes) -> None:
    assert api("POST", "accounts", raw=body).error == (400, "0x80048d19")
    assert api("POST", "accounts", raw=rb'{"name": "\ud83d\ude00"}').status == 204


def test_a_list_that_never_ends_is_read_in_bounded_time(api: Client) -> None:
    part = "--b\r\nContent-Type: application/http\r\n\r\nGET accounts?$filter=name in (" + " " * 30_000 + " HTTP/1.1\r\n\r\n--b--"
    begun = time.perf_counter()

    reply = api("POST", "$batch", raw=part.encode(), headers={"Content-Type": "multipart/mixed; boundary=b"})

    assert (reply.status, time.perf_counter() - begun < 2) == (400, True)


@pytest.mark.parametrize("body", [b"--b\r\n" * 2_000_000, b"--b\r\n" + b"a:\n" * 3_000_000 + b"--b--", b"--b\r\n\r\n" + b"\n" * 9_000_000])
def test_a_batch_of_millions_of_lines_is_refused_at_once(api: Client, body: bytes) -> None:
    begun = time.perf_counter()

    reply = api("POST", "$batch", raw=body, headers={"Content-Type": "multipart/mixed; boundary=b"})

    assert (reply.status, time.perf_counter() - begun < 1) == (400, True)


def test_a_control_request_may_not_be_nested_without_end(toy_server: EmbeddedDataverse) -> None:
    assert send("POST", f"{toy_server.root}/_emulator/v1/clock", b"[" * 100_000).status == 400
