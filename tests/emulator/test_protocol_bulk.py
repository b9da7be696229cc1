from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.toy import ADA, CONTOSO, EMPTY, FABRIKAM, PAGE
from tests.emulator.wire import Client, Reply

FRESH = "dddddddd-0000-0000-0000-000000000001"
TYPE = "Microsoft.Dynamics.CRM.account"


def multiple(api: Client, name: str, *targets: dict[str, Any], entity_set: str = "accounts") -> Reply:
    stamped = [{"@odata.type": TYPE, **target} for target in targets]
    return api("POST", f"{entity_set}/Microsoft.Dynamics.CRM.{name}", {"Targets": stamped})


def names(api: Client) -> list[str]:
    return sorted(api.get("accounts?$select=name").names)


def test_create_multiple_answers_with_the_ids_in_the_order_of_the_targets(api: Client) -> None:
    reply = multiple(api, "CreateMultiple", {"name": "first"}, {"name": "second", "accountid": FRESH}, {"name": "third"})

    assert reply.status == 200
    assert reply.body["@odata.context"].endswith("/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse")
    ids = reply.body["Ids"]
    assert [api.get(f"accounts({id})").body["name"] for id in ids] == ["first", "second", "third"]
    assert ids[1] == FRESH
    assert api.get(f"accounts({ids[0]})").body["_createdby_value"] == api.get("WhoAmI").body["UserId"]


@pytest.mark.parametrize(
    ("name", "targets", "error"),
    [
        ("CreateMultiple", [{"name": "a"}, {"name": "x" * 21}], (400, "0x80044331")),
        ("CreateMultiple", [{"name": "a"}, {"accountid": CONTOSO}], (412, "0x80040237")),
        ("CreateMultiple", [{"name": "a", "accountnumber": "N"}, {"accountnumber": "n"}], (412, "0x80060892")),
        ("UpdateMultiple", [{"accountid": CONTOSO, "name": "a"}, {"accountid": FRESH, "name": "b"}], (404, "0x80040217")),
        ("UpdateMultiple", [{"accountid": CONTOSO, "name": "a"}, {"@odata.id": "accounts(accountnumber='Z')"}], (404, "0x80060891")),
        ("UpdateMultiple", [{"accountid": CONTOSO, "name": "a"}, {"name": "b"}], (400, "0x80060888")),
        ("UpdateMultiple", [{"accountid": CONTOSO, "name": "a"}, {"accountid": 7}], (400, "0x80048d19")),
        ("UpdateMultiple", [{"accountid": CONTOSO, "name": "a"}, {"@odata.id": f"contacts({ADA})"}], (400, "0x80060888")),
        ("UpdateMultiple", [{"accountid": CONTOSO, "name": "a"}, {"accountid": EMPTY, "nope": 1}], (400, "0x80048d19")),
        (
            "UpsertMultiple",
            [{"@odata.id": f"accounts(accountnumber='{z}')"} for z in "Zz"],
            (400, "0x80060888"),
        ),
        ("UpsertMultiple", [{"accountid": CONTOSO, "name": "a"}, {"@odata.id": f"accounts({CONTOSO})"}], (400, "0x80060888")),
        ("DeleteMultiple", [{"accountid": CONTOSO}], (400, "0x80040203")),
    ],
)
def test_one_refused_target_refuses_them_all(api: Client, name: str, targets: list[dict[str, Any]], error: tuple[int, str]) -> None:
    before = names(api)

    assert multiple(api, name, *targets).error == error
    assert names(api) == before


def test_update_multiple_changes_only_what_each_target_names(api: Client) -> None:
    reply = multiple(
        api,
        "UpdateMultiple",
        {"accountid": CONTOSO.upper(), "employees": 51},
        {"@odata.id": "accounts(accountnumber='F1')", "name": "Fab"},
        {"accountid": CONTOSO, "employees": 99},
    )

    assert (reply.status, reply.content) == (204, b"")
    contoso, fabrikam = api.get(f"accounts({CONTOSO})").body, api.get(f"accounts({FABRIKAM})").body
    # Of two targets for one row the first counts.
    assert (contoso["name"], contoso["employees"]) == ("Contoso", 51)
    assert (fabrikam["name"], fabrikam["employees"]) == ("Fab", 7)


