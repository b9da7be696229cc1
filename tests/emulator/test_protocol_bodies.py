"""Bodies of requests that are no JSON object, or one that the service would not take."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest

from tests.emulator.wire import Client


def names(api: Client) -> set[str]:
    return set(api.get("accounts?$select=name").names)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml; charset=utf-8"])
def test_a_body_of_another_type_is_refused(api: Client, kind: str) -> None:
    before = names(api)
    reply = api("POST", "accounts", {"name": "Typed"}, headers={"Content-Type": kind})
    assert reply.error == (415, "0x80060888")
    assert f"matches the content type '{kind}'" in reply.body["error"]["message"]
    assert names(api) == before


def test_a_body_without_a_type_is_refused(api: Client) -> None:
    host = api.server.root.removeprefix("http://")
    connection = HTTPConnection(host, timeout=20)
    try:
        connection.request("POST", "/toy/api/data/v9.2/accounts", b'{"name":"Bare"}', {"Authorization": f"Bearer {api.token}"})
        answer = connection.getresponse()
        assert (answer.status, b"The content type header is required." in answer.read()) == (400, True)
    finally:
        connection.close()
    assert "Bare" not in names(api)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON;odata.metadata=full", "application/json; type=entry"]
)
def test_json_may_be_described_further(api: Client, kind: str) -> None:
    assert api("POST", "accounts", {"name": "Typed"}, headers={"Content-Type": kind}).status == 204


def test_a_row_is_not_made_of_nothing(api: Client) -> None:
    before = names(api)
    assert api("POST", "accounts", raw=b"").error == (400, "0x80048d19")
    assert api("POST", "accounts", raw=b" \n").error == (400, "0x80048d19")
    assert names(api) == before


@pytest.mark.parametrize("body", [b'{"name":"A","name":"B"}', b'{"name":"A","primarycontactid":{"fullname":"X","fullname":"Y"}}'])
def test_a_name_that_comes_twice_is_refused(api: Client, body: bytes) -> None:
    reply = api("POST", "accounts", raw=body)
    assert reply.error == (400, "0x80048d19")
    assert "Multiple properties with the name '" in reply.body["error"]["message"]


def test_characters_that_no_text_has_are_refused(api: Client) -> None:
    for character in ("\x00", "\x0b", "\uffff"):
        assert api("POST", "accounts", {"name": f"A{character}B"}).error == (400, "0x80040278")
    assert api("POST", "accounts", {"name": "A\tB\r\nC"}).status == 204
