from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.domain.identity import stable_id
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_world import World
from tests.emulator.wire import Client

SCENARIO = """
businessUnits: [{name: North}]
roles:
  custom:
    - {name: Reader, privileges: [prvReadAccount, "prvReadRole:Local"]}
    - {name: Writer, privileges: [prvCreateAccount, prvWriteaccount, prvDeleteAccount, prvReadAccount]}
    - {name: Impersonator, privileges: [prvActOnBehalfOfAnotherUser, prvReadAccount, prvCreateAccount, prvReadUser]}
    - {name: Seller}
teams: [{name: Readers, roles: [Reader]}]
users:
  - {name: Ana, roles: [System Administrator]}
  - {name: Rea, teams: [Readers]}
  - {name: Wim, roles: [Writer]}
  - {name: Imo, roles: [Impersonator]}
  - {name: Sal, roles: [Seller]}
  - {name: Liv, roles: [Salesperson]}
  - {name: Cus, roles: [System Customizer]}
  - {name: Dee, roles: [Delegate]}
  - {name: Sup, roles: [Support User]}
  - {name: Nil}
  - {name: Olga, roles: [System Administrator], disabled: true}
"""
FORM_CHANGE = {"description": "x"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    (scenarios / "acme.yaml").write_text(SCENARIO, encoding="utf-8")
    with EmbeddedDataverse(tmp_path / "state.db", domain=build_domain(CATALOG, scenarios), catalog=CATALOG) as running:
        yield running


def as_user(server: EmbeddedDataverse, name: str) -> Client:
    return Client(server, server.token(name), "acme")


def id_of(api: Client, name: str) -> str:
    return str(api.get(f"systemusers?$filter=fullname eq '{name}'&$select=systemuserid").body["value"][0]["systemuserid"])


def role(api: Client, name: str) -> str:
    found = api.get(f"roles?$filter=name eq '{name}' and _parentroleid_value eq null&$select=roleid").body["value"]
    return str(found[0]["roleid"])


def privileges_of(api: Client, user: str) -> dict[str, str]:
    reply = api.get(f"systemusers({id_of(api, user)})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()")
    return {entry["PrivilegeName"]: entry["Depth"] for entry in reply.body["RolePrivileges"]}


def test_a_table_whose_reading_is_not_granted_answers_403_even_when_it_is_empty(server: EmbeddedDataverse) -> None:
    rea = as_user(server, "Rea")

    assert rea.get("accounts").status == 200
    assert rea.get("opportunities").error == (403, "0x80040220")
    assert rea.get("accounts?$expand=primarycontactid").status == 200
    assert rea.get("WhoAmI").status == 200


def test_the_refusal_names_the_privilege_and_the_counts_as_they_are(server: EmbeddedDataverse) -> None:
    ana, rea = as_user(server, "Ana"), as_user(server, "Rea")
    message = rea.get("contacts").body["error"]["message"]
    id, count = id_of(ana, "Rea"), len(privileges_of(ana, "Rea"))

    missing = stable_id("privilege", "prvreadcontact")
    assert message == (
        f"Principal user (Id={id}, type=8, roleCount=1, privilegeCount={count}, accessMode=0), is missing prvReadContact privilege "
        f"(Id={missing}) on OTC=2 for entity 'contact'. context.Caller={id}"
    )
    assert [missing] == [row["privilegeid"] for row in ana.get("privileges?$filter=name eq 'prvReadContact'").body["value"]]


def test_a_user_without_roles_learns_only_who_it_is(server: EmbeddedDataverse) -> None:
    nil = as_user(server, "Nil")
    id = nil.get("WhoAmI").body["UserId"]

    assert nil.get("accounts").body["error"]["message"] == (
        f"The user with id {id} has not been assigned any roles. They need a role with the prvReadAccount privilege."
    )


def test_each_verb_needs_its_own_privilege(server: EmbeddedDataverse) -> None:
    wim, rea, ana = as_user(server, "Wim"), as_user(server, "Rea"), as_user(server, "Ana")
    row = {"accountid": "dddddddd-0000-0000-0000-000000000001", "name": "new"}
    address = f"accounts({row['accountid']})"

    assert "prvCreateAccount" in rea("POST", "accounts", row).body["error"]["message"]
    assert wim("POST", "accounts", row).status == 204
    assert "prvWriteAccount" in rea("PATCH", address, {"name": "x"}).body["error"]["message"]
    assert wim("PATCH", address, {"name": "x"}).status == 204
    owner = {"ownerid@odata.bind": f"/systemusers({id_of(ana, 'Sal')})"}
    assert "prvAssignAccount" in wim("PATCH", address, owner).body["error"]["message"]
    assert ana("PATCH", address, owner).status == 204
    assert "prvDeleteAccount" in rea("DELETE", address).body["error"]["message"]
    assert wim("DELETE", address).status == 204


@pytest.mark.parametrize(
    ("user", "can", "cannot"),
    [
        ("Ana", ["prvDeleteRole", "prvActOnBehalfOfAnotherUser", "prvReadAuditSummary"], []),
        ("Cus", ["prvWriteSystemForm", "prvPublishCustomization", "prvReadRole"], ["prvWriteAccount", "prvWriteRole"]),
        ("Liv", ["prvWriteAccount", "prvReadSystemForm"], ["prvWriteSystemForm", "prvPublishCustomization"]),
        ("Sal", ["prvWriteAccount", "prvReadSystemForm"], ["prvWriteSystemForm", "prvActOnBehalfOfAnotherUser"]),
        ("Dee", ["prvActOnBehalfOfAnotherUser"], ["prvWriteAccount"]),
        ("Sup", ["prvReadAccount"], ["prvWriteAccount"]),
        ("Rea", ["prvReadAccount", "prvReadRole", "prvReadOrganization"], ["prvReadContact"]),
    ],
)
def test_roles_give_what_the_functions_tell(server: EmbeddedDataverse, user: str, can: list[str], cannot: list[str]) -> None:
    api = as_user(server, "Ana")
    names = [*can, *cannot, "nonsense"]
    call = f"systemusers({id_of(api, user)})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p="
    asked = api.get(call + str(names).replace("'", '"')).body["RolePrivileges"]
    held = privileges_of(api, user)

    assert [entry["PrivilegeName"] for entry in asked] == can
    assert set(can) <= set(held)
    assert not set(cannot) & set(held)


def test_depths_are_told_and_the_deepest_of_several_roles_counts(server: EmbeddedDataverse) -> None:
    api = as_user(server, "Ana")
    assert privileges_of(api, "Rea")["prvReadRole"] == "Local"

    given = {"@odata.id": f"roles({role(api, 'Seller')})"}
    assert api("POST", f"systemusers({id_of(api, 'Rea')})/systemuserroles_association/$ref", given).status == 204
    assert privileges_of(api, "Rea")["prvReadRole"] == "Global"


def test_a_role_counts_from_the_moment_it_is_given_until_it_is_taken(server: EmbeddedDataverse) -> None:
    ana, nil = as_user(server, "Ana"), as_user(server, "Nil")
    pair = f"systemusers({id_of(ana, 'Nil')})/systemuserroles_association"
    assert nil.get("contacts").status == 403

    assert ana("POST", f"{pair}/$ref", {"@odata.id": f"roles({role(ana, 'Seller')})"}).status == 204
    assert nil.get("contacts").status == 200
    assert ana("DELETE", f"{pair}({role(ana, 'Seller')})/$ref").status == 204
    assert nil.get("contacts").status == 403


def test_a_role_of_a_team_counts_at_once_too(server: EmbeddedDataverse) -> None:
    ana, rea = as_user(server, "Ana"), as_user(server, "Rea")
    team = ana.get("teams?$filter=name eq 'Readers'").body["value"][0]["teamid"]
    assert rea.get("contacts").status == 403

    assert ana("POST", f"teams({team})/teamroles_association/$ref", {"@odata.id": f"roles({role(ana, 'Seller')})"}).status == 204
    assert rea.get("contacts").status == 200
    assert ana("DELETE", f"roles({role(ana, 'Seller')})").status == 204
    assert rea.get("contacts").status == 403


def test_only_who_may_assign_roles_gives_them(server: EmbeddedDataverse) -> None:
    ana, sal = as_user(server, "Ana"), as_user(server, "Sal")
    pair = f"systemusers({id_of(ana, 'Sal')})/systemuserroles_association/$ref"
    refused = sal("POST", pair, {"@odata.id": f"roles({role(ana, 'System Administrator')})"})
    team = ana.get("teams?$filter=name eq 'Readers'").body["value"][0]["teamid"]
    joined = sal("POST", f"teams({team})/teammembership_association/$ref", {"@odata.id": f"systemusers({id_of(ana, 'Sal')})"})

    assert (refused.status, "prvAssignRole" in refused.body["error"]["message"]) == (403, True)
    assert (joined.status, "prvWriteTeam" in joined.body["error"]["message"]) == (403, True)


def entry(api: Client, name: str, depth: Any = "Global") -> dict[str, Any]:
    id = api.get(f"privileges?$filter=name eq '{name}'").body["value"][0]["privilegeid"]
    return {"Depth": depth, "PrivilegeId": id, "BusinessUnitId": "00000000-0000-0000-0000-000000000000"}


def test_privileges_are_added_replaced_and_removed_and_the_baseline_stays(server: EmbeddedDataverse) -> None:
    api, reader = as_user(server, "Ana"), as_user(server, "Rea")
    target = f"roles({role(api, 'Reader')})/Microsoft.Dynamics.CRM."

    assert api("POST", f"{target}AddPrivilegesRole", {"Privileges": [entry(api, "prvReadContact", 3)]}).status == 204
    assert (reader.get("contacts").status, reader.get("accounts").status) == (200, 200)
    removed = {"PrivilegeId": entry(api, "prvReadContact")["PrivilegeId"]}
    assert api("POST", f"{target}RemovePrivilegeRole", removed).status == 204
    assert (reader.get("contacts").status, reader.get("accounts").status) == (403, 200)
    assert api("POST", f"{target}ReplacePrivilegesRole", {"Privileges": [entry(api, "prvReadLead", "Basic")]}).status == 204
    assert privileges_of(api, "Rea") == {
        "prvReadLead": "Basic",
        "prvReadOrganization": "Global",
        "prvReadUserSettings": "Global",
        "prvWriteUserSettings": "Global",
    }
    told = api.get(f"RetrieveRolePrivilegesRole(RoleId={role(api, 'Reader')})").body["RolePrivileges"]
    assert [each["PrivilegeName"] for each in told] == sorted(privileges_of(api, "Rea"))


@pytest.mark.parametrize(
    ("name", "target", "body", "status"),
    [
        ("RemovePrivilegeRole", "Reader", {"Privilege": {"privilegeid": stable_id("privilege", "prvreadorganization")}}, 400),
        ("RemovePrivilegeRole", "Reader", {"PrivilegeId": "nothing"}, 404),
        ("AddPrivilegesRole", "Reader", {"Privileges": "all"}, 400),
        ("AddPrivilegesRole", "Reader", {"Privileges": [{"Depth": "Deepest", "PrivilegeId": "x"}]}, 400),
        ("ReplacePrivilegesRole", "System Administrator", {"Privileges": []}, 400),
    ],
)
def test_changes_of_a_role_that_cannot_be_are_refused(
    server: EmbeddedDataverse, name: str, target: str, body: dict[str, Any], status: int
) -> None:
    api = as_user(server, "Ana")

    assert api("POST", f"roles({role(api, target)})/Microsoft.Dynamics.CRM.{name}", body).status == status


def test_copies_of_a_role_follow_their_root_and_are_not_changed_themselves(server: EmbeddedDataverse) -> None:
    api = as_user(server, "Ana")
    copies = api.get("roles?$filter=name eq 'Reader' and _parentroleid_value ne null&$select=roleid").body["value"]
    copy = copies[0]["roleid"]
    body = {"Privileges": [entry(api, "prvReadContact")]}

    assert api("POST", f"roles({copy})/Microsoft.Dynamics.CRM.AddPrivilegesRole", body).status == 400
    assert api("POST", f"roles({role(api, 'Reader')})/Microsoft.Dynamics.CRM.AddPrivilegesRole", body).status == 204
    names = [each["PrivilegeName"] for each in api.get(f"RetrieveRolePrivilegesRole(RoleId={copy})").body["RolePrivileges"]]
    assert "prvReadContact" in names
    assert api.get("RetrieveRolePrivilegesRole(RoleId=00000000-0000-0000-0000-000000000009)").status == 404


def test_a_new_role_has_the_baseline_only(server: EmbeddedDataverse) -> None:
    api = as_user(server, "Ana")
    unit = api.get("WhoAmI").body["BusinessUnitId"]
    id = "dddddddd-0000-0000-0000-000000000007"
    assert api("POST", "roles", {"roleid": id, "name": "New", "businessunitid@odata.bind": f"/businessunits({unit})"}).status == 204

    names = [each["PrivilegeName"] for each in api.get(f"RetrieveRolePrivilegesRole(RoleId={id})").body["RolePrivileges"]]
    assert names == ["prvReadOrganization", "prvReadUserSettings", "prvWriteUserSettings"]


def test_the_pairs_of_roles_and_privileges_can_be_read_but_not_written(server: EmbeddedDataverse) -> None:
    api = as_user(server, "Ana")
    reader = role(api, "Reader")
    expanded = api.get(f"roles({reader})?$select=name&$expand=roleprivileges_association($select=name)").body["roleprivileges_association"]
    pairs = api.get(f"roleprivilegescollection?$filter=roleid eq {reader}").body["value"]

    assert len(expanded) == len(pairs) == 5
    depths = {pair["privilegeid"]: pair["privilegedepthmask"] for pair in pairs}
    assert depths[stable_id("privilege", "prvreadrole")] == 2
    one = api.get(f"privileges({stable_id('privilege', 'prvreadrole')})?$select=name,accessright").body
    assert (one["name"], one["accessright"]) == ("prvReadRole", 1)
    pair = {"@odata.id": f"privileges({one['privilegeid']})"}
    assert api("POST", f"roles({reader})/roleprivileges_association/$ref", pair).error == (400, "0x80040800")
    assert api("POST", "privileges", {"name": "prvMine"}).error == (400, "0x80040800")


def test_acting_for_others_needs_its_privilege_and_gives_what_both_may(server: EmbeddedDataverse) -> None:
    ana, imo, sal = as_user(server, "Ana"), as_user(server, "Imo"), as_user(server, "Sal")
    seller = {"MSCRMCallerID": id_of(ana, "Sal")}
    refused = sal.get("WhoAmI", MSCRMCallerID=id_of(ana, "Ana"))

    assert (refused.error, "prvActOnBehalfOfAnotherUser" in refused.body["error"]["message"]) == ((403, "0x80040220"), True)
    assert imo.get("WhoAmI", **seller).body["UserId"] == seller["MSCRMCallerID"]
    assert imo.get("accounts", **seller).status == 200
    assert imo.get("contacts", **seller).status == 403
    assert imo("PATCH", "accounts(dddddddd-0000-0000-0000-000000000009)", {"name": "theirs"}, headers=seller).status == 204
    row = ana.get("accounts(dddddddd-0000-0000-0000-000000000009)").body
    names = ("_createdby_value", "_createdonbehalfby_value", "_modifiedby_value", "_modifiedonbehalfby_value")
    assert [row[name] for name in names] == [id_of(ana, "Sal"), id_of(ana, "Imo")] * 2


def test_disabled_users_are_turned_away_whoever_asks_for_them(server: EmbeddedDataverse) -> None:
    ana = as_user(server, "Ana")
    olga = id_of(ana, "Olga")

    assert as_user(server, "Olga").get("WhoAmI").error == (403, "0x80040225")
    assert ana.get("WhoAmI", MSCRMCallerID=olga).error == (403, "0x80040225")
    assert ana("PATCH", f"systemusers({olga})", {"isdisabled": False}).status == 204
    assert as_user(server, "Olga").get("WhoAmI").status == 200


def test_a_privilege_that_does_not_exist_makes_a_scenario_unusable(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="the role 'Odd' has 'prvReadNothing', which is no privilege"):
        World(tmp_path, "roles: {custom: [{name: Odd, privileges: [prvReadNothing]}]}")


def test_whoever_signs_in_without_being_a_user_is_turned_away(server: EmbeddedDataverse) -> None:
    for identity in (
        Identity("Somebody", None, on_demand=False),
        Identity("robot", "99999999-0000-0000-0000-000000000001", on_demand=False),
    ):
        stranger = Client(server, server._tokens.issue(server.root, identity), "acme")
        assert stranger.get("WhoAmI").error == (403, "0x80072560")
    named = Identity("RICTL", None, on_demand=False)
    as_user(server, "rictl").get("WhoAmI")
    assert Client(server, server._tokens.issue(server.root, named), "acme").get("WhoAmI").status == 200
