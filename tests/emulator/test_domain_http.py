"""The domain behind the real server: what a client sees over HTTP."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_world import FLEET, NOON
from tests.emulator.wire import Client

ANALYTICS = "msdyn_activityanalysisconfigs"
WKW = "msdyn_wkwconfigs"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    with EmbeddedDataverse(
        tmp_path / "state.sqlite", domain=build_domain(CATALOG, FLEET, frozenset({"another"})), catalog=CATALOG
    ) as running:
        running.clock.set(NOON)
        yield running


def client(server: EmbeddedDataverse, organization: str, user: str | None = None) -> Client:
    return Client(server, server.token(user), organization)


def only(api: Client, path: str) -> dict[str, object]:
    reply = api.get(path)
    assert reply.status == 200, reply.content
    rows: list[dict[str, object]] = reply.body["value"]
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize("organization", ["contoso-dev", "contoso-test", "contoso-prod-emea", "contoso-prod-us", "another"])
def test_every_table_of_an_organization_can_be_listed(server: EmbeddedDataverse, organization: str) -> None:
    api = client(server, organization)
    for table in build_domain(CATALOG, None).tables.values():
        reply = api.get(f"{table.entity_set}?$top=5")
        assert reply.status == 200, (table.name, reply.content)
        described = api.get(f"EntityDefinitions(LogicalName='{table.name}')?$select=EntitySetName&$expand=Attributes($select=LogicalName)")
        assert described.status == 200, (table.name, described.content)


def test_turning_analytics_on_over_http_takes_two_seconds_of_the_virtual_clock(server: EmbeddedDataverse) -> None:
    api = client(server, "contoso-dev")
    row = only(api, ANALYTICS)
    address = f"{ANALYTICS}({row['msdyn_activityanalysisconfigid']})"
    reply = api("PATCH", address, {"msdyn_isorgsettingenable": True}, headers={"Prefer": "return=representation"})
    assert (reply.status, reply.body["msdyn_currentstatus"]) == (200, 2)
    server.clock.advance(dt.timedelta(seconds=3))
    assert api.get(address).body["msdyn_currentstatus"] == 3
    assert [row["msdyn_activityanalysisconfigid"]] == [
        found["msdyn_activityanalysisconfigid"] for found in api.get(f"{ANALYTICS}?$filter=msdyn_currentstatus eq 3").body["value"]
    ]


def test_a_seller_may_not_write_settings(server: EmbeddedDataverse) -> None:
    api = client(server, "contoso-dev", "Liam Carter")
    row = only(api, WKW)
    assert api("PATCH", f"{WKW}({row['msdyn_wkwconfigid']})", {"msdyn_iswkwenabled": True}).error == (403, "0x80040220")


def test_a_lapse_is_seen_over_http(server: EmbeddedDataverse) -> None:
    api = client(server, "contoso-dev")
    row = only(api, WKW)
    address = f"{WKW}({row['msdyn_wkwconfigid']})"
    assert api("PATCH", address, {"msdyn_iswkwenabled": True}).status == 204
    server.clock.advance(dt.timedelta(days=14, minutes=1))
    after = only(api, f"{WKW}?$expand=modifiedby($select=fullname)")
    assert (after["msdyn_iswkwenabled"], after["msdyn_currentstatus"]) == (False, 6)
    assert after["modifiedby"]["fullname"] == "Dynamics 365 Office Data Service"  # type: ignore[index]


def test_a_plan_that_was_read_before_a_lapse_is_refused_after_it(server: EmbeddedDataverse) -> None:
    api = client(server, "contoso-dev")
    row = only(api, WKW)
    address = f"{WKW}({row['msdyn_wkwconfigid']})"
    api("PATCH", address, {"msdyn_iswkwenabled": True})
    read = api.get(address).body["@odata.etag"]
    server.clock.advance(dt.timedelta(days=15))
    change = {"msdyn_emailtemplateid": "x"}
    assert api("PATCH", address, change, headers={"If-Match": read}).error == (412, "0x80060882")
    assert api("PATCH", address, change, headers={"If-Match": api.get(address).body["@odata.etag"]}).status == 204


def test_a_form_is_edited_published_and_read_back_to_the_byte(server: EmbeddedDataverse) -> None:
    api = client(server, "contoso-dev")
    form = only(api, "systemforms?$filter=name eq 'Contoso Lead' and objecttypecode eq 'lead' and type eq 2")
    address = f"systemforms({form['formid']})"
    draft = api.get(f"{address}/Microsoft.Dynamics.CRM.RetrieveUnpublished()?$select=formxml").body
    assert form["formxml"] == draft["formxml"]
    text = draft["formxml"].replace("Lead details", "Details of the lead")
    headers = {"If-Match": draft["@odata.etag"], "MSCRM.SolutionUniqueName": "ContosoSales"}
    assert api("PATCH", address, {"formxml": text}, headers=headers).status == 204
    assert api("PATCH", address, {"formxml": text}, headers=headers).error == (412, "0x80060882")
    assert form["formxml"] == api.get(address).body["formxml"]
    pending = api.get("systemforms/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()?$select=name&$filter=componentstate eq 1")
    assert pending.names == ["Contoso Lead"]
    request = "<importexportxml><entities><entity>lead</entity></entities></importexportxml>"
    assert api("POST", "PublishXml", {"ParameterXml": request}).status == 204
    assert text == api.get(address).body["formxml"]
    own = "solutioncomponents?$filter=componenttype eq 60 and solutionid/uniquename eq 'ContosoSales'"
    assert form["formid"] == only(api, own)["objectid"]


def test_rights_can_be_followed_from_the_caller_to_the_role(server: EmbeddedDataverse) -> None:
    api = client(server, "contoso-test", "Radu Ionescu")
    who = api.get("WhoAmI").body
    teams = api.get(f"systemusers({who['UserId']})/teammembership_association?$select=teamid").body["value"]
    roles = api.get(f"teams({teams[0]['teamid']})/teamroles_association?$select=name,_roletemplateid_value").body["value"]
    assert [role["_roletemplateid_value"] for role in roles] == ["627090ff-40a3-4053-8790-584edc5be201"]
    assert api.get(f"systemusers({who['UserId']})/systemuserroles_association?$select=roleid").body["value"] == []
    settings = api.get(f"usersettingscollection({who['UserId']})?$select=uilanguageid").body
    assert settings["uilanguageid"] == 1048


def test_the_organization_is_described_over_http(server: EmbeddedDataverse) -> None:
    api = client(server, "contoso-prod-us")
    path = "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')"
    assert api.get(path).body["Detail"]["OrganizationVersion"] == "9.2.25052.00140"
    assert api.get("RetrieveVersion()").body["Version"] == "9.2.25052.00140"
    asked = {"SIParameters": json.dumps({"EntityType": "lead", "EntityId": "x", "FeatureName": "ActivityAnalysis"})}
    assert "FeatureConfiguration" in api("POST", "msdyn_GetSIFeatureConfiguration()", asked).body


def test_records_of_sales_can_be_linked_and_found_by_their_key(server: EmbeddedDataverse) -> None:
    api = client(server, "contoso-dev", "Liam Carter")
    account = {"name": "Fabrikam", "accountnumber": "F-1", "industrycode": 12}
    contact = {"lastname": "Ionescu", "parentcustomerid_account@odata.bind": "/accounts(accountnumber='F-1')"}
    assert api("POST", "accounts", account).status == 204
    assert api("POST", "contacts", contact).status == 204
    assert api("POST", "accounts", account).error == (412, "0x80060892")
    found = api.get("accounts(accountnumber='F-1')?$select=name&$expand=contact_customer_accounts($select=lastname)").body
    assert [row["lastname"] for row in found["contact_customer_accounts"]] == ["Ionescu"]
