"""What authors say of a section is shown with the changes that come from it."""

from __future__ import annotations

from dataclasses import replace

from reconciler.catalog.register import CATALOG
from reconciler.forms.reconcile import reconcile
from reconciler.model.change import SettingsChange
from reconciler.model.desired import DesiredValue, DesiredWidget
from reconciler.model.note import Note
from reconciler.model.plan import Plan
from reconciler.model.source import Origin, SourceSpan
from reconciler.plan.forms import known_widgets
from tests.plan.worlds import FILE, carry_out, declared_form, lead_form, on_form, organization, origin, plan, wish

WEIGHTS: dict[tuple[str, str], DesiredValue] = {("relationship_analytics", f"activityWeights.{name}"): 7 for name in ("email", "meeting")}


def note(section: str, why: str, file: str = FILE) -> Note:
    return Note(section, why, where=SourceSpan(file, 3, 1))


def reasons(made: Plan) -> list[str | None]:
    notes = [field.note for change in made.changes if isinstance(change, SettingsChange) for field in change.fields]
    notes += [change.note for change in made.changes if not isinstance(change, SettingsChange)]
    return [found.why if found is not None else None for found in notes]


def test_a_field_has_the_reason_of_the_innermost_section_around_it() -> None:
    settings = {**WEIGHTS, ("relationship_analytics", "communicationFrequency"): "once-a-week", ("who_knows_whom", "enabled"): True}
    section = "relationshipIntelligence.relationshipAnalytics"

    made = plan(wish(settings, notes=(note(section, "outer"), note(f"{section}.activityWeights", "inner"))), organization())

    assert reasons(made) == ["inner", "inner", "outer", None]


def test_a_file_does_not_explain_what_another_file_wrote() -> None:
    made = plan(wish(WEIGHTS, notes=(note("relationshipIntelligence", "baseline", "environments/_base/b.yaml"),)), organization())

    assert reasons(made) == [None, None]


def test_a_widget_has_its_own_reason_or_that_of_its_form() -> None:
    widgets = (DesiredWidget("who-knows-whom", origin=origin(42)), DesiredWidget("relationship-health", origin=origin(43)))
    desired = wish(forms=(declared_form(*widgets),), notes=(note("forms[0]", "form"), note("forms[0].widgets[1]", "widget")))

    assert reasons(plan(desired, on_form(lead_form()))) == ["form", "widget"]


def test_a_widget_that_goes_has_the_reason_of_its_form() -> None:
    wanted, form = (DesiredWidget("who-knows-whom"),), lead_form()
    known = known_widgets(CATALOG)
    xml = reconcile(form.unpublished, form_id=form.id, wanted=wanted, known=known, language=1033, exclusive=False).xml
    desired = wish(forms=(declared_form(),), notes=(note("forms[0]", "retired"),))

    assert reasons(plan(desired, on_form(lead_form(unpublished=xml, published=xml)))) == ["retired"]


def test_a_wish_without_a_place_has_no_reason() -> None:
    desired = wish(WEIGHTS, notes=(note("relationshipIntelligence", "outer"),))
    nowhere = replace(desired, settings=tuple(replace(setting, origin=Origin(None)) for setting in desired.settings))

    assert reasons(plan(nowhere, organization())) == [None, None]


def test_a_reason_changes_no_step() -> None:
    plain, explained = wish(WEIGHTS), wish(WEIGHTS, notes=(note("relationshipIntelligence", "outer"),))

    assert plan(plain, organization()).steps == plan(explained, organization()).steps
    assert plan(plain, organization()).desired_sha256 == plan(explained, organization()).desired_sha256
    assert plan(explained, carry_out(plan(explained, organization()), organization())).is_empty
