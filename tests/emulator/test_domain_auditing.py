"""Who changed what, when: the audit rows of an organization and the functions that tell their history."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.domain_served import ANALYTICS, WKW, address, caller, only, patch, served
from tests.emulator.wire import Client

AUDITED = """
auditing: true
users:
  - {name: Ana Pop, roles: [System Administrator]}
  - {name: Liam, roles: [Salesperson]}
"""
WEIGHTS = {"msdyn_emailweight": 4, "msdyn_taskweight": 9}


def history(api: Client, row: str, paging: dict[str, Any] | None = None) -> dict[str, Any]:
    target = json.dumps({"@odata.id": row})
    asked = f"&@p={json.dumps(paging)}" if paging else ""
    reply = api.get(f"RetrieveRecordChangeHistory(Target=@t{',PagingInfo=@p' if paging else ''})?@t={target}{asked}")
    assert reply.status == 200, reply.content
    found: dict[str, Any] = reply.body["AuditDetailCollection"]
    return found


def test_a_change_is_recorded_with_who_when_and_what(tmp_path: Path) -> None:
    with served(tmp_path, AUDITED) as server:
        ana = caller(server, "Ana Pop")
        row = address(ana, ANALYTICS)
        patch(ana, row, WEIGHTS)
        audit = only(ana, "audits", Prefer='odata.include-annotations="*"')
        assert (audit["operation"], audit["action"], audit["objecttypecode"]) == (2, 2, "msdyn_activityanalysisconfig")
        assert audit["_userid_value@OData.Community.Display.V1.FormattedValue"] == "Ana Pop"
        assert audit["_objectid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "msdyn_activityanalysisconfig"
        assert (audit["createdon"], audit["_objectid_value"]) == ("2026-11-23T12:00:00Z", row.partition("(")[2].rstrip(")"))
        assert json.loads(audit["changedata"]) == {
            "changedAttributes": [
                {"logicalName": "msdyn_emailweight", "oldValue": None, "newValue": "4"},
                {"logicalName": "msdyn_taskweight", "oldValue": None, "newValue": "9"},
            ]
        }
        mine = ana.get(f"systemusers({audit['_userid_value']})/lk_audit_userid?$filter=operation eq 2").body["value"]
        assert [found["auditid"] for found in mine] == [audit["auditid"]]


def test_the_history_of_a_row_has_old_and_new_values_and_no_author(tmp_path: Path) -> None:
    with served(tmp_path, AUDITED) as server:
        ana = caller(server, "Ana Pop")
        row = address(ana, ANALYTICS)
        for weight in (4, 5, 6):
            patch(ana, row, {"msdyn_emailweight": weight})
        first = history(ana, row, {"PageNumber": 1, "Count": 2, "ReturnTotalRecordCount": True})
        last = history(ana, row, {"PageNumber": 2, "Count": 2})
        kind = "#Microsoft.Dynamics.CRM.msdyn_activityanalysisconfig"
        assert [(found["OldValue"], found["NewValue"]) for found in first["AuditDetails"]] == [
            ({"@odata.type": kind, "msdyn_emailweight": 5}, {"@odata.type": kind, "msdyn_emailweight": 6}),
            ({"@odata.type": kind, "msdyn_emailweight": 4}, {"@odata.type": kind, "msdyn_emailweight": 5}),
        ]
        assert (first["MoreRecords"], first["TotalRecordCount"], "ContinuationToken" in first["PagingCookie"]) == (True, 3, True)
        assert (last["MoreRecords"], last["TotalRecordCount"], last["PagingCookie"]) == (False, -1, "")
        assert last["AuditDetails"][0]["OldValue"] == {"@odata.type": kind}
        assert "AuditRecord" not in first["AuditDetails"][0]


def test_one_audit_row_tells_its_details(tmp_path: Path) -> None:
    with served(tmp_path, AUDITED) as server:
        ana = caller(server, "Ana Pop")
        patch(ana, address(ana, WKW), {"msdyn_emailtemplateid": "one"})
        reply = ana.get(f"audits({only(ana, 'audits')['auditid']})/Microsoft.Dynamics.CRM.RetrieveAuditDetails")
        assert reply.body["@odata.context"].endswith("$metadata#Microsoft.Dynamics.CRM.RetrieveAuditDetailsResponse")
        assert reply.body["AuditDetail"]["@odata.type"] == "#Microsoft.Dynamics.CRM.AttributeAuditDetail"
        assert reply.body["AuditDetail"]["NewValue"]["msdyn_emailtemplateid"] == "one"


def test_one_column_has_a_history_of_its_own(tmp_path: Path) -> None:
    with served(tmp_path, AUDITED) as server:
        ana = caller(server, "Ana Pop")
        row = address(ana, ANALYTICS)
        patch(ana, row, WEIGHTS)
        patch(ana, row, {"msdyn_emailweight": 5})
        asked = f'RetrieveAttributeChangeHistory(Target=@t,AttributeLogicalName=@a)?@t={{"@odata.id":"{row}"}}&@a='
        told = ana.get(f"{asked}'msdyn_taskweight'").body["AuditDetailCollection"]["AuditDetails"]
        assert [found["NewValue"] for found in told] == [
            {"@odata.type": "#Microsoft.Dynamics.CRM.msdyn_activityanalysisconfig", "msdyn_taskweight": 9}
        ]
        assert ana.get(f"{asked}'colour'").error == (400, "0x80040203")


def test_creating_and_deleting_are_recorded_with_the_lookups_of_the_row(tmp_path: Path) -> None:
    with served(tmp_path, AUDITED) as server:
        ana = caller(server, "Ana Pop")
        created = ana("POST", "accounts", {"name": "Contoso"}, headers={"Prefer": "return=representation"}).body["accountid"]
        assert ana("DELETE", f"accounts({created})").status == 204
        rows = ana.get("audits?$orderby=operation").body["value"]
        assert [(row["operation"], row["_objectid_value"]) for row in rows] == [(1, created), (3, created)]
        kinds = {change["logicalName"]: change["newValue"] for change in json.loads(rows[0]["changedata"])["changedAttributes"]}
        assert (kinds["name"], kinds["ownerid"].partition(",")[0]) == ("Contoso", "systemuser")
        details = history(ana, f"accounts({created})")["AuditDetails"]
        assert details[1]["NewValue"]["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "systemuser"
        assert details[0]["NewValue"] == {"@odata.type": "#Microsoft.Dynamics.CRM.account"}


def test_nothing_is_recorded_while_auditing_is_off_and_switching_it_is(tmp_path: Path) -> None:
    with served(tmp_path, "auditing: false") as server:
        api = caller(server)
        organization = f"organizations({only(api, 'organizations')['organizationid']})"
        row = address(api, WKW)
        patch(api, row, {"msdyn_emailtemplateid": "one"})
        assert api.get("audits").body["value"] == []
        patch(api, organization, {"isauditenabled": True})
        patch(api, row, {"msdyn_emailtemplateid": "two"})
        patch(api, organization, {"isauditenabled": False})
        patch(api, row, {"msdyn_emailtemplateid": "three"})
        assert sorted(row["action"] for row in api.get("audits").body["value"]) == [2, 104, 104]


def test_a_table_whose_auditing_is_off_is_not_recorded(tmp_path: Path) -> None:
    with served(tmp_path, "auditing: true\nauditedTables: [msdyn_wkwconfig]") as server:
        api = caller(server)
        patch(api, address(api, ANALYTICS), WEIGHTS)
        patch(api, address(api, WKW), {"msdyn_emailtemplateid": "one"})
        assert only(api, "audits")["objecttypecode"] == "msdyn_wkwconfig"


def test_a_lapse_is_recorded_as_the_doing_of_the_service(tmp_path: Path) -> None:
    with served(tmp_path, AUDITED) as server:
        ana = caller(server, "Ana Pop")
        row = address(ana, WKW)
        patch(ana, row, {"msdyn_iswkwenabled": True})
        server.clock.advance(dt.timedelta(days=15))
        lapsed = ana.get("audits?$orderby=createdon desc", Prefer='odata.include-annotations="*"').body["value"][0]
        assert lapsed["_userid_value@OData.Community.Display.V1.FormattedValue"] == "Dynamics 365 Office Data Service"
        assert lapsed["createdon"] == "2026-12-07T12:00:00Z"
        changed = {change["logicalName"]: change["newValue"] for change in json.loads(lapsed["changedata"])["changedAttributes"]}
        assert changed == {"msdyn_iswkwenabled": "False", "msdyn_currentstatus": "6"}


@pytest.mark.parametrize("path", ["audits", "RetrieveRecordChangeHistory(Target=@t)?@t={'@odata.id':'accounts(%s)'}"])
def test_a_caller_without_the_privileges_reads_no_history(tmp_path: Path, path: str) -> None:
    with served(tmp_path, AUDITED) as server:
        patch(caller(server, "Ana Pop"), address(caller(server, "Ana Pop"), WKW), {"msdyn_emailtemplateid": "one"})
        reply = caller(server, "Liam").get(path.replace("%s", "1" * 8 + "-1111-1111-1111-" + "1" * 12))
        assert reply.error == (403, "0x80040220")
        assert "prvReadAuditSummary" in reply.body["error"]["message"]


@pytest.mark.parametrize(
    ("target", "paging"),
    [
        ("{'@odata.id':'nothings(11111111-1111-1111-1111-111111111111)'}", None),
        ("{'@odata.id':'accounts'}", None),
        ("[]", None),
        ("'text'", None),
        ("{'@odata.id':'accounts(11111111-1111-1111-1111-111111111111)'}", '{"PageNumber":0}'),
        ("{'@odata.id':'accounts(11111111-1111-1111-1111-111111111111)'}", '{"Count":"many"}'),
        ("{'@odata.id':'accounts(11111111-1111-1111-1111-111111111111)'}", "7"),
    ],
)
def test_a_question_about_nothing_is_refused(tmp_path: Path, target: str, paging: str | None) -> None:
    with served(tmp_path, AUDITED) as server:
        asked = f"RetrieveRecordChangeHistory(Target=@t{',PagingInfo=@p' if paging else ''})?@t={target}"
        reply = caller(server).get(f"{asked}&@p={paging}" if paging else asked)
        assert reply.error == (400, "0x80040203")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_audit_rows_cannot_be_written(tmp_path: Path, method: str) -> None:
    with served(tmp_path, AUDITED) as server:
        api = caller(server)
        patch(api, address(api, WKW), {"msdyn_emailtemplateid": "one"})
        row = "audits" if method == "POST" else f"audits({only(api, 'audits')['auditid']})"
        assert api(method, row, {"useradditionalinfo": "me"} if method != "DELETE" else None).error == (400, "0x80040800")


def test_long_values_are_cut_in_the_history(tmp_path: Path) -> None:
    with served(tmp_path, AUDITED) as server:
        api = caller(server)
        settings = only(api, "organizations")["organizationid"]
        patch(api, f"organizations({settings})", {"orgdborgsettings": "x" * 6000})
        told = history(api, f"organizations({settings})")["AuditDetails"][0]["NewValue"]["orgdborgsettings"]
        assert (len(told), told[-1]) == (5001, "…")
