"""What other people and services do while nobody looks: events of a scenario, and changes on demand."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator.context import DataverseError
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_served import ANALYTICS, WKW, address, caller, only, patch, served
from tests.emulator.domain_world import World
from tests.emulator.wire import Reply, send

PEOPLE = "auditing: true\nusers: [{name: Ana Pop, roles: [System Administrator]}, {name: Liam, roles: [Salesperson]}]\n"
FORMATTED = 'odata.include-annotations="*"'


def control(server: EmbeddedDataverse, name: str, body: dict[str, Any]) -> Reply:
    return send("POST", f"{server.root}/_emulator/v1/{name}", json.dumps(body).encode())


def test_a_service_account_changes_a_row_when_its_moment_comes(tmp_path: Path) -> None:
    event = "events: [{after: 10m, by: '# Dynamics 365 Sales', table: msdyn_activityanalysisconfig, values: {msdyn_taskweight: 9}}]"
    with served(tmp_path, PEOPLE + event) as server:
        api = caller(server)
        before = only(api, ANALYTICS)
        server.clock.advance(dt.timedelta(minutes=9))
        assert only(api, ANALYTICS)["@odata.etag"] == before["@odata.etag"]
        server.clock.advance(dt.timedelta(minutes=2))
        after = only(api, ANALYTICS, Prefer=FORMATTED)
        assert (before["msdyn_taskweight"], after["msdyn_taskweight"]) == (None, 9)
        assert after["_modifiedby_value@OData.Community.Display.V1.FormattedValue"] == "# Dynamics 365 Sales"
        assert after["modifiedon"] == "2026-11-23T12:10:00Z"
        audit = only(api, "audits", Prefer=FORMATTED)
        assert audit["_userid_value@OData.Community.Display.V1.FormattedValue"] == "# Dynamics 365 Sales"
        stale = api("PATCH", address(api, ANALYTICS), {"msdyn_taskweight": 3}, headers={"If-Match": before["@odata.etag"]})
        assert stale.error == (412, "0x80060882")


def test_an_event_that_turns_a_feature_on_starts_it_like_any_other_write(tmp_path: Path) -> None:
    event = "events: [{after: 60, by: Ana Pop, table: msdyn_wkwconfig, values: {msdyn_iswkwenabled: true}}]"
    with served(tmp_path, PEOPLE + event) as server:
        api = caller(server)
        assert only(api, WKW)["msdyn_currentstatus"] == 1
        server.clock.advance(dt.timedelta(seconds=61))
        assert only(api, WKW)["msdyn_currentstatus"] == 2
        server.clock.advance(dt.timedelta(seconds=2))
        assert only(api, WKW)["msdyn_currentstatus"] == 3
        server.clock.advance(dt.timedelta(days=14))
        assert only(api, WKW)["msdyn_iswkwenabled"] is False


@pytest.mark.parametrize(("days", "stays"), [(13, True), (15, False)])
def test_a_consent_that_comes_by_itself_counts_from_its_own_moment(tmp_path: Path, days: int, stays: bool) -> None:
    with served(tmp_path, f"events: [{{after: {days}d, consent: granted}}]") as server:
        api = caller(server)
        patch(api, address(api, WKW), {"msdyn_iswkwenabled": True})
        server.clock.advance(dt.timedelta(days=30))
        assert only(api, WKW)["msdyn_iswkwenabled"] is stays


def test_a_consent_that_is_withdrawn_later_is_recorded_by_the_service(tmp_path: Path) -> None:
    scenario = "auditing: true\nconsent: {state: granted}\nevents: [{at: '2026-11-24T08:00:00', consent: withdrawn}]"
    with served(tmp_path, scenario) as server:
        api = caller(server)
        assert only(api, "msdyn_odosfeaturemetadatas")["msdyn_isconsentrevoked"] is False
        server.clock.advance(dt.timedelta(days=1))
        feature = only(api, "msdyn_odosfeaturemetadatas")
        assert (feature["msdyn_isconsentrevoked"], feature["msdyn_consentrevokedtime"]) == (True, "2026-11-24T08:00:00Z")
        assert only(api, "audits", Prefer=FORMATTED)["_userid_value@OData.Community.Display.V1.FormattedValue"] == (
            "Dynamics 365 Office Data Service"
        )


def test_roles_are_deleted_and_renamed_later_with_their_copies(tmp_path: Path) -> None:
    events = """
