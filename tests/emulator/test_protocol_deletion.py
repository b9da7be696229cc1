from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.toy import ADA, BOB, CONTOSO, EMPTY, FABRIKAM, PAGE, SALES
from tests.emulator.wire import Client, Reply

GUID = "System.Guid"


def condition(name: str, kind: str, *values: Any) -> dict[str, Any]:
    return {"AttributeName": name, "Operator": kind, "Values": list(values)}


def bulk_delete(api: Client, *conditions: dict[str, Any], table: str = "account", **query: Any) -> Reply:
    criteria = {"FilterOperator": "And", "Conditions": list(conditions)}
    expression = {"@odata.type": "Microsoft.Dynamics.CRM.QueryExpression", "EntityName": table, "Criteria": criteria, **query}
    return api("POST", "BulkDelete", {"JobName": "job", "RecurrencePattern": "", "QuerySet": [expression]})


def left(api: Client) -> list[str]:
    return sorted(api.get("accounts?$select=name").names)


def test_bulk_delete_as_the_python_sdk_sends_it_deletes_the_listed_rows(api: Client) -> None:
    listed = {
        "@odata.type": "Microsoft.Dynamics.CRM.ConditionExpression",
        "AttributeName": "accountid",
        "Operator": "In",
        "Values": [{"Value": id.upper(), "Type": GUID} for id in (CONTOSO, EMPTY)],
    }
    reply = bulk_delete(api, listed, ColumnSet={"AllColumns": False, "Columns": []})

    assert reply.status == 200
    assert reply.body["@odata.context"].endswith("#Microsoft.Dynamics.CRM.BulkDeleteResponse")
    assert len(reply.body["JobId"]) == 36
    assert left(api) == ["fabrikam"]


@pytest.mark.parametrize(
    ("found", "rest"),
    [
        ([condition("name", "Equal", "CONTOSO")], ["Empty_100%", "fabrikam"]),
        ([condition("employees", "Equal", {"Value": "7", "Type": "System.Int32"})], ["Contoso", "Empty_100%"]),
        ([condition("employees", "NotEqual", 7)], ["fabrikam"]),
        ([condition("employees", "NotIn", 7, 50)], ["Contoso", "Empty_100%", "fabrikam"]),
        ([condition("employees", "Null")], ["Contoso", "fabrikam"]),
        ([condition("employees", "NotNull")], ["Empty_100%"]),
        ([condition("employees", "GreaterThan", 7), condition("creditonhold", "Equal", "true")], ["Empty_100%", "fabrikam"]),
        ([condition("employees", "LessEqual", 7)], ["Contoso", "Empty_100%"]),
        ([condition("name", "BeginsWith", "con")], ["Empty_100%", "fabrikam"]),
        ([condition("name", "Like", "%abri%")], ["Contoso", "Empty_100%"]),
        ([condition("lastmeeting", "GreaterEqual", "2000-01-01")], ["Empty_100%", "fabrikam"]),
        ([condition("primarycontactid", "Equal", ADA)], ["Empty_100%", "fabrikam"]),
        ([condition("status", "Contains", "seen by")], []),
        ([], []),
    ],
)
def test_the_conditions_of_a_query_expression_say_what_is_deleted(api: Client, found: list[dict[str, Any]], rest: list[str]) -> None:
    assert bulk_delete(api, *found).status == 200
    assert left(api) == rest


def test_filters_of_a_query_expression_may_be_nested_and_alternative(api: Client) -> None:
    either = {"FilterOperator": "Or", "Conditions": [condition("name", "Equal", "Contoso"), condition("employees", "Equal", 7)]}
    assert bulk_delete(api, Criteria={"Filters": [either]}).status == 200
    assert left(api) == ["Empty_100%"]


