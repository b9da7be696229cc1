from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.emulator.context import DataverseError
from reconciler.emulator.domain import build_domain
from tests.emulator.domain_world import FLEET, NOON, World

ROLES = "msdyn_odosmetadata"
ANALYTICS = "msdyn_activityanalysisconfig"


@pytest.mark.parametrize("organization", sorted(path.stem for path in FLEET.parent.glob("*.yaml")))
def test_every_organization_of_the_fleet_has_what_its_environment_names(tmp_path: Path, organization: str) -> None:
    world = World.of_fleet(tmp_path, organization)
    with world.as_user() as context:
        names = {
            table: {row[column] for row in context.rows.all(table)} for table, column in (("systemform", "name"), ("template", "title"))
        }
        roles = {role["name"] for role in context.rows.all("role") if role["_parentroleid_value"] is None}
    assert {"Contoso Lead", "Contoso Contact"} <= names["systemform"]
    assert {"Introduction request", "Warm introduction"} <= names["template"]
    assert {"Salesperson", "Sales Manager", "Contoso Account Executive"} <= roles
    assert world.read("solution", uniquename="ContosoSales")["ismanaged"] is False


def test_the_fleet_tells_four_different_stories(tmp_path: Path) -> None:
    dev, test, emea, us = (World.of_fleet(tmp_path, f"contoso-{name}") for name in ("dev", "test", "prod-emea", "prod-us"))
    assert (dev.read(ANALYTICS)["msdyn_isorgsettingenable"], dev.read("organization")["isrelationshipinsightsenabled"]) == (False, False)
    assert tuple(test.read(ANALYTICS)[column] for column in ("msdyn_currentstatus", "msdyn_emailweight", "msdyn_meetingweight")) == (
        3,
        4,
        9,
    )
    assert tuple(emea.read(ANALYTICS)[column] for column in ("msdyn_currentstatus", "msdyn_datasource", "msdyn_exchangemarsstatus")) == (
        3,
        3,
        3,
    )
    assert "cc_1690000000000" in emea.read("systemform", name="Contoso Contact")["formxml"]
    assert "cc_1690000000000" not in us.read("systemform", name="Contoso Contact")["formxml"]
    assert us.call("RetrieveVersion")["Version"] == "9.2.25052.00140"


def test_the_selection_of_roles_in_emea_is_one_too_many(tmp_path: Path) -> None:
    world = World.of_fleet(tmp_path, "contoso-prod-emea")
    with world.as_user() as context:
        roots = {role["roleid"]: role["name"] for role in context.rows.all("role") if role["_parentroleid_value"] is None}
    stored = json.loads(world.read(ROLES)["msdyn_enabledroles"])
    assert [roots[id] for id in stored] == ["Salesperson", "Sales Manager", "Marketing Manager"]


@pytest.mark.parametrize(
    ("encoding", "matches"),
    [("json", '["'), ("comma", ","), ("names", "Salesperson, Gone"), ("empty", ""), ("junk", "{not a list")],
)
def test_the_selection_of_roles_can_be_stored_in_many_ways(tmp_path: Path, encoding: str, matches: str) -> None:
    world = World(tmp_path, f"enabledRoles: {{roles: [Salesperson, Gone], encoding: {encoding}}}")
    stored = world.read(ROLES)["msdyn_enabledroles"]
    assert matches in stored
    assert (encoding == "empty") == (stored == "")


def test_an_organization_without_a_file_is_the_standard_one(tmp_path: Path) -> None:
    world = World(tmp_path, organization="somewhere")
    assert world.read("organization")["name"] == "somewhere"
    assert None is world.read(ROLES).get("msdyn_enabledroles")


def test_without_a_folder_every_organization_is_the_standard_one() -> None:
    domain = build_domain(CATALOG, None)
    settings = domain.settings("contoso-dev")
    assert (settings["latency_seconds"], settings["absent_tables"], settings["absent_columns"]) == (0.0, (), {})


def test_a_table_that_is_absent_has_no_rows(tmp_path: Path) -> None:
    world = World(tmp_path, "absentTables: [msdyn_wkwconfig, msdyn_odosmetadata]\nenabledRoles: {roles: [Salesperson]}")
    with world.as_user() as context:
        assert (context.rows.all("msdyn_wkwconfig"), context.rows.all("msdyn_odosmetadata")) == ([], [])