businessUnits: [{name: Europe}]
events:
  - {after: 1h, by: Ana Pop, table: role, row: {name: Salesperson}, delete: true}
  - {after: 2h, by: Ana Pop, table: role, row: {name: Sales Manager}, values: {name: Responsabile vendite}}
"""
    with served(tmp_path, PEOPLE + events) as server:
        api = caller(server)
        count = "roles?$filter=name eq 'Salesperson' or name eq 'Sales Manager' or name eq 'Responsabile vendite'&$select=name"
        assert sorted(api.get(count).names) == ["Sales Manager"] * 2 + ["Salesperson"] * 2
        server.clock.advance(dt.timedelta(hours=3))
        assert api.get(count).names == ["Responsabile vendite"] * 2


def test_whoever_loses_a_role_to_an_event_loses_its_rights_at_once(tmp_path: Path) -> None:
    events = "events: [{after: 1h, by: Ana Pop, table: role, row: {name: Salesperson}, delete: true}]"
    with served(tmp_path, PEOPLE + events) as server:
        liam = caller(server, "Liam")
        assert liam.get("accounts").status == 200
        server.clock.advance(dt.timedelta(hours=2))
        assert liam.get("accounts").error == (403, "0x80040220")


def test_a_colleague_edits_a_form_and_may_leave_it_unpublished(tmp_path: Path) -> None:
    events = """
events:
  - {after: 1h, by: Ana Pop, form: {table: account, name: Account, builtin: contoso_account_pending, publish: false}}
  - {after: 2h, by: Ana Pop, form: {table: lead, name: Lead, file: lead.xml}}
"""
    (tmp_path / "scenarios").mkdir()
    text = '<form><tabs><tab name="only" id="{11111111-1111-1111-1111-111111111111}"><columns /></tab></tabs></form>'
    (tmp_path / "scenarios" / "lead.xml").write_text(text, encoding="utf-8")
    with served(tmp_path, PEOPLE + events) as server:
        api = caller(server)
        lead, account = (f"systemforms?$filter=name eq '{name}'&$select=formxml" for name in ("Lead", "Account"))
        before = only(api, account)["formxml"]
        server.clock.advance(dt.timedelta(hours=3))
        draft = "systemforms/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()?$filter=name eq 'Account'&$select=formxml"
        assert (only(api, account)["formxml"] == before, only(api, draft)["formxml"] == before) == (True, False)
        assert only(api, lead)["formxml"] == text


def test_what_the_organization_refuses_does_not_happen(tmp_path: Path) -> None:
    scenario = """
missingSolutions: [RelationshipAnalytics]
events: [{after: 1, table: organization, values: {isactivityanalysisenabled: true}}]
"""
    with served(tmp_path, scenario) as server:
        api = caller(server)
        only(api, "organizations")
        server.clock.advance(dt.timedelta(seconds=2))
        assert only(api, "organizations")["isactivityanalysisenabled"] is False


def test_two_events_of_one_moment_happen_in_the_order_of_the_file(tmp_path: Path) -> None:
    scenario = """
events:
  - {after: 5, table: msdyn_wkwconfig, values: {msdyn_emailtemplateid: first}}
  - {after: 5, table: msdyn_wkwconfig, values: {msdyn_emailtemplateid: second}}
