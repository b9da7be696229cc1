"""The tenant around an organization: licences by Microsoft Graph, regions, mailboxes, what an organization lacks."""

from __future__ import annotations

import datetime as dt
import json
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from reconciler.catalog.licences import PLANS
from reconciler.emulator.domain.identity import TENANT_ID
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_served import ANALYTICS, ROLES_SET, address, caller, only, patch, served
from tests.emulator.domain_world import World
from tests.emulator.wire import Reply, send

PREMIUM, TRIAL = (PLANS[name] for name in ("DYN365_SALES_INSIGHTS", "DYN365_SALES_INSIGHTS_VIRAL_TRIAL"))


def graph(server: EmbeddedDataverse, path: str, method: str = "GET", **headers: str) -> Reply:
    sent = headers or {"Authorization": f"Bearer {server.token()}"}
    return send(method, f"{server.url('acme')}/graph/{path}", headers=sent)


def plans(server: EmbeddedDataverse) -> list[str]:
    return [plan["servicePlanId"] for sku in graph(server, "v1.0/subscribedSkus").body["value"] for plan in sku["servicePlans"]]


def activates(server: EmbeddedDataverse) -> bool:
    api = caller(server)
    row = address(api, ANALYTICS)
    patch(api, row, {"msdyn_isorgsettingenable": True})
    server.clock.advance(dt.timedelta(seconds=5))
    return bool(api.get(row).body["msdyn_currentstatus"] == 3)


@pytest.mark.parametrize(
    ("scenario", "carried", "good"),
    [
        ("licence: premium", {PREMIUM}, True),
        ("licence: viral-trial", {TRIAL}, True),
        ("licence: enterprise", set(), False),
        ("licence: professional", set(), False),
        ("licence: none", set(), False),
        ("tenant: {subscriptions: [{sku: DYN365_SALES_PREMIUM, status: Suspended, enabled: 0, suspended: 25}]}", {PREMIUM}, False),
        ("tenant: {subscriptions: [{sku: DYN365_SALES_PREMIUM, status: LockedOut, lockedOut: 25}]}", {PREMIUM}, False),
        ("tenant: {subscriptions: [{sku: DYN365_SALES_PREMIUM, status: Warning, enabled: 0, warning: 25}]}", {PREMIUM}, True),
        ("tenant: {subscriptions: [{sku: DYN365_SALES_PREMIUM, enabled: 0}]}", {PREMIUM}, False),
        ("tenant: {subscriptions: [{sku: CONTOSO_BUNDLE, plans: [DYN365_SALES_INSIGHTS]}]}", {PREMIUM}, True),
    ],
)
def test_what_the_tenant_has_subscribed_to_decides(tmp_path: Path, scenario: str, carried: set[str], good: bool) -> None:
    with served(tmp_path, scenario) as server:
        assert set(plans(server)) & {PREMIUM, TRIAL} == carried
        assert only(caller(server), "msdyn_salesinsightssettings")["msdyn_islicensepurchased"] is good
        assert activates(server) is good


def test_a_subscription_is_told_as_microsoft_graph_tells_it(tmp_path: Path) -> None:
    scenario = "users: [{name: Ana Pop, email: ana@contoso.example}, {name: Liam, licences: []}]"
    with served(tmp_path, scenario) as server:
        reply = graph(server, "v1.0/subscribedSkus")
        sku = reply.body["value"][0]
        assert reply.body["@odata.context"] == f"{server.url('acme')}/graph/v1.0/$metadata#subscribedSkus"
        assert (sku["skuId"], sku["skuPartNumber"]) == ("2edaa1dc-966d-4475-93d6-8ee8dfd96877", "DYN365_SALES_PREMIUM")
        assert (sku["capabilityStatus"], sku["appliesTo"], sku["consumedUnits"]) == ("Enabled", "User", 1)
        assert sku["prepaidUnits"] == {"enabled": 25, "suspended": 0, "warning": 0, "lockedOut": 0}
        assert sku["servicePlans"][0] == {
            "servicePlanId": PREMIUM,
            "servicePlanName": "DYN365_SALES_INSIGHTS",
            "provisioningStatus": "Success",
            "appliesTo": "User",
        }
        assert graph(server, f"v1.0/subscribedSkus/{sku['id']}").body["skuId"] == sku["skuId"]
        few = graph(server, "v1.0/subscribedSkus?$select=skuId,consumedUnits").body
        assert (few["value"], few["@odata.context"][-22:]) == (
            [{"skuId": sku["skuId"], "consumedUnits": 1}],
            "s(skuId,consumedUnits)",
        )