def filters(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(depth):
        found = {"Filters": [found]}
    return found


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"JobName": "x"}, (400, "0x80048d19")),
        ({"JobName": "x", "QuerySet": []}, (400, "0x80048d19")),
        ({"JobName": "x", "QuerySet": [1]}, (400, "0x80048d19")),
        ({"JobName": "x", "QuerySet": [{}] * 101}, (400, "0x80040203")),
        ({"QuerySet": [{"EntityName": "account"}]}, (400, "0x80040203")),
        ({"JobName": "x", "QuerySet": [{"EntityName": "nope"}]}, (400, "0x80040203")),
        ({"JobName": "x", "RecurrencePattern": "FREQ=DAILY", "QuerySet": [{"EntityName": "account"}]}, (501, "0x80060888")),
        ({"JobName": "x", "QuerySet": [{"@odata.type": "Microsoft.Dynamics.CRM.FetchExpression"}]}, (501, "0x80060888")),
        ({"JobName": "x", "QuerySet": [{"EntityName": "account", "LinkEntities": [{}]}]}, (501, "0x80060888")),
        ({"JobName": "x", "QuerySet": [{"EntityName": "account", "TopCount": 1}]}, (501, "0x80060888")),
        ({"JobName": "x", "QuerySet": [{"EntityName": "systemuserroles"}]}, (405, "0x80060888")),
    ],
)
def test_a_bulk_delete_that_is_not_understood_deletes_nothing(api: Client, body: object, error: tuple[int, str]) -> None:
    assert api("POST", "BulkDelete", body).error == error
    assert len(left(api)) == 3


@pytest.mark.parametrize(
    ("criteria", "status"),
    [
        ({"Conditions": [condition("nope", "Null")]}, 400),
        ({"Conditions": [condition("name", "Equal")]}, 400),
        ({"Conditions": [condition("name", "LastXDays", 3)]}, 501),
        ({"Conditions": [condition("employees", "Equal", "many")]}, 400),
        ({"Conditions": {}}, 200),
        ({"Conditions": {"x": 1}}, 400),
        ({"Conditions": [1]}, 400),
        ({"FilterOperator": "Xor", "Conditions": [condition("name", "Null")]}, 400),
        (filters(12), 400),
        (filters(3), 200),
    ],
)
def test_criteria_that_are_not_understood_are_refused(api: Client, criteria: object, status: int) -> None:
    assert status == bulk_delete(api, Criteria=criteria).status
    assert len(left(api)) == (0 if status == 200 else 3)


def test_bulk_delete_is_an_action(api: Client) -> None:
    assert api.get("BulkDelete").status == 404


def test_a_row_that_may_not_be_deleted_stays_and_the_job_goes_on(api: Client) -> None:
    api("PATCH", f"accounts({FABRIKAM})", {"name": "undeletable"})

    assert bulk_delete(api).status == 200
    assert left(api) == ["undeletable"]


def test_a_caller_without_the_privilege_is_told_so_and_nothing_is_deleted(api: Client) -> None:
    api("PATCH", f"accounts({FABRIKAM})", {"name": "forbidden"})

    assert bulk_delete(api).error == (403, "0x80040220")
    assert left(api) == ["Contoso", "Empty_100%", "forbidden"]


def test_deleting_a_row_clears_the_lookups_to_it(api: Client) -> None:
    api("PATCH", f"accounts({EMPTY})", {"new_Partner_a@odata.bind": f"accounts({CONTOSO})"})
    api("PATCH", f"accounts({FABRIKAM})", {"new_Partner_c@odata.bind": f"contacts({BOB})"})
    etag = api.get(f"contacts({ADA})").body["@odata.etag"]

    assert api("DELETE", f"accounts({CONTOSO})").status == 204
    contacts = api.get("contacts").body["value"]
    assert [row["_companyid_value"] for row in contacts] == [None, None]
    assert etag not in [row["@odata.etag"] for row in contacts]
    partners = {row["name"]: row["_new_Partner_value"] for row in api.get("accounts").body["value"]}
    assert partners == {"Empty_100%": None, "fabrikam": BOB}


def test_a_row_that_points_to_itself_can_be_deleted(api: Client) -> None:
    api("PATCH", f"accounts({CONTOSO})", {"new_Partner_a@odata.bind": f"accounts({CONTOSO})"})

    assert api("DELETE", f"accounts({CONTOSO})").status == 204


def test_rows_that_point_to_each_other_are_deleted_together(api: Client) -> None:
    api("PATCH", f"accounts({CONTOSO})", {"new_Partner_a@odata.bind": f"accounts({EMPTY})"})
    api("PATCH", f"accounts({EMPTY})", {"new_Partner_a@odata.bind": f"accounts({CONTOSO})"})

    assert bulk_delete(api).status == 200
    assert left(api) == []