@pytest.mark.parametrize(
    ("scenario", "complaint"),
    [
        ("frendlyName: Acme", "frendlyName: Extra inputs are not permitted"),
        ("- a", "a scenario is a mapping"),
        ("a: [", "is not valid YAML"),
        ("users: &a []\nteams: *a", "anchors and aliases are not allowed"),
        ("# " + "x" * 1_000_001, "is larger than 1,000,000 bytes"),
        ("users: [{name: Ana, roles: [Emperor]}]", "there is no role 'Emperor'"),
        ("users: [{name: Ana, teams: [Nowhere]}]", "there is no team 'Nowhere'"),
        ("users: [{name: Ana, businessUnit: Nowhere}]", "there is no business unit 'Nowhere'"),
        ("settings: {nowhere: {}}", "there is no table 'nowhere'"),
        ("settings: {msdyn_wkwconfig: {colour: 1}}", "msdyn_wkwconfig has no column 'colour'"),
        ("forms: [{table: lead, name: X, builtin: nowhere}]", "There is no built-in form 'nowhere'"),
        ("forms: [{table: lead, name: X, file: nowhere.xml}]", "cannot be read"),
        ("forms: [{table: lead, name: X, file: ../../secret.xml}]", "uses files of its own folder only"),
        ("forms: [{table: lead, name: X, file: broken.xml}]", "form 'X' of lead: The form XML is not well-formed"),
        ("forms: [{table: lead, name: X, builtin: lead, pending: latin.xml}]", "is not UTF-8 text"),
        ("activation: {seconds: -1}", "activation.seconds"),
        ("users: [{name: &_0 Ana}, {name: *_0}]", "anchors and aliases are not allowed"),
        ('forms: [{table: lead, name: X, file: "a\\0.xml"}]', "cannot be the name of a file"),
        ("forms: [{table: lead, name: X, file: loop.xml}]", "cannot be the name of a file"),
        ('friendlyName: "\\ud800"', "is not valid YAML"),
        (f"language: {'9' * 5000}", "is not valid YAML"),
        ("friendlyName: 2020-99-99", "is not valid YAML"),
    ],
)
def test_a_scenario_that_cannot_be_used_says_why(tmp_path: Path, scenario: str, complaint: str) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "loop.xml").symlink_to("loop.xml")
    (folder / "broken.xml").write_text("<form>", encoding="utf-8")
    (folder / "latin.xml").write_bytes("<form a='é' />".encode("latin-1"))
    with pytest.raises(DataverseError) as caught:
        World(tmp_path, scenario)
    assert (caught.value.status, complaint in caught.value.message) == (500, True), caught.value.message


def test_a_scenario_that_is_a_link_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (tmp_path / "elsewhere.yaml").write_text("friendlyName: Elsewhere", encoding="utf-8")
    (folder / "acme.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (folder / "inside.yaml").write_text("friendlyName: Inside", encoding="utf-8")
    (folder / "alias.yaml").symlink_to("inside.yaml")

    with pytest.raises(DataverseError, match="uses files of its own folder only"):
        build_domain(CATALOG, folder).settings("acme")
    assert build_domain(CATALOG, folder).settings("alias")["absent_tables"] == ()


def test_an_organization_name_that_could_be_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataverseError, match="cannot be the name of an organization"):
        build_domain(CATALOG, tmp_path).settings("../etc")


def test_a_form_file_needs_a_folder(tmp_path: Path) -> None:
    from reconciler.emulator.domain.scenario import Form
    from reconciler.emulator.domain.scenario_files import ScenarioError, form_text

    with pytest.raises(ScenarioError, match="there is no folder of scenarios"):
        form_text(None, Form(table="lead", name="X", file="x.xml"))


def test_settings_remember_the_person_who_wrote_them(tmp_path: Path) -> None:
    world = World(tmp_path, "users: [{name: Ana Pop}]\nsettingsBy: Ana Pop")
    ana = world.read("systemuser", fullname="Ana Pop")["systemuserid"]
    row = world.read(ANALYTICS)
    assert (ana, NOON.strftime("%Y-%m-%dT%H:%M:%SZ")) == (row["_modifiedby_value"], row["modifiedon"])
