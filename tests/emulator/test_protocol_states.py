"""States and their reasons, and the types that $metadata names, as a client meets them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_world import FLEET
from tests.emulator.wire import Client, Reply, send


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Client]:
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=build_domain(CATALOG, FLEET), catalog=CATALOG) as server:
        yield Client(server, server.token(), "contoso-dev")


def created(api: Client, entity_set: str, **columns: Any) -> str:
    reply = api("POST", entity_set, columns)
    assert reply.status == 204, reply.content
    return reply.headers["OData-EntityId"].rpartition("/")[2]


def pair(api: Client, row: str) -> tuple[int, int]:
    body = api.get(f"{row}?$select=statecode,statuscode").body
    return body["statecode"], body["statuscode"]


def refused(reply: Reply) -> str:
    assert reply.error == (400, "0x80048408")
    return str(reply.body["error"]["message"])


def test_a_new_state_brings_its_default_reason(api: Client) -> None:
    account = created(api, "accounts", name="Contoso")
    assert api("PATCH", account, {"statecode": 1}).status == 204
    assert pair(api, account) == (1, 2)
    assert api("PATCH", account, {"statecode": 0}).status == 204
    assert pair(api, account) == (0, 1)


def test_a_state_that_stays_keeps_its_reason(api: Client) -> None:
    opportunity = created(api, "opportunities", name="Deal", statuscode=2)
    assert pair(api, opportunity) == (0, 2)
    assert api("PATCH", opportunity, {"statecode": 0}).status == 204
    assert pair(api, opportunity) == (0, 2)


def test_a_lead_created_in_another_state_has_the_default_reason_of_it(api: Client) -> None:
    assert pair(api, created(api, "leads", subject="Fair", statecode=2)) == (2, 4)


@pytest.mark.parametrize("written", [{"statecode": 0, "statuscode": 2}, {"statecode": 1, "statuscode": 1}, {"statuscode": 2}])
def test_a_reason_of_another_state_is_refused(api: Client, written: dict[str, int]) -> None:
    account = created(api, "accounts", name="Contoso")
    state = "Inactive" if written.get("statecode") else "Active"
    said = f"{written['statuscode']} is not a valid status code for state code AccountState.{state} on account with Id {account[9:-1]}."
    assert refused(api("PATCH", account, written)) == said
    assert pair(api, account) == (0, 1)


def test_a_new_row_with_a_reason_of_another_state_is_refused(api: Client) -> None:
    assert refused(api("POST", "accounts", {"name": "Contoso", "statuscode": 2})).startswith("2 is not a valid status code")


def test_options_tell_which_reasons_a_state_has(api: Client) -> None:
    where = "EntityDefinitions(LogicalName='{}')/Attributes(LogicalName='{}')/Microsoft.Dynamics.CRM.{}AttributeMetadata?$expand=OptionSet"
    reasons = api.get(where.format("opportunity", "statuscode", "Status")).body["OptionSet"]
    assert (reasons["OptionSetType"], [option["State"] for option in reasons["Options"]]) == ("Status", [0, 0, 1, 2, 2])
    states = api.get(where.format("lead", "statecode", "State")).body["OptionSet"]
    told = [(option["Value"], option["DefaultStatus"], option["InvariantName"]) for option in states["Options"]]
    assert told == [(0, 1, "Open"), (1, 3, "Qualified"), (2, 4, "Disqualified")]


def test_every_type_that_the_metadata_document_names_is_declared_in_it(api: Client) -> None:
    document = api("GET", "$metadata", headers={"Accept": "application/xml"}).content.decode()
    schema = next(ElementTree.fromstring(document).iter("{http://docs.oasis-open.org/odata/ns/edm}Schema"))
    declared = {element.get("Name") for element in schema}
    named = set(re.findall(r'(?:Type|Function|Action)="(?:Collection\()?mscrm\.(\w+)', document))
    assert {"AuditDetail", "RolePrivilege", "account"} <= named
    assert named - declared == set()


def test_amounts_are_decimals_kept_to_the_cent(api: Client) -> None:
    account = created(api, "accounts", name="Contoso", revenue=1234.567)
    assert api.get(f"{account}?$select=revenue").body["revenue"] == 1234.57
    told = api.get("EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.MoneyAttributeMetadata").body["value"]
    assert {column["LogicalName"] for column in told} == {"revenue", "marketcap", "creditlimit"}
    assert [(column["AttributeType"], column["Precision"], column["MinValue"]) for column in told] == [("Money", 2, 0)] * 3
    document = api("GET", "$metadata", headers={"Accept": "application/xml"}).content.decode()
    assert '<Property Name="revenue" Type="Edm.Decimal"' in document
    assert api("POST", "accounts", {"name": "Poor", "revenue": "much"}).status == 400


def test_every_industry_of_the_service_can_be_chosen(api: Client) -> None:
    for number in (1, 20, 33):
        created(api, "accounts", name=f"Number {number}", industrycode=number)
    found = api.get("accounts?$select=industrycode&$filter=industrycode eq 20", Prefer='odata.include-annotations="*"').body["value"]
    assert "Insurance" in {row["industrycode@OData.Community.Display.V1.FormattedValue"] for row in found}
    assert api("POST", "accounts", {"name": "None", "industrycode": 34}).error == (400, "0x8004431a")


def test_a_migrated_row_is_as_old_as_its_writer_says(api: Client) -> None:
    account = created(api, "accounts", name="Old", overriddencreatedon="2001-02-03T00:00:00Z", importsequencenumber=7)
    body = api.get(account).body
    assert (body["createdon"], body["importsequencenumber"]) == ("2001-02-03T00:00:00Z", 7)
    made = body["overriddencreatedon"]
    assert made > "2020"
    assert api("PATCH", account, {"overriddencreatedon": "1999-01-01T00:00:00Z"}).status == 204
    assert api.get(account).body["overriddencreatedon"] == made


def test_a_fault_for_an_organization_that_is_not_there_is_refused(api: Client) -> None:
    def faulted(organization: str) -> Reply:
        asked = json.dumps({"effect": "reset", "organization": organization}).encode()
        return send("POST", f"{api.server.root}/_emulator/v1/faults", asked)

    refusal = faulted("contoso-dex")
    assert (refusal.status, "Did you mean 'contoso-dev'?" in refusal.body["error"]["message"]) == (400, True)
    assert faulted("contoso-test").status == 200


def test_definitions_tell_type_codes_and_what_tables_can_have(api: Client) -> None:
    wanted = "?$select=ObjectTypeCode,HasNotes,HasActivities,IsActivity,EntitySetName"
    told = {}
    for table in ("account", "task", "msdyn_wkwconfig"):
        row = api.get(f"EntityDefinitions(LogicalName='{table}'){wanted}").body
        told[table] = (row["ObjectTypeCode"], row["HasNotes"], row["HasActivities"], row["IsActivity"])
    assert told["account"] == (1, True, True, False)
    assert told["task"] == (4212, True, False, True)
    assert (told["msdyn_wkwconfig"][0] >= 10_000, told["msdyn_wkwconfig"][1:]) == (True, (False, False, False))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("$select=name&$select=revenue", "Query option '$select' was specified more than once"),
        ("foo=1", "The query parameter foo is not supported."),
        ("%25zz", "The query parameter %zz is not supported."),
    ],
)
def test_query_options_that_are_none_are_refused(api: Client, query: str, words: str) -> None:
    reply = send("GET", f"{api.server.url('contoso-dev')}/api/data/v9.2/accounts?{query}", headers={"Authorization": f"Bearer {api.token}"})
    assert reply.error == (400, "0x80060888")
    assert words in reply.body["error"]["message"]


def test_arithmetic_is_refused_in_words(api: Client) -> None:
    reply = api.get("accounts?$filter=numberofemployees add 1 eq 3")
    assert (reply.status, "arithmetic" in reply.body["error"]["message"], "BinOp" in reply.body["error"]["message"]) == (501, True, False)
