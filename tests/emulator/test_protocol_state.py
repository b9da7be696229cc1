from __future__ import annotations

import datetime as dt
import http.client
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from reconciler.emulator.identity.certificates import certificates_beside
from reconciler.emulator.server import EmbeddedDataverse
from reconciler.emulator.serving.applications import MAX_BODY
from reconciler.emulator.storage.store import Store
from tests.emulator.toy import CATALOG, CONTOSO, FABRIKAM, ToyDomain
from tests.emulator.wire import Client, Reply, send


def start(state: Path) -> EmbeddedDataverse:
    return EmbeddedDataverse(state, domain=ToyDomain(), catalog=CATALOG)


def control(server: EmbeddedDataverse, method: str, name: str, body: Any = None, **headers: str) -> Reply:
    data = None if body is None else json.dumps(body).encode()
    return send(method, f"{server.root}/_emulator/v1/{name}", data, headers)


def test_rows_clock_and_certificates_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "state.sqlite"
    with start(state) as server:
        Client(server, server.token())("PATCH", f"accounts({CONTOSO})", {"employees": 77})
        server.clock.advance(dt.timedelta(days=14))
        authority = server.ca_file.read_bytes()

    with start(state) as server:
        assert Client(server, server.token()).get(f"accounts({CONTOSO})").body["employees"] == 77
        assert server.clock.now() - dt.datetime.now(dt.UTC) > dt.timedelta(days=13)
        assert authority == server.ca_file.read_bytes()


