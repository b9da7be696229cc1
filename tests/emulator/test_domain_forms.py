from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reconciler.emulator.context import DataverseError
from reconciler.emulator.domain import notes
from reconciler.emulator.domain.form_labels import merged, projected
from reconciler.emulator.domain.large_form import large_form
from reconciler.emulator.domain.moments import kept
from reconciler.emulator.domain.stock import CONTROLS
from tests.emulator.domain_world import FLEET, World

FORM = "systemform"
TWO_LANGUAGES = """<form><tabs><tab id="{a}"><labels>
  <label description="Summary" languagecode="1033" />
  <label description='Rezumat > "tot"' languagecode="1048"></label>
</labels></tab><tab id="{b}"><labels><label description="Only" languagecode="1033" /></labels></tab></tabs></form>"""


def refusal(world: World, text: str) -> tuple[int, str]:
    with pytest.raises(DataverseError) as caught:
        world.write(FORM, {"formxml": text}, name="Contact")
    return caught.value.status, caught.value.code


def test_a_written_form_is_a_draft_until_its_table_is_published(tmp_path: Path) -> None:
    world = World(tmp_path)
    published = world.read(FORM, name="Contact")
    text = published["formxml"].replace("CONTACT INFORMATION", "People")
    draft = world.write(FORM, {"formxml": text}, name="Contact")
    assert world.read(FORM, name="Contact") == published
    assert (text, 1) == (draft["formxml"], draft["componentstate"])
    assert draft["versionnumber"] > published["versionnumber"]
    world.publish("lead")
    assert world.read(FORM, name="Contact") == published
    world.publish("contact")
    after = world.read(FORM, name="Contact")
    assert (text, 0) == (after["formxml"], after["componentstate"])
    assert world.read(FORM, name="Contact", draft=True) == after


def test_publishing_everything_publishes_every_draft(tmp_path: Path) -> None:
    world = World(tmp_path)
    for name in ("Contact", "Lead"):
        world.write(FORM, {"description": "changed"}, name=name)
    world.call("PublishAllXml")
    assert [world.read(FORM, name=name)["description"] for name in ("Contact", "Lead")] == ["changed", "changed"]


def test_unpublished_copies_are_read_by_function(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(FORM, {"description": "changed"}, name="Lead")
    id = world.read(FORM, name="Lead")["formid"]
    one = world.call("systemforms/RetrieveUnpublished", id=id)
    every = world.call("systemforms/RetrieveUnpublishedMultiple")
    assert (one["table"], one["row"]["description"]) == ("systemform", "changed")
    assert [id] == [row["formid"] for row in every["rows"] if row["componentstate"] == 1]
    assert len(every["rows"]) == 8


def test_a_scenario_can_hold_changes_that_nobody_has_published(tmp_path: Path) -> None:
    world = World(tmp_path, "forms: [{table: lead, name: Contoso Lead, builtin: contoso_lead, pending: lead}]")
    draft = world.read(FORM, name="Contoso Lead", draft=True)
    assert (draft["componentstate"], world.read(FORM, name="Contoso Lead")["componentstate"]) == (1, 0)
    assert "WKW_Section" in draft["formxml"]


def test_a_form_that_cannot_be_customized_swallows_the_write(tmp_path: Path) -> None:
    world = World(tmp_path, "forms: [{table: lead, name: Fixed, builtin: lead, managed: true, customizable: false}]")
    before = world.read(FORM, name="Fixed")
    world.write(FORM, {"formxml": "<form><tabs /></form>", "description": "new"}, name="Fixed")
    world.publish("lead")
    assert world.read(FORM, name="Fixed")["formxml"] == before["formxml"]
    assert world.read(FORM, name="Fixed", draft=True).get("description") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<form>", "0x80048426"),
        ("", "0x80048426"),
        ("\ud800", "0x80048426"),
        ('<!DOCTYPE form [<!ENTITY a "b">]><form>&a;</form>', "0x80048426"),
        ("<form>" + "<a>" * 100 + "</a>" * 100 + "</form>", "0x80048426"),
        ("<form>" + " " * 5_000_001 + "</form>", "0x80048426"),
        ("<forms />", "0x80048425"),
        ('<form id="{1}" />', "0x80048425"),
        ('<form><x><customControl name="No.Such.Control" /></x></form>', "0x80160000"),
    ],
)
def test_a_form_that_no_server_would_take_is_refused(tmp_path: Path, text: str, code: str) -> None:
    assert (400, code) == refusal(World(tmp_path), text)


