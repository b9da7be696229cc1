"""What callers may not reach: other people's history and privileges, roles above their own, and what an organization keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_served import caller, served
from tests.emulator.wire import Client

SCENARIO = """
auditing: true
roles:
  custom:
    - {name: Auditor, privileges: [prvReadaudit, prvReadAuditSummary, prvReadRecordAuditHistory]}
    - {name: Helper, privileges: [prvReadRole, prvWriteRole, prvAssignRole, prvReadUser, prvWriteTeam, prvReadTeam, "prvReadLead:Basic"]}
    - {name: Narrow, privileges: ["prvReadLead:Basic"]}
    - {name: Wide, privileges: ["prvReadLead:Global"]}
teams: [{name: Chiefs, roles: [System Administrator]}]
users:
  - {name: Ana, roles: [System Administrator]}
  - {name: Aud, roles: [Auditor]}
  - {name: Hel, roles: [Helper]}
  - {name: Nil}
"""
DENIED = (403, "0x80040220")
NOWHERE = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    with served(tmp_path, SCENARIO) as running:
        yield running


def found(api: Client, entity_set: str, wanted: str) -> str:
    rows = api.get(f"{entity_set}?$filter={wanted}").body["value"]
    id = {"systemusers": "systemuserid", "teams": "teamid", "roles": "roleid", "solutions": "solutionid"}[entity_set]
    return str(rows[0][id])


def role(api: Client, name: str) -> str:
    return found(api, "roles", f"name eq '{name}' and _parentroleid_value eq null")


def user(api: Client, name: str) -> str:
    return found(api, "systemusers", f"fullname eq '{name}'")


def test_the_history_of_a_table_is_told_only_to_those_who_may_read_it(server: EmbeddedDataverse) -> None:
    ana, aud = caller(server, "Ana"), caller(server, "Aud")
    made = role(ana, "Narrow")
    ana("PATCH", f"organizations({ana.get('organizations').body['value'][0]['organizationid']})", {"isauditenabled": False})
    target = json.dumps({"@odata.id": f"accounts({made})"})
    asked = (
        f"RetrieveRecordChangeHistory(Target=@t)?@t={target}",
        f"RetrieveAttributeChangeHistory(Target=@t,AttributeLogicalName='name')?@t={target}",
    )
    recorded = aud.get("audits").body["value"]

    for path in asked:
        assert ana.get(path).status == 200
        assert aud.get(path).error == DENIED
        assert "prvReadAccount" in aud.get(path).body["error"]["message"]
    assert [row["objecttypecode"] for row in recorded] == ["organization"]
    # Everybody may read the organization.
    assert aud.get(f"audits({recorded[0]['auditid']})/Microsoft.Dynamics.CRM.RetrieveAuditDetails()").status == 200


def test_privileges_of_others_are_told_only_to_those_who_may_read_users(server: EmbeddedDataverse) -> None:
    ana, aud = caller(server, "Ana"), caller(server, "Aud")
    calls = ("RetrieveUserPrivileges()", 'RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=["prvReadRole"]')

    for call in calls:
        assert aud.get(f"systemusers({user(ana, 'Ana')})/Microsoft.Dynamics.CRM.{call}").error == DENIED
        assert aud.get(f"systemusers({user(ana, 'Aud')})/Microsoft.Dynamics.CRM.{call}").status == 200
        assert aud.get(f"systemusers({NOWHERE})/Microsoft.Dynamics.CRM.{call}").error == DENIED
        assert ana.get(f"systemusers({NOWHERE})/Microsoft.Dynamics.CRM.{call}").status == 404


@pytest.mark.parametrize("entity_set", ["systemuserrolescollection", "privileges", "solutioncomponents", "roleprivilegescollection"])
def test_a_user_without_roles_reads_no_table_whatever_it_is_about(server: EmbeddedDataverse, entity_set: str) -> None:
    refused = caller(server, "Nil").get(entity_set)

    assert refused.error == DENIED
    assert "has not been assigned any roles" in refused.body["error"]["message"]
    assert caller(server, "Aud").get(entity_set).status == 200


def test_nobody_gives_a_role_that_has_more_than_the_giver(server: EmbeddedDataverse) -> None:
    ana, hel = caller(server, "Ana"), caller(server, "Hel")
    own = user(ana, "Hel")
    team = found(ana, "teams", "name eq 'Chiefs'")
    given = f"systemusers({own})/systemuserroles_association/$ref"

    for name in ("System Administrator", "Wide"):
        assert hel("POST", given, {"@odata.id": f"roles({role(ana, name)})"}).error == DENIED
    assert hel("POST", f"teams({team})/teammembership_association/$ref", {"@odata.id": f"systemusers({own})"}).error == DENIED
    assert hel("POST", given, {"@odata.id": f"roles({role(ana, 'Narrow')})"}).status == 204
    assert hel("DELETE", f"systemusers({own})/systemuserroles_association({role(ana, 'Narrow')})/$ref").status == 204
    assert ana("POST", given, {"@odata.id": f"roles({role(ana, 'Wide')})"}).status == 204


@pytest.mark.parametrize("action", ["AddPrivilegesRole", "ReplacePrivilegesRole"])
def test_nobody_puts_privileges_into_a_role_that_they_have_not(server: EmbeddedDataverse, action: str) -> None:
    ana, hel = caller(server, "Ana"), caller(server, "Hel")

    def body(name: str, depth: str) -> dict[str, Any]:
        id = ana.get(f"privileges?$filter=name eq '{name}'").body["value"][0]["privilegeid"]
        return {"Privileges": [{"Depth": depth, "PrivilegeId": id}]}

    address = f"roles({role(ana, 'Helper')})/Microsoft.Dynamics.CRM.{action}"
    assert hel("POST", address, body("prvDeleteAccount", "Basic")).error == DENIED
    assert hel("POST", address, body("prvReadLead", "Global")).error == DENIED
    assert ana("POST", address, body("prvReadLead", "Global")).status == 204


def test_users_and_the_solutions_of_the_organization_itself_stay(server: EmbeddedDataverse) -> None:
    ana = caller(server, "Ana")
    refused = ana("DELETE", f"systemusers({user(ana, 'Nil')})")

    assert refused.error == (400, "0x80040800")
    assert refused.body["error"]["message"] == "The 'Delete' method does not support entities of type 'systemuser'."
    for name in ("Active", "Default"):
        id = found(ana, "solutions", f"uniquename eq '{name}'")
        assert ana("DELETE", f"solutions({id})").error == (400, "0x80040203")
        assert ana.get(f"solutions({id})").status == 200


def test_a_write_into_a_solution_that_is_not_there_is_refused_whatever_it_writes(server: EmbeddedDataverse) -> None:
    ana = caller(server, "Ana")
    nowhere = {"MSCRM.SolutionUniqueName": "nowhere"}
    bodies = {"accounts": {"name": "x"}, "roles": {"name": "x", "businessunitid@odata.bind": f"/businessunits({unit(ana)})"}}

    for entity_set, body in bodies.items():
        refused = ana("POST", entity_set, body, headers=nowhere)
        assert refused.error == (404, "0x80040217")
        assert ana.get(f"{entity_set}?$filter=name eq 'x'").body["value"] == []


def test_a_role_that_is_made_in_a_solution_is_a_component_of_it(server: EmbeddedDataverse) -> None:
    ana = caller(server, "Ana")
    body = {"name": "Made", "businessunitid@odata.bind": f"/businessunits({unit(ana)})"}
    assert ana("POST", "roles", body, headers={"MSCRM.SolutionUniqueName": "Default"}).status == 204
    assert ana("POST", "accounts", {"name": "data"}, headers={"MSCRM.SolutionUniqueName": "Default"}).status == 204

    components = ana.get("solutioncomponents?$filter=componenttype ne 60&$select=objectid,componenttype").body["value"]
    assert [(row["objectid"], row["componenttype"]) for row in components] == [(role(ana, "Made"), 20)]


def unit(api: Client) -> str:
    return str(api.get("WhoAmI").body["BusinessUnitId"])


def test_what_was_recorded_at_one_moment_is_told_newest_first(server: EmbeddedDataverse) -> None:
    ana = caller(server, "Ana")
    row = f"organizations({ana.get('organizations').body['value'][0]['organizationid']})"
    for switch in (False, True, False):
        assert ana("PATCH", row, {"isauditenabled": switch}).status == 204

    told = ana.get(f"RetrieveRecordChangeHistory(Target=@t)?@t={json.dumps({'@odata.id': row})}").body["AuditDetailCollection"]
    assert [detail["NewValue"]["isauditenabled"] for detail in told["AuditDetails"]] == [False, True, False]