def test_two_servers_share_one_file(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with start(state) as one, start(state) as two:
        first, second = Client(one, one.token()), Client(two, two.token())
        assert second.get(f"accounts({CONTOSO})").body["employees"] == 50
        assert second.get("accounts?$filter=employees eq 50").names == ["Contoso"]
        etag = first.get(f"accounts({CONTOSO})").body["@odata.etag"]

        assert first("PATCH", f"accounts({CONTOSO})", {"employees": 1}, headers={"If-Match": etag}).status == 204
        assert second("PATCH", f"accounts({CONTOSO})", {"employees": 2}, headers={"If-Match": etag}).status == 412
        assert second.get("accounts?$filter=employees eq 1").names == ["Contoso"]
        assert one.ca_file == two.ca_file


def test_registrations_and_steps_of_the_clock_of_two_servers_all_count(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with start(state) as one, start(state) as two:

        def register(server: EmbeddedDataverse, number: int) -> None:
            control(server, "POST", "applications", {"name": f"robot {number}"})
            control(server, "POST", "clock", {"advance_seconds": 3600})

        with ThreadPoolExecutor(8) as several:
            list(several.map(register, [one, two] * 20, range(40)))
        assert len(one._store.setting("directory")["applications"]) == 40
        assert one._store.setting("clock_offset_seconds") == 40 * 3600


def test_organizations_keep_to_themselves(toy_server: EmbeddedDataverse) -> None:
    one, two = (Client(toy_server, toy_server.token(), name) for name in ("one", "two"))
    one("DELETE", f"accounts({CONTOSO})")

    assert one.get(f"accounts({CONTOSO})").status == 404
    assert two.get(f"accounts({CONTOSO})").status == 200


def test_an_undone_write_leaves_nothing_for_later_readers(api: Client) -> None:
    assert len(api.get("accounts").body["value"]) == 3
    assert api("POST", "accounts", {"name": "x", "accountnumber": "C1"}).status == 412
    assert api("PATCH", f"accounts({FABRIKAM})", {"employees": 1}).status == 204

    assert [row["employees"] for row in api.get("accounts").body["value"]] == [50, 1, None]


def test_the_date_header_tells_virtual_time_and_stamps_follow_it(toy_server: EmbeddedDataverse, api: Client) -> None:
    moment = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    told = control(toy_server, "POST", "clock", {"set": "2031-05-06T07:08:09"})
    reply = api("PATCH", f"accounts({CONTOSO})", {"employees": 1}, headers={"Prefer": "return=representation"})

    assert told.body["now"].startswith("2031-05-06T07:08:")
    assert parsedate_to_datetime(reply.headers["Date"]) - moment < dt.timedelta(minutes=1)
    assert reply.body["modifiedon"].startswith("2031-05-06T07:0")
    assert control(toy_server, "POST", "clock", {"advance_seconds": 86400}).body["now"].startswith("2031-05-07")
    assert control(toy_server, "GET", "clock").body["now"].startswith("2031-05-07")


@pytest.mark.parametrize(
    "body", [{}, {"set": "noon"}, {"advance_seconds": "x"}, {"advance_seconds": 1e300}, {"advance_seconds": 2e11}, ["x"]]
)
def test_the_clock_does_not_move_on_nonsense(toy_server: EmbeddedDataverse, body: Any) -> None:
    assert control(toy_server, "POST", "clock", body).status == 400
    assert control(toy_server, "GET", "clock").status == 200


def test_the_clock_does_not_move_beyond_what_it_can_show(toy_server: EmbeddedDataverse) -> None:
    assert control(toy_server, "POST", "clock", {"advance_seconds": 1e11}).status == 400
    assert control(toy_server, "POST", "clock", {"set": "9999-12-31T23:59:59Z"}).status == 400


def test_what_the_clock_made_due_is_stored_before_versions_are_compared(toy_server: EmbeddedDataverse, api: Client) -> None:
    etag = api.get(f"accounts({CONTOSO})").body["@odata.etag"]
    control(toy_server, "POST", "clock", {"set": "2051-01-01T00:00:00Z"})

    assert api("PATCH", f"accounts({CONTOSO})", {"employees": 1}, headers={"If-Match": etag}).error == (412, "0x80060882")
    row = api.get(f"accounts({CONTOSO})").body
    assert row["name"] == "lapsed"
    assert row["@odata.etag"] == api.get(f"accounts({CONTOSO})").body["@odata.etag"]


def test_consent_is_set_outside_of_the_web_api(toy_server: EmbeddedDataverse, api: Client) -> None:
    told = control(toy_server, "POST", "consent", {"organization": "toy", "state": "granted"})

    assert told.body == {"organization": "toy", "state": "granted"}
    assert api.get(f"accounts({CONTOSO})").body["name"] == "granted"
    assert control(toy_server, "POST", "consent", {"organization": "toy", "state": "maybe"}).status == 400
    assert control(toy_server, "POST", "consent", {"organization": "unknown", "state": "granted"}).status == 400


def test_reset_seeds_anew(toy_server: EmbeddedDataverse, api: Client) -> None:
    other = Client(toy_server, toy_server.token(), "other")
    for client in (api, other):
        client("DELETE", f"accounts({CONTOSO})")

    assert control(toy_server, "POST", "reset", {"organization": "toy"}).body == {"organizations": ["other"]}
    assert (api.get(f"accounts({CONTOSO})").status, other.get(f"accounts({CONTOSO})").status) == (200, 404)
    for strange in (["x"], 5, {"x": 1}, True):
        refused = control(toy_server, "POST", "reset", {"organization": strange})
        assert (refused.status, refused.body["error"]["message"]) == (400, '"organization" is the name of one')
    assert control(toy_server, "POST", "reset").body == {"organizations": []}
    assert other.get(f"accounts({CONTOSO})").status == 200


def test_the_log_is_read_and_cleared(toy_server: EmbeddedDataverse, api: Client) -> None:
    api.get("WhoAmI")

    told = control(toy_server, "GET", "requests").body["requests"]
    assert told == [{"method": "GET", "path": "WhoAmI", "status": 200, "organization": "toy", "part_of_batch": False}]
    assert control(toy_server, "DELETE", "requests").body == {"requests": []}
    assert toy_server.requests == []


def test_control_gives_tokens_for_people_and_for_the_application(toy_server: EmbeddedDataverse) -> None:
    ana = control(toy_server, "POST", "token", {"user": "Ana Pop"}).body["access_token"]
    application = control(toy_server, "POST", "token").body["access_token"]

    assert Client(toy_server, ana).get("WhoAmI").status == 200
    names = [row["fullname"] for row in Client(toy_server, application).get("systemusers?$orderby=fullname").body["value"]]
    assert names == ["Ana Pop", "rictl"]


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_control_refuses_what_a_web_page_could_send(toy_server: EmbeddedDataverse, headers: dict[str, str]) -> None:
    assert control(toy_server, "POST", "reset", {}, **headers).status == 403
    assert control(toy_server, "GET", "clock", Origin=toy_server.root).status == 200


def test_unknown_control_requests_are_named(toy_server: EmbeddedDataverse) -> None:
    assert control(toy_server, "GET", "nope").status == 404


def test_a_slow_organization_answers_late(toy_server: EmbeddedDataverse) -> None:
    assert Client(toy_server, toy_server.token(), "slow").get("WhoAmI").status == 200


def test_bodies_are_bounded(toy_server: EmbeddedDataverse) -> None:
    with socket.create_connection(("127.0.0.1", int(toy_server.root.rpartition(":")[2]))) as connection:
        head = f"POST /toy/api/data/v9.2/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY + 10}\r\n\r\n"
        connection.sendall(head.encode())
        block = b" " * (1 << 20)
        for _ in range(MAX_BODY // len(block)):
            connection.sendall(block)
        connection.sendall(b" " * 10)

        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_chunked_bodies_and_kept_connections_are_fine(toy_server: EmbeddedDataverse) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(toy_server.root.rpartition(":")[2]))
    headers = {"Authorization": f"Bearer {toy_server.token()}", "Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    for name in ("a", "b"):
        connection.request("POST", "/toy/api/data/v9.2/accounts", iter([b'{"name":', f'"{name}"}}'.encode()]), headers, encode_chunked=True)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 204
        assert answer.getheader("Server") is None
    connection.close()


def test_a_taken_port_is_an_error_at_once(toy_server: EmbeddedDataverse, tmp_path: Path) -> None:
    port = int(toy_server.root.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"):
        EmbeddedDataverse(tmp_path / "x.sqlite", domain=ToyDomain(), catalog=CATALOG, port=port)
    with pytest.raises(OSError, match="in use"):
        EmbeddedDataverse(tmp_path / "x.sqlite", domain=ToyDomain(), catalog=CATALOG, entra_port=port)


def test_closing_twice_is_fine(tmp_path: Path) -> None:
    server = start(tmp_path / "s.sqlite")
    server.close()
    server.close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(server.root).port or 0))


def test_certificates_are_renewed_before_they_expire(tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    store = Store(tmp_path / "s.sqlite")
    old = certificates_beside(store, now - dt.timedelta(days=300)).authority.read_text()

    assert old == certificates_beside(store, now).authority.read_text()
    renewed = certificates_beside(store, now + dt.timedelta(days=60))
    assert old != renewed.authority.read_text()
    assert renewed.chain.stat().st_mode & 0o777 == 0o600
    store.close()