def test_the_licences_of_a_user_are_found_by_id_and_by_sign_in_name(tmp_path: Path) -> None:
    scenario = """
users:
  - {name: Ana Pop, email: ana@contoso.example}
  - {name: Liam, email: liam@contoso.example, licences: []}
"""
    with served(tmp_path, scenario) as server:
        user = only(caller(server), "systemusers?$filter=fullname eq 'Ana Pop'")["azureactivedirectoryobjectid"]
        for key in (user, "Ana@contoso.example"):
            found = graph(server, f"v1.0/users/{key}/licenseDetails").body["value"]
            assert [details["skuPartNumber"] for details in found] == ["DYN365_SALES_PREMIUM"]
        assert graph(server, "v1.0/users/liam@contoso.example/licenseDetails").body["value"] == []
        assert graph(server, "v1.0/users/nobody/licenseDetails").error == (404, "Request_ResourceNotFound")


def test_the_tenant_says_in_which_country_it_is(tmp_path: Path) -> None:
    with served(tmp_path, "tenant: {name: Contoso RO, country: RO}") as server:
        organization = graph(server, "v1.0/organization").body["value"][0]
        assert (organization["id"], organization["countryLetterCode"]) == (TENANT_ID, "RO")
        detail = caller(server).get("RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')")
        assert detail.body["Detail"]["TenantId"] == TENANT_ID == server.tenant_id


@pytest.mark.parametrize(
    ("path", "method", "error"),
    [
        ("v1.0/subscribedSkus?$filter=x", "GET", (400, "Request_UnsupportedQuery")),
        ("v1.0/subscribedSkus/none", "GET", (404, "Request_ResourceNotFound")),
        ("v1.0/groups", "GET", (501, "NotImplemented")),
        ("v1.0/subscribedSkus", "POST", (501, "NotImplemented")),
        ("beta/subscribedSkus", "GET", (501, "NotImplemented")),
    ],
)
def test_microsoft_graph_refuses_in_its_own_words(tmp_path: Path, path: str, method: str, error: tuple[int, str]) -> None:
    with served(tmp_path, "{}") as server:
        reply = graph(server, path, method)
        assert reply.error == error
        assert set(reply.body["error"]["innerError"]) == {"date", "request-id", "client-request-id"}


def test_the_token_endpoint_gives_out_tokens_for_microsoft_graph_which_dataverse_refuses(tmp_path: Path) -> None:
    with served(tmp_path, "{}") as server:
        form = {
            "grant_type": "client_credentials",
            "client_id": server.client_id,
            "client_secret": server.client_secret,
            "scope": "https://graph.microsoft.com/.default",
        }
        told = send(
            "POST",
            f"{server.authority}/{server.tenant_id}/oauth2/v2.0/token",
            urlencode(form).encode(),
            context=ssl.create_default_context(cafile=str(server.ca_file)),
        )
        sent = {"Authorization": f"Bearer {told.body['access_token']}"}
        assert graph(server, "v1.0/organization", **sent).status == 200
        assert send("GET", f"{server.url('acme')}/api/data/v9.2/WhoAmI", headers=sent).status == 401


def test_microsoft_graph_wants_a_token_and_a_permission(tmp_path: Path) -> None:
    with served(tmp_path, "tenant: {permissions: [User.Read.All]}") as server:
        assert graph(server, "v1.0/subscribedSkus", Authorization="Bearer nonsense").error == (401, "InvalidAuthenticationToken")
        for path in ("subscribedSkus", "organization"):
            assert graph(server, f"v1.0/{path}").error == (403, "Authorization_RequestDenied")
        assert graph(server, "v1.0/users/nobody/licenseDetails").error == (404, "Request_ResourceNotFound")
        unknown = send("GET", f"{server.root}/elsewhere/graph/v1.0/organization", headers={"Authorization": f"Bearer {server.token()}"})
        assert unknown.error == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize(
    ("host", "geography"),
    [
        ("a.crm.dynamics.com", "NA"),
        ("a.crm4.dynamics.com", "EMEA"),
        ("a.crm8.dynamics.com", "IND"),
        ("a.crm12.dynamics.com", "FRA"),
        ("a.crm16.dynamics.com", "GER"),
        ("a.crm99.dynamics.com", None),
        ("crm.contoso.example", None),
    ],
)
def test_the_geography_follows_from_the_host_and_is_unknown_for_an_unknown_one(tmp_path: Path, host: str, geography: str | None) -> None:
    detail = World(tmp_path, f"host: {host}").call("RetrieveCurrentOrganization")["Detail"]
    assert (detail["Geo"], detail["Endpoints"]["Values"][0]) == (geography, f"https://{host}/")
    assert World(tmp_path, f"host: {host}\ngeo: APAC", "other").call("RetrieveCurrentOrganization")["Detail"]["Geo"] == "APAC"


