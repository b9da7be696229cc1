from __future__ import annotations

import json
import re

import pytest

from tests.emulator.toy import CONTOSO, FABRIKAM
from tests.emulator.wire import Client, Reply

GET = "GET {target} HTTP/1.1{n}Accept: application/json{n}{n}{n}"
FRESH = "eeeeeeee-0000-0000-0000-00000000000{}"


def batch(api: Client, *parts: str, newline: str = "\r\n", content_type: str = "multipart/mixed; boundary=b", **headers: str) -> Reply:
    body = "".join(f"--b{newline}{part}" for part in parts) + f"--b--{newline}"
    return api("POST", "$batch", raw=body.encode(), headers={"Content-Type": content_type, **headers})


def part(request: str, newline: str = "\r\n") -> str:
    return f"Content-Type: application/http{newline}Content-Transfer-Encoding: binary{newline}{newline}{request}{newline}"


def get(path: str) -> str:
    return part(f"GET /toy/api/data/v9.2/{path} HTTP/1.1\r\nAccept: application/json\r\n\r\n")


def change_set(*requests: tuple[str, str, object]) -> str:
    inner = ""
    for number, (method, path, body) in enumerate(requests, 1):
        inner += "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        inner += f"Content-ID: {number}\r\n\r\n{method} {path} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{json.dumps(body)}\r\n"
    return f"Content-Type: multipart/mixed; boundary=c\r\n\r\n{inner}--c--\r\n"


def statuses(reply: Reply) -> list[int]:
    return [int(found) for found in re.findall(rb"^HTTP/1\.1 (\d+) ", reply.content, re.MULTILINE)]


def test_the_answers_stand_in_the_order_of_the_requests(api: Client) -> None:
    reply = batch(api, get(f"accounts({CONTOSO})?$select=name"), get(f"accounts({FABRIKAM})?$select=name"), get("WhoAmI"))

    assert reply.status == 200
    assert statuses(reply) == [200, 200, 200]
    text = reply.content.decode()
    assert text.index("Contoso") < text.index("fabrikam") < text.index("UserId")


def test_the_answer_is_laid_out_as_strictly_as_clients_read_it(api: Client) -> None:
    reply = batch(api, change_set(("POST", "/toy/api/data/v9.2/accounts", {"name": "x"})))

    text = reply.content.decode()
    boundary = reply.headers["Content-Type"].partition("boundary=")[2]
    assert boundary.startswith("batchresponse_")
    assert text.startswith(f"--{boundary}\r\nContent-Type: multipart/mixed; boundary=changesetresponse_")
    assert text.endswith(f"--{boundary}--\r\n")
    assert re.search(r"boundary=changesetresponse_[0-9a-f-]+\r\n\r\n--changesetresponse_", text)
    assert "\r\nContent-ID: 1\r\n" in text
    assert re.search(r"\r\nOData-EntityId: http://\S+\(([0-9a-f-]{36})\)\r\n", text)
    assert "{" not in text.partition("\r\n\r\n")[0]


@pytest.mark.parametrize(
    ("newline", "content_type", "target"),
    [
        ("\r\n", 'multipart/mixed; boundary="b"', "http://127.0.0.1/toy/api/data/v9.2/accounts?$filter=name eq 'contoso'"),
        ("\n", "multipart/mixed;boundary=b", "http://127.0.0.1/toy/api/data/v9.2/accounts?$filter=name%20eq%20'contoso'"),
        ("\n", "multipart/mixed; boundary=b", "/toy/api/data/v9.2/accounts?$filter=name%20eq%20'contoso'"),
        ("\r\n", "multipart/mixed;boundary=b", "/api/data/v9.2/accounts?%24filter=name+eq+'contoso'"),
        ("\r\n", "multipart/mixed; boundary=b; charset=utf-8", "accounts?$filter=name eq 'contoso'"),
    ],
)
def test_every_dialect_of_the_clients_is_understood(api: Client, newline: str, content_type: str, target: str) -> None:
    reply = batch(api, part(f"GET {target} HTTP/1.1{newline}{newline}", newline), newline=newline, content_type=content_type)

    assert statuses(reply) == [200]
    assert '"name": "Contoso"' in reply.content.decode()
    assert "fabrikam" not in reply.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        b"\r\n--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding:binary\r\n\r\nGET WhoAmI HTTP/1.1\r\n--b--",
        b"--b\nContent-Type: application/http\n\nGET WhoAmI HTTP/1.1\n\n--b--\n ",
        b"--b\r\nContent-Type: application/http\r\n\r\nGET WhoAmI HTTP/1.1\r\n\r\n--b--\r\n",
        b"preamble\r\n--b\r\nContent-Type: application/http\r\n\r\n\r\nGET WhoAmI\r\n--b--\r\nepilogue",
    ],
)
def test_missing_and_superfluous_blank_lines_are_swallowed(api: Client, body: bytes) -> None:
    reply = api("POST", "$batch", raw=body, headers={"Content-Type": "multipart/mixed; boundary=b"})

    assert statuses(reply) == [200]


def test_blank_lines_before_a_body_and_writes_outside_change_sets_are_fine(api: Client) -> None:
    request = 'POST accounts HTTP/1.1\r\nContent-Type: application/json; type=entry\r\n\r\n\r\n{"name": "x"}'

    assert statuses(batch(api, part(request), part(f"DELETE accounts({CONTOSO}) HTTP/1.1\r\nContent-Type: a/b\r\n\r\n"))) == [204, 204]