"""
    with served(tmp_path, scenario) as server:
        api = caller(server)
        only(api, WKW)
        server.clock.advance(dt.timedelta(seconds=6))
        assert only(api, WKW)["msdyn_emailtemplateid"] == "second"


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ("{by: SYSTEM, consent: granted}", "either `after` or `at`"),
        ("{after: 5 weeks, consent: granted}", "90s, 10m, 2h or 14d"),
        ("{after: 99999d, consent: granted}", "3650 days"),
        ("{after: 5}", "one of `table`, `form` and `consent`"),
        ("{after: 5, table: role}", "either `values` or `delete: true`"),
        ("{after: 5, by: Nobody, consent: granted}", "no user 'Nobody'"),
        ("{after: 5, table: nothing, delete: true}", "no table 'nothing'"),
        ("{after: 5, table: systemform, delete: true}", "forms change with `form`"),
        ("{after: 5, table: role, values: {colour: red}}", "role has no column 'colour'"),
        ("{after: 5, table: msdyn_activityanalysisconfig, values: {msdyn_taskweight: 10}}", "cannot hold 10"),
        ("{after: 5, table: msdyn_activityanalysisconfig, values: {msdyn_taskweight: true}}", "cannot hold True"),
        ("{after: 5, table: msdyn_activityanalysisconfig, values: {msdyn_datasource: 7}}", "cannot hold 7"),
        ("{after: 5, table: msdyn_wkwconfig, values: {msdyn_iswkwenabled: 1}}", "cannot hold 1"),
        ("{after: 5, form: {table: lead, name: Nowhere, builtin: lead}}", "no form 'Nowhere' of lead"),
        ("{after: 5, form: {table: lead, name: Lead}}", "no built-in form"),
        ("{after: 5, form: {table: lead, name: Lead, file: broken.xml}}", "form 'Lead' of lead"),
    ],
)
def test_an_event_that_could_not_happen_is_refused_at_once(tmp_path: Path, event: str, complaint: str) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "broken.xml").write_text("<form", encoding="utf-8")
    with pytest.raises(DataverseError) as caught:
        World(tmp_path, f"events: [{event}]")
    assert complaint in caught.value.message


def test_somebody_else_changes_a_row_on_demand(tmp_path: Path) -> None:
    with served(tmp_path, PEOPLE) as server:
        api = caller(server)
        before = only(api, WKW)
        asked = {"organization": "acme", "by": "Ana Pop", "table": "msdyn_wkwconfig", "values": {"msdyn_iswkwenabled": True}}
        told = control(server, "drift", asked)
        assert (told.status, told.body["row"]["msdyn_currentstatus"]) == (200, 2)
        after = only(api, WKW, Prefer=FORMATTED)
        assert after["_modifiedby_value@OData.Community.Display.V1.FormattedValue"] == "Ana Pop"
        assert after["@odata.etag"] != before["@odata.etag"]
        role = {"organization": "acme", "by": "Ana Pop", "table": "role", "row": {"name": "Proxy"}, "values": {"name": "Stand-in"}}
        assert control(server, "drift", role).body["row"]["name"] == "Stand-in"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"by": ""}, '"by" is missing'),
        ({"values": {}}, '"values" is an object of columns'),
        ({"values": []}, '"values" is an object'),
        ({"table": "nothing"}, "nothing"),
        ({"row": {"msdyn_name": "other"}}, "fits 0 rows"),
        ({"table": "role", "values": {"name": "x"}}, "it has to fit one"),
        ({"by": "Liam"}, "prvWrite"),
        ({"values": {"msdyn_emailtemplateid": "x" * 101}}, "maximum allowed"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_the_reason(tmp_path: Path, changes: dict[str, Any], complaint: str) -> None:
    asked = {"organization": "acme", "by": "Ana Pop", "table": "msdyn_wkwconfig", "values": {"msdyn_iswkwenabled": True}}
    with served(tmp_path, PEOPLE) as server:
        reply = control(server, "drift", asked | changes)
        assert reply.status == 400
        assert complaint in reply.body["error"]["message"]