@pytest.mark.parametrize(("host", "status"), [("a.crm4.dynamics.com", 3), ("a.crm8.dynamics.com", 4), ("a.crm99.dynamics.com", 3)])
def test_finding_introductions_fails_to_start_where_it_is_not_offered(tmp_path: Path, host: str, status: int) -> None:
    world = World(tmp_path, f"host: {host}")
    world.write("msdyn_wkwconfig", {"msdyn_iswkwenabled": True})
    world.write("msdyn_activityanalysisconfig", {"msdyn_isorgsettingenable": True})
    world.later(seconds=3)
    assert world.read("msdyn_wkwconfig")["msdyn_currentstatus"] == status
    assert world.read("msdyn_activityanalysisconfig")["msdyn_currentstatus"] == 3


@pytest.mark.parametrize(
    ("scenario", "connector", "stage", "enabled", "complaint"),
    [
        ("consent: {state: granted}", 3, 100, True, None),
        ("consent: {state: granted}\ntenant: {dataLocation: unknown}", 3, 100, True, None),
        ("consent: {state: granted}\ntenant: {dataLocation: region-specific}", 4, -1, False, "region-specific"),
        ("consent: {state: pending}", 2, 50, False, None),
        ("consent: {state: withdrawn}", 402, -1, False, "withdrawn"),
    ],
)
def test_the_place_of_the_data_and_the_consent_decide_about_the_connector(
    tmp_path: Path, scenario: str, connector: int, stage: int, enabled: bool, complaint: str | None
) -> None:
    world = World(tmp_path, scenario)
    world.write("msdyn_activityanalysisconfig", {"msdyn_isorgsettingenable": True, "msdyn_datasource": 3})
    world.later(seconds=3)
    feature = world.read("msdyn_odosfeaturemetadata")
    assert world.read("msdyn_activityanalysisconfig")["msdyn_exchangemarsstatus"] == connector
    assert (feature["msdyn_provisioningstage"], feature["msdyn_isfeatureenabled"]) == (stage, enabled)
    assert complaint is None or complaint in feature["msdyn_provisioningexception"]


def test_the_feature_says_nothing_before_anything_was_started_and_keeps_what_was_written(tmp_path: Path) -> None:
    assert World(tmp_path, "{}").read("msdyn_odosfeaturemetadata").get("msdyn_provisioningstage") is None
    nothing = World(tmp_path, "settings: {msdyn_activityanalysisconfig: []}", "nothing")
    assert nothing.read("msdyn_odosfeaturemetadata").get("msdyn_provisioningstage") is None
    written = World(tmp_path, "settings: {msdyn_odosfeaturemetadata: {msdyn_featurename: A, msdyn_provisioningstage: 7}}", "written")
    assert written.read("msdyn_odosfeaturemetadata")["msdyn_provisioningstage"] == 7


def test_the_generation_with_separate_pages_has_neither_role_selection_nor_grades(tmp_path: Path) -> None:
    with served(tmp_path, "generation: separate-pages\nabsentColumns: {role: [isinherited]}") as server:
        api = caller(server)
        grades = api.get("msdyn_relationshipanalyticsmetadatas?$select=msdyn_goodhealththreshold")
        assert (grades.error, "msdyn_enabledroles" in only(api, ROLES_SET)) == ((400, "0x80060888"), False)
        assert "isinherited" not in api.get("roles?$top=1").body["value"][0]


