from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest

from reconciler.emulator.context import DataverseError
from tests.emulator.domain_world import World

ADMINISTRATOR = "627090ff-40a3-4053-8790-584edc5be201"
SALESPERSON = "a4be89ff-7c35-4d69-9900-999c3f603e6f"
WKW = "msdyn_wkwconfig"
UNITS = """
businessUnits: [{name: Europe}, {name: Romania, parent: Europe}]
roles:
  custom: [{name: "Ana's rôle"}, {name: Local, businessUnit: Romania}]
  renamed: {salesperson: Agent de vânzări}
  deleted: [scheduler]
teams: [{name: Owners, roles: [System Administrator]}]
users:
  - {name: Ana Pop, roles: [System Administrator], mailbox: server-side-sync, email: ana@contoso.example}
  - {name: Radu, teams: [Owners]}
  - {name: Sally, roles: [Agent de vânzări], businessUnit: Romania, cannotRead: [msdyn_wkwconfig], mailbox: outlook}
  - {name: Zoe, roles: [System Customizer]}
  - {name: Nobody}
"""


def refused(world: World, table: str, changes: dict[str, object], user: str = "rictl") -> DataverseError:
    with pytest.raises(DataverseError) as caught:
        world.write(table, changes, user)
    return caught.value


def test_every_role_stands_in_the_root_and_is_copied_to_every_unit(tmp_path: Path) -> None:
    world = World(tmp_path, UNITS)
    with world.as_user() as context:
        copies = [role for role in context.rows.all("role") if role["_roletemplateid_value"] == SALESPERSON]
        units = {unit["businessunitid"]: unit["name"] for unit in context.rows.all("businessunit")}
    by_unit = {units[role["_businessunitid_value"]]: role for role in copies}
    root = by_unit["Standard"]
    assert {"Standard", "Europe", "Romania"} == set(by_unit)
    assert {"Agent de vânzări"} == {role["name"] for role in copies}
    assert {root["roleid"]} == {role["_parentrootroleid_value"] for role in copies}
    assert (None, root["roleid"], by_unit["Europe"]["roleid"]) == tuple(
        by_unit[unit]["_parentroleid_value"] for unit in ("Standard", "Europe", "Romania")
    )
    assert len({role["roleid"] for role in copies}) == 3


def test_roles_can_be_local_missing_and_have_odd_names(tmp_path: Path) -> None:
    world = World(tmp_path, UNITS)
    local = world.read("role", name="Local")
    assert (None, local["roleid"]) == (local["_parentroleid_value"], local["_parentrootroleid_value"])
    with world.as_user() as context:
        names = [role["name"] for role in context.rows.all("role")]
    assert (names.count("Ana's rôle"), names.count("Scheduler")) == (3, 0)
    assert len({name for name in names if name not in ("Local", "Ana's rôle")}) >= 20