def test_a_control_that_is_not_installed_is_refused_by_name(tmp_path: Path) -> None:
    world = World(tmp_path, "controls: {absent: [MsdynControls.RAControls.HealthWidget], extra: [Contoso.Own]}")
    assert refusal(world, '<form><c><customControl name="MsdynControls.RAControls.HealthWidget" /></c></form>') == (400, "0x80160000")
    world.write(FORM, {"formxml": '<form><c><customControl name="Contoso.Own" /></c></form>'}, name="Contact")


def test_readers_see_labels_of_their_own_language_only(tmp_path: Path) -> None:
    people = "[{name: Ana, roles: [System Administrator]}, {name: Radu, language: 1048, roles: [System Administrator]}]"
    world = World(tmp_path, f"users: {people}\nforms: [{{table: lead, name: Contoso Lead, builtin: contoso_lead}}]")
    ana, radu = (world.read(FORM, user, name="Contoso Lead")["formxml"] for user in ("Ana", "Radu"))
    assert {"1033"} == set(re.findall('languagecode="([0-9]+)"', ana))
    assert 'description="Summary" languagecode="1033"' in ana
    assert 'description="Rezumat" languagecode="1048"' in radu
    assert "Summary" not in re.findall('description="([^"]*)"', radu)
    # What has no label in the reader's language is shown in the base language.
    assert 'description="Topic" languagecode="1033"' in radu


def test_labels_of_other_languages_are_dropped_from_a_write_and_kept_in_the_store(tmp_path: Path) -> None:
    people = "[{name: Ana, roles: [System Administrator]}, {name: Radu, language: 1048, roles: [System Administrator]}]"
    world = World(tmp_path, f"users: {people}\nforms: [{{table: lead, name: Contoso Lead, builtin: contoso_lead}}]")
    shown = world.read(FORM, "Ana", name="Contoso Lead")["formxml"]
    text = shown.replace('description="Summary" languagecode="1033"', 'description="Overview" languagecode="1033"', 1)
    smuggled = '<label description="Aperçu" languagecode="1036" />'
    world.write(FORM, {"formxml": text.replace("</labels>", smuggled + "</labels>", 1)}, "Ana", name="Contoso Lead")
    world.publish("lead", "Ana")
    assert text == world.read(FORM, "Ana", name="Contoso Lead")["formxml"]
    seen = world.read(FORM, "Radu", name="Contoso Lead")["formxml"]
    assert 'description="Rezumat" languagecode="1048"' in seen
    assert "Aperçu" not in seen + shown


def test_what_a_caller_writes_back_unchanged_is_stored_unchanged() -> None:
    for language in (1033, 1048):
        shown = projected(TWO_LANGUAGES, language, 1033)
        stored = merged(shown, TWO_LANGUAGES, language)
        assert shown == projected(stored, language, 1033)
        other = 1048 if language == 1033 else 1033
        texts = [
            [label.get("description") for label in ElementTree.fromstring(projected(x, other, 1033)).iter("label")]
            for x in (TWO_LANGUAGES, stored)
        ]
        assert texts[0] == texts[1]


def test_a_new_label_in_another_language_is_dropped_without_a_word() -> None:
    written = '<form><a id="{n}"><labels><label description="Neu" languagecode="1031" /></labels></a></form>'
    assert merged(written, "<form />", 1033) == '<form><a id="{n}"><labels></labels></a></form>'


def test_an_organization_that_blocks_unmanaged_customizations_takes_no_form(tmp_path: Path) -> None:
    lock = "<OrgSettings><IsLockdownOfUnmanagedCustomizationEnabled>true</IsLockdownOfUnmanagedCustomizationEnabled></OrgSettings>"
    world = World(tmp_path, f"settings: {{organization: {{orgdborgsettings: '{lock}'}}}}")
    with pytest.raises(DataverseError) as caught:
        world.write(FORM, {"description": "changed"}, name="Contact")
    assert (caught.value.status, caught.value.message) == (400, "This environment doesn't allow unmanaged customizations.")