def test_a_change_set_is_all_or_nothing(api: Client) -> None:
    before = api.get("accounts").body["value"]
    reply = batch(
        api,
        change_set(
            ("POST", "accounts", {"name": "one"}),
            ("PATCH", f"accounts({CONTOSO})", {"employees": 1}),
            ("PATCH", f"accounts({FABRIKAM})", {"employees": -1}),
            ("POST", "accounts", {"name": "two"}),
        ),
    )

    assert reply.status == 400
    assert statuses(reply) == [400]
    assert "Content-ID: 3" in reply.content.decode()
    assert before == api.get("accounts").body["value"]


def test_a_failure_stops_the_batch_but_what_was_done_stays(api: Client) -> None:
    reply = batch(api, change_set(("PATCH", f"accounts({CONTOSO})", {"employees": 1})), get("nope"), get("WhoAmI"))

    assert reply.status == 400
    assert statuses(reply) == [204, 404]
    assert api.get(f"accounts({CONTOSO})").body["employees"] == 1


def test_on_request_the_batch_goes_on_after_a_failure(api: Client) -> None:
    reply = batch(api, get("nope"), change_set(("POST", "nope", {})), get("WhoAmI"), Prefer="odata.continue-on-error")

    assert reply.status == 200
    assert statuses(reply) == [404, 404, 200]


def test_content_ids_refer_to_rows_of_the_same_change_set(api: Client) -> None:
    one, two = FRESH.format(1), FRESH.format(2)
    reply = batch(
        api,
        change_set(
            ("POST", "contacts", {"contactid": one, "fullname": "New"}),
            ("POST", "accounts", {"accountid": two, "name": "New", "primarycontactid@odata.bind": "$1"}),
            ("PATCH", "$2", {"employees": 5}),
            ("PUT", "$1/fullname", {"value": "Newer"}),
            ("POST", "$2/account_contacts/$ref", {"@odata.id": "/$1"}),
        ),
    )

    assert statuses(reply) == [204] * 5
    row = api.get(f"accounts({two})?$expand=primarycontactid").body
    assert (5, "Newer", two) == (row["employees"], row["primarycontactid"]["fullname"], row["primarycontactid"]["_companyid_value"])


@pytest.mark.parametrize(("path", "body"), [("$7", {"employees": 1}), (f"accounts({CONTOSO})", {"primarycontactid@odata.bind": "$7"})])
def test_a_forward_reference_is_refused(api: Client, path: str, body: object) -> None:
    reply = batch(api, change_set(("PATCH", path, body)))

    assert statuses(reply) == [400]
    assert "Content-ID Reference: '$7' does not exist in the batch context." in reply.content.decode()


@pytest.mark.parametrize(
    ("parts", "content_type"),
    [
        ((change_set(("GET", "accounts", {})),), "multipart/mixed; boundary=b"),
        ((part("POST $batch HTTP/1.1\r\n\r\n"),), "multipart/mixed; boundary=b"),
        ((part("JUMP accounts HTTP/1.1\r\n\r\n"),), "multipart/mixed; boundary=b"),
        ((get("WhoAmI"),), "application/json; boundary=b"),
        ((get("WhoAmI"),), "multipart/mixed"),
        ((get("WhoAmI"),), "multipart/mixed; boundary=other"),
        ((get("WhoAmI"),) * 1001, "multipart/mixed; boundary=b"),
    ],
)
def test_what_a_batch_must_not_hold_is_refused_before_anything_runs(api: Client, parts: tuple[str, ...], content_type: str) -> None:
    reply = batch(api, *parts, content_type=content_type)

    assert reply.status == 400
    assert reply.body["error"]["code"] == "0x80060888"


def test_a_batch_is_posted(api: Client) -> None:
    assert api.get("$batch").status == 405


def test_a_fault_inside_a_change_set_undoes_it(api: Client) -> None:
    reply = batch(api, change_set(("PATCH", f"accounts({CONTOSO})", {"employees": 1}), ("POST", "Fail", {})))

    assert statuses(reply) == [500]
    assert api.get(f"accounts({CONTOSO})").body["employees"] == 50


def test_an_empty_change_set_is_no_failure(api: Client) -> None:
    reply = batch(api, "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n")

    assert (reply.status, statuses(reply)) == (200, [])


def test_parts_may_hold_text_and_documents(api: Client) -> None:
    text = batch(api, get("accounts/$count"), part("GET $metadata HTTP/1.1\r\n\r\n")).content.decode("utf-8")

    assert "\ufeff3" in text
    assert "<edmx:Edmx" in text


def test_the_log_shows_a_batch_and_its_parts_in_order(api: Client) -> None:
    api.get("WhoAmI")
    api.server.clear_requests()
    batch(api, get("accounts?$filter=name%20eq%20'x'"), change_set(("PATCH", f"accounts({CONTOSO})", {"employees": 1})), get("nope"))

    told = [(entry.method, entry.path, entry.status, entry.organization, entry.part_of_batch) for entry in api.server.requests]
    assert [
        ("POST", "$batch", 400, "toy", False),
        ("GET", "accounts?$filter=name eq 'x'", 200, "toy", True),
        ("PATCH", f"accounts({CONTOSO})", 204, "toy", True),
        ("GET", "nope", 404, "toy", True),
    ] == told