def test_the_ids_are_the_same_on_every_run(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first, second = World(tmp_path, UNITS), World(tmp_path / "again", UNITS)
    for table in ("role", "systemuser", "template", "msdyn_wkwconfig", "organization"):
        with first.as_user() as one, second.as_user() as two:
            assert one.rows.all(table) == two.rows.all(table)


def test_only_administrators_write_settings_through_a_team_too(tmp_path: Path) -> None:
    world = World(tmp_path, UNITS)
    for user in ("Ana Pop", "Radu", "somebody new"):
        world.write(WKW, {"msdyn_name": user}, user)
    error = refused(world, WKW, {"msdyn_name": "x"}, "Sally")
    caller = world.read("systemuser", fullname="Sally")["systemuserid"]
    assert (error.status, error.code) == (403, "0x80040220")
    assert error.message.startswith(f"Principal user (Id={caller}, type=8, roleCount=1, ")
    assert "is missing prvWritemsdyn_wkwconfig privilege" in error.message
    assert "has not been assigned any roles" in refused(world, WKW, {"msdyn_name": "x"}, "Nobody").message


def test_customizers_write_and_publish_forms_and_sellers_write_records(tmp_path: Path) -> None:
    world = World(tmp_path, UNITS)
    world.write("systemform", {"description": "x"}, "Zoe")
    world.publish("lead", "Zoe")
    assert refused(world, "systemform", {"description": "x"}, "Sally").status == 403
    with pytest.raises(DataverseError) as caught:
        world.publish("lead", "Sally")
    assert "prvPublishCustomization" in caught.value.message
    assert world.create("contact", {"lastname": "Ionescu"}, "Sally")["lastname"] == "Ionescu"


def test_a_scenario_can_forbid_reading_a_table(tmp_path: Path) -> None:
    world = World(tmp_path, UNITS)
    with pytest.raises(DataverseError) as caught:
        world.read(WKW, "Sally")
    assert (caught.value.status, "prvReadmsdyn_wkwconfig" in caught.value.message) == (403, True)


def test_users_are_found_by_name_or_application_and_made_as_administrators(tmp_path: Path) -> None:
    world = World(tmp_path, UNITS)
    with world.writing() as rows:
        application = world.domain.user(rows, world.now, "rictl", "11111111-2222-3333-4444-555555555555")
        again = world.domain.user(rows, world.now, "other name", "11111111-2222-3333-4444-555555555555")
        ana = world.domain.user(rows, world.now, "Ana Pop", None)
    assert ("rictl", application["systemuserid"], 4) == (application["fullname"], again["systemuserid"], application["accessmode"])
    assert ana["internalemailaddress"] == "ana@contoso.example"
    names = ["prvReadRole", "prvWriteRole", "nonsense"]
    held = {
        user: [
            entry["PrivilegeName"]
            for entry in world.call("systemusers/RetrieveUserSetOfPrivilegesByNames", id=id, PrivilegeNames=names)["RolePrivileges"]
        ]
        for user, id in (("rictl", again["systemuserid"]), ("Sally", world.read("systemuser", fullname="Sally")["systemuserid"]))
    }
    assert {"rictl": names[:2], "Sally": names[:1]} == held
    with pytest.raises(DataverseError):
        world.call("systemusers/RetrieveUserSetOfPrivilegesByNames", id=again["systemuserid"], PrivilegeNames="prvReadRole")


def test_an_organization_without_the_administrator_role_gives_nobody_rights(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.writing() as rows:
        for role in rows.all("role"):
            rows.delete("role", role["roleid"])
        world.domain.user(rows, world.now, "late", None)
    assert refused(world, WKW, {"msdyn_name": "x"}, "late").status == 403


def test_mailboxes_follow_the_two_numberings_of_server_side_synchronization(tmp_path: Path) -> None:
    world = World(tmp_path, UNITS)
    columns = ("incomingemaildeliverymethod", "outgoingemaildeliverymethod", "actdeliverymethod", "emailrouteraccessapproval")
    rows = {name: world.read("mailbox", name=name) for name in ("Ana Pop", "Sally")}
    assert {name: tuple(row[column] for column in columns) for name, row in rows.items()} == {
        "Ana Pop": (2, 2, 1, 1),
        "Sally": (1, 1, 0, 0),
    }


@pytest.mark.parametrize(
    ("scenario", "changes", "message"),
    [
        (
            "missingSolutions: [RelationshipAnalytics]",
            {"isactivityanalysisenabled": True, "isrelationshipinsightsenabled": True},
            "solution is installed",
        ),
        ("", {"isactivityanalysisenabled": True}, "Relationship Insights feature is not enabled"),
        ("", {"isactioncardenabled": True}, "isRelationshipInsightsEnabled: False, isRASolutionInstalled: True"),
    ],
)
def test_the_organization_guards_its_switches(tmp_path: Path, scenario: str, changes: dict[str, object], message: str) -> None:
    error = refused(World(tmp_path, scenario or None), "organization", changes)
    assert (error.status, message in error.message) == (400, True)


def test_both_switches_can_be_set_at_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write("organization", {"isrelationshipinsightsenabled": True, "isactivityanalysisenabled": True, "isactioncardenabled": True})
    assert world.read("organization")["isactivityanalysisenabled"] is True


def delete(world: World, table: str, **wanted: object) -> None:
    with world.as_user() as context:
        before = next(row for row in context.rows.all(table) if all(row.get(key) == value for key, value in wanted.items()))
        world.domain.before_delete(context, table, before)
        context.rows.delete(table, before[world.domain.tables[table].primary_id])


def test_deleting_a_role_takes_its_copies_along_and_delivered_things_stay(tmp_path: Path) -> None:
    world = World(tmp_path, UNITS)
    delete(world, "role", name="Ana's rôle", _parentroleid_value=None)
    with world.as_user() as context:
        assert [role for role in context.rows.all("role") if role["name"] == "Ana's rôle"] == []
    for table, wanted, code in (
        ("systemform", {"name": "Contact"}, "0x8004F652"),
        ("role", {"_roletemplateid_value": ADMINISTRATOR}, "0x80040203"),
        ("organization", {}, "0x80040203"),
    ):
        with pytest.raises(DataverseError) as caught:
            delete(world, table, **wanted)
        assert code == caught.value.code
    delete(world, "template", title="Introduction template")


def test_the_organization_says_who_and_where_it_is(tmp_path: Path) -> None:
    world = World(tmp_path, "friendlyName: Acme\nhost: acme.crm12.dynamics.com\ngeo: FRA\nlatencySeconds: 0.5\nabsentTables: [mailbox]")
    detail = world.call("RetrieveCurrentOrganization", AccessType="Default")["Detail"]
    who = world.call("WhoAmI")
    assert (detail["FriendlyName"], detail["Geo"], detail["UrlName"], detail["UniqueName"]) == ("Acme", "FRA", "acme", "acme")
    assert detail["Endpoints"]["Values"][1] == "https://acme.api.crm12.dynamics.com/XRMServices/2011/Organization.svc"
    assert detail["OrganizationId"] == who["OrganizationId"] == world.read("organization")["organizationid"]
    assert who["UserId"] == world.read("systemuser", fullname="rictl")["systemuserid"]
    assert {"Version": detail["OrganizationVersion"]} == world.call("RetrieveVersion")
    settings = world.domain.settings("acme")
    assert (settings["latency_seconds"], settings["absent_tables"]) == (0.5, ("mailbox",))


def feature(world: World, **more: object) -> dict[str, object]:
    asked = {"EntityType": "opportunity", "EntityId": "x", "FeatureName": "ActivityAnalysis", **more}
    answer = world.call("msdyn_GetSIFeatureConfiguration", SIParameters=json.dumps(asked))
    results: dict[str, object] = json.loads(unquote(answer["FeatureConfiguration"]))["Results"]
    return results


def test_the_form_script_is_told_what_the_tables_say(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert feature(world) == {"IsOrgSettingEnable": False, "CurrentStatus": 1}
    world.write("msdyn_activityanalysisconfig", {"msdyn_isorgsettingenable": True})
    world.later(seconds=2)
    assert feature(world) == {"IsOrgSettingEnable": True, "CurrentStatus": 3}


def test_the_form_script_is_answered_without_a_row_and_refused_with_a_wrong_question(tmp_path: Path) -> None:
    world = World(tmp_path, "settings: {msdyn_activityanalysisconfig: []}")
    assert feature(world) == {"IsOrgSettingEnable": False, "CurrentStatus": 1}
    with pytest.raises(DataverseError):
        feature(world, FeatureName="Other")
    for text in (None, "{", "[]", 5):
        with pytest.raises(DataverseError):
            world.call("msdyn_GetSIFeatureConfiguration", SIParameters=text)


def test_a_user_without_personal_settings_is_served_in_english(tmp_path: Path) -> None:
    world = World(tmp_path, "language: 1048\nforms: [{table: lead, name: Contoso Lead, builtin: contoso_lead}]")
    with world.writing() as rows:
        user = world.domain.user(rows, world.now, "late", None)
        rows.delete("usersettings", user["systemuserid"])
    assert 'description="Summary" languagecode="1033"' in world.read("systemform", "late", name="Contoso Lead")["formxml"]