def test_a_romanian_organization_shows_romanian_labels_to_those_who_say_nothing_else(tmp_path: Path) -> None:
    world = World.of_fleet(tmp_path, "contoso-romania")
    rictl, ana = (world.read(FORM, who, name="Oportunitate Contoso")["formxml"] for who in ("rictl", "Ana Pop"))
    assert {"1048"} == set(re.findall('languagecode="([0-9]+)"', rictl))
    assert 'description="Dată estimată închidere"' in rictl
    # What nobody translated into English is shown in the base language.
    assert {"1033", "1048"} == set(re.findall('languagecode="([0-9]+)"', ana))


def test_one_form_of_the_fleet_is_about_300_kilobytes_and_always_the_same(tmp_path: Path) -> None:
    world = World.of_fleet(tmp_path, "contoso-prod-us")
    text = world.read(FORM, name="Contoso Account 360")["formxml"]
    assert 280_000 < len(text.encode()) < 320_000
    assert large_form() == text
    assert len(set(re.findall('LCID="([0-9]+)"', text))) == 40


def test_a_write_in_a_solution_is_recorded_there_once(tmp_path: Path) -> None:
    world = World(tmp_path, "solutions: [{uniqueName: ContosoSales}, {uniqueName: Vendor, managed: true}]")
    for _ in range(2):
        world.write(FORM, {"description": "changed"}, solution="ContosoSales", name="Contact")
    form, solution = world.read(FORM, name="Contact")["formid"], world.read("solution", uniquename="ContosoSales")["solutionid"]
    component = world.read("solutioncomponent", _solutionid_value=solution)
    assert (form, 60) == (component["objectid"], component["componenttype"])
    for name, status in (("Vendor", 400), ("Nowhere", 404)):
        with pytest.raises(DataverseError) as caught:
            world.write(FORM, {"description": "x"}, solution=name, name="Contact")
        assert caught.value.status == status


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "0x80040203"),
        ("<importexportxml>", "0x80040201"),
        ("<!DOCTYPE a []><importexportxml />", "0x80040201"),
        ("<a>" + " " * 1_000_001 + "</a>", "0x80040201"),
        ("<importexportxml><entities><entity>unknown</entity></entities></importexportxml>", "0x80041102"),
    ],
)
def test_a_wrong_publish_request_is_refused(tmp_path: Path, text: str | None, code: str) -> None:
    with pytest.raises(DataverseError) as caught:
        World(tmp_path).call("PublishXml", ParameterXml=text)
    assert code == caught.value.code


def test_while_somebody_else_publishes_nobody_can(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.writing() as rows:
        rows.set_note(notes.LOCKED_UNTIL, kept(world.now))
    world.publish("lead")
    world.later(seconds=-5)
    with pytest.raises(DataverseError) as caught:
        world.publish("lead")
    assert (caught.value.status, caught.value.code, caught.value.headers) == (429, "0x80071151", {})


def test_a_draft_without_a_published_copy_is_published_as_a_new_form(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.as_user() as context:
        row = world.domain.before_write(context, FORM, None, {"name": "New", "objecttypecode": "lead", "formxml": "<form />"})
        context.rows.insert(FORM, row, draft=True)
    world.publish("lead")
    assert world.read(FORM, name="New")["formxml"] == "<form />"


def every_form() -> list[str]:
    shipped = files("reconciler.emulator") / "forms"
    files_of_the_fleet = [path.read_text("utf-8") for path in (FLEET / "forms").glob("*.xml")]
    return [large_form(), *(entry.read_text("utf-8") for entry in shipped.iterdir() if entry.name.endswith(".xml")), *files_of_the_fleet]


def test_every_shipped_form_is_whole() -> None:
    for text in every_form():
        root = ElementTree.fromstring(text)
        ids = [element.get("id") for tag in ("tab", "section", "cell") for element in root.iter(tag)]
        assert len(ids) == len(set(ids))
        hosted = {
            control.get("uniqueid") for control in root.iter("control") if control.get("uniqueid") and control.get("id") != "notescontrol"
        }
        described = {element.get("forControl") for element in root.iter("controlDescription")}
        assert described == hosted
        assert {element.get("name") for element in root.iter("customControl")} <= set(CONTROLS)


def test_forms_come_both_indented_and_compact() -> None:
    assert {True, False} == {"\n" in text for text in every_form()}
