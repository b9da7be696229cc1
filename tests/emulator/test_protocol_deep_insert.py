from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.toy import ADA, BOB, CONTOSO, SALES
from tests.emulator.wire import Client

REPRESENTATION = {"Prefer": "return=representation"}


def test_rows_inside_a_body_are_made_with_it_and_point_to_each_other(api: Client) -> None:
    body = {
        "name": "parent",
        "primarycontactid": {"fullname": "Chief"},
        "account_contacts": [{"fullname": "Eve"}, {"fullname": "Dan"}],
        "account_partners": [{"name": "child", "account_contacts": [{"fullname": "Grandchild"}]}],
    }
    path = "accounts?$select=name&$expand=primarycontactid($select=fullname),account_contacts($select=fullname;$orderby=fullname)"
    reply = api("POST", path, body, headers=REPRESENTATION)

    assert reply.status == 201
    assert (reply.body["name"], reply.body["primarycontactid"]["fullname"]) == ("parent", "Chief")
    assert [row["fullname"] for row in reply.body["account_contacts"]] == ["Dan", "Eve"]
    child = api.get("accounts?$filter=name eq 'child'&$expand=new_Partner_a($select=name),account_contacts").body["value"][0]
    assert child["new_Partner_a"]["name"] == "parent"
    assert [row["fullname"] for row in child["account_contacts"]] == ["Grandchild"]


def test_a_lookup_leads_to_the_new_row_by_the_navigation_property_that_holds_it(api: Client) -> None:
    made = api("POST", "accounts?$expand=new_Partner_c", {"name": "x", "new_Partner_c": {"fullname": "Pat"}}, headers=REPRESENTATION)

    assert made.body["new_Partner_c"]["fullname"] == "Pat"
    assert made.body["_new_Partner_value"] == made.body["new_Partner_c"]["contactid"]
    assert api("POST", "accounts", {"ownerid": {"@odata.type": "#Microsoft.Dynamics.CRM.systemuser", "fullname": "New"}}).status == 204
    assert len(api.get("systemusers?$filter=fullname eq 'New'").body["value"]) == 1


def test_members_of_a_many_to_many_collection_are_made_or_bound(api: Client) -> None:
    body = {
        "fullname": "Zoe",
        "systemuserroles_association": [{"name": "New"}],
        "systemuserroles_association@odata.bind": [f"roles({SALES})"],
    }
    made = api("POST", "systemusers?$expand=systemuserroles_association($select=name)", body, headers=REPRESENTATION)

    assert sorted(role["name"] for role in made.body["systemuserroles_association"]) == ["New", "Salesperson"]


def test_rows_that_are_there_are_bound_to_a_collection_on_create(api: Client) -> None:
    body = {"name": "x", "account_contacts@odata.bind": [f"/contacts({ADA})", f"contacts({BOB})"]}
    made = api("POST", "accounts?$expand=account_contacts($select=fullname)", body, headers=REPRESENTATION)

    assert sorted(row["fullname"] for row in made.body["account_contacts"]) == ["Ada Byron", "Bob O'Neill"]


def nested(depth: int) -> dict[str, Any]:
    body: dict[str, Any] = {"name": "deep"}
    for _ in range(depth):
        body = {"name": "deep", "account_partners": [body]}
    return body


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"name": "x", "primarycontactid": {"fullname": "Chief"}, "account_contacts": [{"nope": 1}]}, (400, "0x80048d19")),
        ({"name": "x", "account_contacts": [{"fullname": "Eve"}, {"fullname": "x" * 161}]}, (400, "0x80044331")),
        ({"name": "x" * 21, "primarycontactid": {"fullname": "Chief"}}, (400, "0x80044331")),
        ({"account_contacts": {"fullname": "Eve"}}, (400, "0x80048d19")),
        ({"account_contacts": ["Eve"]}, (400, "0x80048d19")),
        ({"account_contacts@odata.bind": f"contacts({ADA})"}, (400, "0x80048d19")),
        ({"account_contacts@odata.bind": [f"accounts({CONTOSO})"]}, (400, "0x80060888")),
        ({"account_contacts@odata.bind": ["contacts(dddddddd-0000-0000-0000-000000000001)"]}, (404, "0x80040217")),
        ({"owninguser": {"fullname": "x"}}, (400, "0x80060888")),
        ({"ownerid": {"@odata.type": "Microsoft.Dynamics.CRM.contact"}}, (400, "0x80060888")),
        ({"name": "x", "primarycontactid": "Eve"}, (400, "0x80060888")),
        (nested(21), (400, "0x80060888")),
    ],
)
def test_one_refused_row_leaves_none_of_them(api: Client, body: dict[str, Any], error: tuple[int, str]) -> None:
    def everything() -> tuple[int, int]:
        return len(api.get("accounts").body["value"]), len(api.get("contacts").body["value"])

    before = everything()
    assert api("POST", "accounts", body).error == error
    assert everything() == before


def test_rows_may_be_nested_deeply(api: Client) -> None:
    assert api("POST", "accounts", nested(20)).status == 204
    assert len(api.get("accounts?$filter=name eq 'deep'").body["value"]) == 21


@pytest.mark.parametrize(
    "body",
    [
        {"primarycontactid": {"fullname": "Chief"}},
        {"account_contacts": [{"fullname": "Eve"}]},
        {"account_contacts@odata.bind": [f"contacts({ADA})"]},
    ],
)
@pytest.mark.parametrize("id", [CONTOSO, "dddddddd-0000-0000-0000-000000000001"])
def test_an_update_holds_no_other_rows(api: Client, id: str, body: dict[str, Any]) -> None:
    assert api("PATCH", f"accounts({id})", body).error == (400, "0x80060888")
    assert len(api.get("contacts").body["value"]) == 2