@pytest.mark.parametrize(
    ("mailbox", "expected"),
    [
        ("server-side-sync", (2, 2, 1, 1, 1, 1, 1, 1, True, 0)),
        ("outlook", (1, 1, 0, 0, 0, 0, 0, 0, False, 0)),
        ("{incoming: forward, outgoing: none, appointments: none}", (3, 0, 2, 1, 1, 1, 1, 1, True, 0)),
        ("{incomingStatus: failure, appointmentsStatus: not-run, status: failure}", (2, 2, 1, 2, 1, 0, 2, 1, True, 0)),
        ("{approval: pending, approvedByAdmin: false}", (2, 2, 1, 1, 1, 1, 1, 2, False, 0)),
        ("{approval: rejected, outgoingStatus: failure, active: false}", (2, 2, 1, 1, 2, 1, 1, 3, True, 1)),
    ],
)
def test_a_mailbox_can_be_in_every_state(tmp_path: Path, mailbox: str, expected: tuple[Any, ...]) -> None:
    world = World(tmp_path, f"users: [{{name: Ana Pop, mailbox: {mailbox}}}, {{name: Liam}}]")
    row = world.read("mailbox")
    names = "incomingemaildeliverymethod outgoingemaildeliverymethod actdeliverymethod incomingemailstatus outgoingemailstatus actstatus"
    further = "mailboxstatus emailrouteraccessapproval isemailaddressapprovedbyo365admin statecode"
    assert tuple(row[name] for name in f"{names} {further}".split()) == expected
    assert row["name"] == "Ana Pop"


def test_a_column_that_an_organization_lacks_is_unknown_to_it(tmp_path: Path) -> None:
    with served(tmp_path, "absentColumns: {msdyn_odosmetadata: [msdyn_enabledroles]}") as server:
        api = caller(server)
        assert "msdyn_enabledroles" not in only(api, ROLES_SET)
        assert api.get(f"{ROLES_SET}?$select=msdyn_enabledroles").error == (400, "0x80060888")
        assert api("PATCH", address(api, ROLES_SET), {"msdyn_enabledroles": "[]"}).error == (400, "0x80048d19")
        described = api.get("EntityDefinitions(LogicalName='msdyn_odosmetadata')/Attributes?$select=LogicalName").body["value"]
        assert "msdyn_enabledroles" not in {attribute["LogicalName"] for attribute in described}


@pytest.mark.parametrize("scenario", ["absentColumns: {nothing: [a]}", "absentColumns: {role: [colour]}", "auditedTables: [nothing]"])
def test_a_scenario_cannot_leave_out_what_was_never_there(tmp_path: Path, scenario: str) -> None:
    with served(tmp_path, scenario) as server:
        reply = caller(server).get("WhoAmI")
        assert reply.status == 500
        assert "there is no table" in reply.body["error"]["message"] or "has no column" in reply.body["error"]["message"]


@pytest.mark.parametrize(
    ("encoding", "of", "expected"),
    [
        ("json", "copies", '["COPY"]'),
        ("json", "root", '["ROOT"]'),
        ("json-names", "root", "[\"Vânzător 'A'\"]"),
        ("braces", "root", "{ROOT}"),
        ("nothing", "root", None),
    ],
)
def test_the_selection_can_hold_copied_roles_and_names_with_diacritics(
    tmp_path: Path, encoding: str, of: str, expected: str | None
) -> None:
    scenario = f"""
businessUnits: [{{name: Europe}}]
roles: {{custom: [{{name: "Vânzător 'A'"}}]}}
enabledRoles: {{roles: ["Vânzător 'A'"], encoding: {encoding}, of: {of}}}
"""
    world = World(tmp_path, scenario)
    with world.as_user() as context:
        roles = [role for role in context.rows.all("role") if role["name"] == "Vânzător 'A'"]
    root = next(role["roleid"] for role in roles if role["_parentroleid_value"] is None)
    copy = next(role["roleid"] for role in roles if role["_parentroleid_value"] is not None)
    stored = world.read("msdyn_odosmetadata")["msdyn_enabledroles"]
    shown = stored if stored is None else stored.replace(root, "ROOT").replace(root.upper(), "ROOT").replace(copy, "COPY")
    assert shown == expected


def test_metadata_says_which_tables_are_audited(tmp_path: Path) -> None:
    with served(tmp_path, "auditedTables: [msdyn_wkwconfig]") as server:
        api = caller(server)
        flags = {
            table: api.get(f"EntityDefinitions(LogicalName='{table}')?$select=IsAuditEnabled").body["IsAuditEnabled"]["Value"]
            for table in ("msdyn_wkwconfig", "role")
        }
        assert flags == {"msdyn_wkwconfig": True, "role": False}
        number = api.get("EntityDefinitions(LogicalName='role')/Attributes(LogicalName='name')?$select=ColumnNumber").body
        assert json.dumps(number["ColumnNumber"]) == "2"