def test_upsert_multiple_finds_rows_by_address_primary_key_and_alternate_key_and_makes_the_others(api: Client) -> None:
    base = f"{api.server.url('toy')}/api/data/v9.2"
    reply = multiple(
        api,
        "UpsertMultiple",
        {"@odata.id": "accounts(accountnumber='C1')", "employees": 1},
        {"@odata.id": f"{base}/accounts(accountnumber='New')", "name": "made"},
        {"accountid": FRESH, "name": "by id"},
        {"accountnumber": "f1", "employees": 2},
        {"accountnumber": "other", "name": "by key"},
        {"name": "nameless key"},
    )

    assert (reply.status, reply.content) == (204, b"")
    rows = {row["name"]: row for row in api.get("accounts").body["value"]}
    assert sorted(rows) == ["Contoso", "Empty_100%", "by id", "by key", "fabrikam", "made", "nameless key"]
    assert (rows["Contoso"]["employees"], rows["fabrikam"]["employees"]) == (1, 2)
    assert (rows["made"]["accountnumber"], rows["by id"]["accountid"], rows["by key"]["accountnumber"]) == ("New", FRESH, "other")


@pytest.mark.parametrize("body", [{}, {"Targets": {}}, {"Targets": []}, {"Targets": ["x"]}, []])
def test_targets_are_a_list_of_objects(api: Client, body: object) -> None:
    assert api("POST", "accounts/Microsoft.Dynamics.CRM.CreateMultiple", body).error == (400, "0x80048d19")


@pytest.mark.parametrize("kind", ["", "account", "Microsoft.Dynamics.CRM.contact"])
def test_every_target_names_its_type(api: Client, kind: str) -> None:
    reply = multiple(api, "CreateMultiple", {"name": "x"}, {"name": "y", "@odata.type": kind})

    assert reply.error == (400, "0x80060888")
    assert "@odata.type" in reply.body["error"]["message"]
    assert multiple(api, "CreateMultiple", {"name": "x", "@odata.type": f"#{TYPE}"}).status == 200


def test_the_number_of_targets_is_bounded(api: Client) -> None:
    reply = multiple(api, "CreateMultiple", *({} for _ in range(10_001)))

    assert reply.error == (400, "0x80060888")
    assert "10001" in reply.body["error"]["message"]


def test_the_actions_are_bound_to_collections_of_rows_that_are_written_directly(api: Client) -> None:
    kind = "Microsoft.Dynamics.CRM.systemuserroles"
    assert multiple(api, "CreateMultiple", {"@odata.type": kind}, entity_set="systemuserrolescollection").status == 405
    assert api.get("accounts/Microsoft.Dynamics.CRM.CreateMultiple").status == 404
    assert api("POST", f"accounts({CONTOSO})/Microsoft.Dynamics.CRM.CreateMultiple", {}).status == 404
    assert api("POST", "accounts/CreateMultiple", {}).status == 405


def test_drafted_rows_are_changed_in_their_drafts(api: Client) -> None:
    target = {"@odata.type": "Microsoft.Dynamics.CRM.page", "pageid": PAGE, "title": "draft"}
    assert multiple(api, "UpdateMultiple", target, entity_set="pages").status == 204

    assert api.get(f"pages({PAGE})").body["title"] == "published"
    assert api.get(f"pages({PAGE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").body["title"] == "draft"


@pytest.mark.parametrize(("breaks", "left"), [(False, ["one", "two"]), (True, [])])
def test_a_change_set_takes_a_multiple_with_it(api: Client, breaks: bool, left: list[str]) -> None:
    def part(path: str, body: dict[str, Any]) -> str:
        head = "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        return f"{head}POST {path} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{json.dumps(body)}\r\n"

    both = {"Targets": [{"@odata.type": TYPE, "name": "one"}, {"@odata.type": TYPE, "name": "two"}]}
    parts = part("/api/data/v9.2/accounts/Microsoft.Dynamics.CRM.CreateMultiple", both)
    parts += part("/api/data/v9.2/contacts", {"nope" if breaks else "fullname": "x"})
    raw = f"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{parts}--c--\r\n--b--\r\n".encode()
    reply = api("POST", "$batch", raw=raw, headers={"Content-Type": "multipart/mixed; boundary=b"})

    assert reply.status == (400 if breaks else 200)
    assert [name for name in names(api) if name in ("one", "two")] == left