def test_deleting_a_row_drops_its_pairs(api: Client) -> None:
    me = api.get("WhoAmI").body["UserId"]
    api("POST", f"systemusers({me})/systemuserroles_association/$ref", {"@odata.id": f"roles({SALES})"})

    assert api("DELETE", f"roles({SALES})").status == 204
    assert api.get("systemuserrolescollection").body["value"] == []


def test_a_user_who_owns_rows_cannot_be_deleted(api: Client) -> None:
    made = api("POST", "systemusers", {"fullname": "Owner"}, headers={"Prefer": "return=representation"}).body["systemuserid"]
    api("PATCH", f"accounts({CONTOSO})", {"ownerid@odata.bind": f"systemusers({made})"})

    assert api("DELETE", f"systemusers({made})").error == (405, "0x80040227")
    api("DELETE", f"accounts({CONTOSO})")
    assert api("DELETE", f"systemusers({made})").status == 204


def test_a_reference_is_removed_from_a_collection_only_where_its_row_is_a_member(api: Client) -> None:
    assert api("DELETE", f"accounts({FABRIKAM})/account_contacts({ADA})/$ref").error == (404, "0x80040217")
    assert api.get(f"contacts({ADA})").body["_companyid_value"] == CONTOSO
    assert api("DELETE", f"accounts({CONTOSO})/account_contacts({ADA})/$ref").status == 204
    assert api.get(f"contacts({ADA})").body["_companyid_value"] is None


def test_relationships_tell_what_a_deletion_does(api: Client) -> None:
    path = "RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata?$select=SchemaName,CascadeConfiguration"
    deletes = {row["SchemaName"]: row["CascadeConfiguration"]["Delete"] for row in api.get(path).body["value"]}

    assert deletes["account_contacts"] == "RemoveLink"
    assert deletes["owner_accounts"] == "NoCascade"
    assert deletes["lk_account_createdby"] == "NoCascade"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400])
def test_a_number_that_no_column_can_hold_is_refused(api: Client, number: str) -> None:
    assert api("PATCH", f"accounts({CONTOSO})", raw=f'{{"score": {number}}}'.encode()).error == (400, "0x80048d19")
    assert api.get(f"accounts({CONTOSO})").body["score"] is None


def test_the_raw_value_of_a_property_has_an_address(api: Client) -> None:
    reply = api.get(f"accounts({CONTOSO})/name/$value")

    assert (reply.status, reply.content) == (200, b"Contoso")
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert api.get(f"accounts({CONTOSO})/employees/$value").content == b"50"
    assert api.get(f"accounts({CONTOSO})/creditonhold/$value").content == b"true"
    assert api.get(f"accounts({CONTOSO})/primarycontactid/fullname/$value").content == b"Ada Byron"
    assert (api.get(f"accounts({EMPTY})/employees/$value").status, api.get(f"accounts({CONTOSO})/nope/$value").status) == (204, 404)
    assert api("PUT", f"accounts({CONTOSO})/name/$value", raw=b"x").status == 501


def part(address: str) -> bytes:
    head = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    body = json.dumps({"title": "changed"})
    return f"{head}PATCH {address}/pages({PAGE}) HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n--b--\r\n".encode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("{root}/toy/api/data/v9.2", 200),
        ("{root}/TOY/api/data/v9.2", 200),
        ("{localhost}/toy/api/data/v9.2", 200),
        ("http://127.0.0.1/toy/api/data/v9.2", 200),
        ("/toy/api/data/v9.2", 200),
        ("/api/data/v9.2", 200),
        ("{root}/other/api/data/v9.2", 400),
        ("{root}/api/data/v9.2", 400),
        ("/other/api/data/v9.2", 400),
        ("http://127.0.0.1:1/toy/api/data/v9.2", 400),
        ("https://toy.crm.dynamics.com/api/data/v9.2", 400),
        ("https://toy.crm.dynamics.com/elsewhere", 400),
    ],
)
def test_a_part_goes_where_its_batch_goes_or_is_refused(api: Client, address: str, status: int) -> None:
    root = api.server.url("toy").removesuffix("/toy")
    raw = part(address.format(root=root, localhost=root.replace("127.0.0.1", "localhost")))
    reply = api("POST", "$batch", raw=raw, headers={"Content-Type": "multipart/mixed; boundary=b"})

    assert reply.status == status
    draft = api.get(f"pages({PAGE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").body["title"]
    assert draft == ("changed" if status == 200 else "published")
    assert status == 200 or "another host or organization" in reply.body["error"]["message"]
