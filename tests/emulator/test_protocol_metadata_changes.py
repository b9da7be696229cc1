from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.wire import Client, Reply, send

TYPED = ["LogicalName", "AttributeType", "MetadataId", "RequiredLevel", "MaxLength", "MinValue", "MaxValue", "Precision"]


def changes(api: Client, query: Any, more: str = "") -> Reply:
    url = f"{api.server.url('toy')}/api/data/v9.2/RetrieveMetadataChanges(Query=@p1{more})?%40p1={quote(json.dumps(query))}"
    return send("GET", url, headers={"Authorization": f"Bearer {api.token}"})


def named(name: str, kind: str = "Equals") -> dict[str, Any]:
    value = {"Type": "System.String", "Value": name}
    return {"Conditions": [{"PropertyName": "LogicalName", "ConditionOperator": kind, "Value": value}]}


def query(table: str, *properties: str, **more: Any) -> dict[str, Any]:
    return {"Properties": {"PropertyNames": ["LogicalName", *properties]}, "Criteria": named(table), **more}


def test_the_python_sdk_reads_typed_columns_of_a_table_in_one_request(api: Client) -> None:
    asked = query("account", "Attributes", AttributeQuery={"Properties": {"PropertyNames": TYPED}})
    reply = changes(api, asked)

    assert reply.status == 200
    assert reply.body["@odata.context"].endswith("#Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse")
    (table,) = reply.body["EntityMetadata"]
    columns = {row["LogicalName"]: row for row in table["Attributes"]}
    assert (columns["name"]["MaxLength"], columns["employees"]["MaxValue"]) == (20, 10_000)
    assert columns["name"]["@odata.type"] == "#Microsoft.Dynamics.CRM.StringAttributeMetadata"
    assert "DisplayName" not in columns["name"]
    definition = api.get("EntityDefinitions(LogicalName='account')").body
    assert table["MetadataId"] == definition["MetadataId"]
    assert "EntitySetName" not in table


def test_one_column_is_found_by_its_name(api: Client) -> None:
    asked = query("account", "Attributes", AttributeQuery={"Properties": {"PropertyNames": TYPED}, "Criteria": named("name")})

    assert [row["LogicalName"] for row in changes(api, asked).body["EntityMetadata"][0]["Attributes"]] == ["name"]


def test_relationships_and_keys_are_found_with_their_tables(api: Client) -> None:
    wanted = {"PropertyNames": ["ReferencingEntity"]}
    asked = query("account", "OneToManyRelationships", "Keys", RelationshipQuery={"Properties": wanted})
    (table,) = changes(api, asked).body["EntityMetadata"]

    relationships = {row["SchemaName"]: row["ReferencingEntity"] for row in table["OneToManyRelationships"]}
    assert relationships["account_contacts"] == "contact"
    assert len(table["Keys"]) == 1
    assert "Attributes" not in table


def test_all_properties_of_all_tables_come_on_request(api: Client) -> None:
    tables = changes(api, {"Properties": {"AllProperties": True}}).body["EntityMetadata"]

    assert sorted(table["LogicalName"] for table in tables) == ["account", "contact", "page", "role", "systemuser", "systemuserroles"]
    assert {"EntitySetName", "Attributes", "Keys", "ManyToManyRelationships"} <= set(tables[0])


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        (named("Account"), ["account"]),
        (named("nothing"), []),
        (named("account", "NotEquals"), ["contact", "page", "role", "systemuser", "systemuserroles"]),
        (
            {"Conditions": [{"PropertyName": "LogicalName", "ConditionOperator": "In", "Value": {"Value": ["page", "role"]}}]},
            ["page", "role"],
        ),
        ({"FilterOperator": "Or", "Filters": [named("page"), named("role")]}, ["page", "role"]),
        ({"Conditions": [{"PropertyName": "IsIntersect", "ConditionOperator": "Equals", "Value": True}]}, ["systemuserroles"]),
        ({"Conditions": [{"PropertyName": "IsAuditEnabled", "ConditionOperator": "Equals", "Value": {"Value": "true"}}]}, []),
    ],
)
def test_criteria_choose_the_tables(api: Client, criteria: dict[str, Any], found: list[str]) -> None:
    tables = changes(api, {"Properties": {"PropertyNames": []}, "Criteria": criteria}).body["EntityMetadata"]

    assert sorted(table["LogicalName"] for table in tables) == found


def nested(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(depth):
        found = {"Filters": [found]}
    return found


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("text", 400),
        ({"Criteria": []}, 200),
        ({"Criteria": [1]}, 400),
        ({"Criteria": {"Conditions": {"a": 1}}}, 400),
        ({"Criteria": {"Conditions": [1]}}, 400),
        ({"Criteria": nested(12)}, 400),
        ({"Criteria": named("a", "GreaterThan")}, 501),
        ({"LabelQuery": {"FilterLanguages": [1033]}}, 501),
    ],
)
def test_a_query_that_is_not_understood_is_refused(api: Client, asked: object, status: int) -> None:
    assert changes(api, asked).status == status


def test_changes_since_a_stamp_are_not_emulated(api: Client) -> None:
    assert changes(api, {}, ",ClientVersionStamp='x'").status == 501
    assert changes(api, {}, ",ClientVersionStamp=null").status == 200
    assert api("POST", "RetrieveMetadataChanges", {}).status == 404
    assert api.get("RetrieveMetadataChanges").status == 400
