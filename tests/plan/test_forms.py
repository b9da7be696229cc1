from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.forms.reconcile import reconcile
from reconciler.model.change import WidgetChange
from reconciler.model.desired import Anchor, DesiredValue, DesiredWidget, Selector
from reconciler.model.fact import Absent, Fact, Known, Unknown
from reconciler.model.live import FormMissing, LiveForm, LiveState, Organization
from reconciler.model.plan import FormCopy, Plan, Publish, WriteForm
from reconciler.model.source import Origin
from reconciler.plan.forms import known_widgets
from tests.plan.worlds import (
    FORM,
    FORM_ID,
    codes_of,
    declared_form,
    lead_form,
    metadata,
    on_form,
    organization,
    origin,
    plan,
    wish,
)

WHO = DesiredWidget("who-knows-whom", Anchor(tab="Summary", column=1, after="LeadDetails"), origin=origin(43))
OTHER = b'<form><tabs><tab name="Summary"><columns><column width="100%"><sections /></column></columns></tab></tabs></form>'


def planned(form: LiveForm, *widgets: DesiredWidget, live: LiveState | None = None, **changes: Any) -> Plan:
    return plan(wish(forms=(declared_form(*widgets, **changes),)), live or on_form(form))


def with_widget() -> bytes:
    return reconcile(FORM, form_id=FORM_ID, wanted=[WHO], known=known_widgets(CATALOG), language=1033).xml


def edited_by_others(xml: bytes) -> bytes:
    return xml.replace(b'description="Lead"', b'description="Leads"')


def kinds_of(made: Plan) -> list[str]:
    return [step.action for step in made.steps]


def test_a_widget_is_placed_and_the_table_published_once() -> None:
    made = planned(lead_form(), WHO)

    assert kinds_of(made) == ["write-form", "publish"]
    (change,) = made.changes
    assert isinstance(change, WidgetChange)
    assert (str(change.address), change.action, change.before) == (
        'contoso-test/form_widgets["lead/Contoso Lead/who-knows-whom"]',
        "add",
        None,
    )
    assert change.after is not None
    assert change.after.after == "LeadDetails"
    assert codes_of(made) == []


def test_the_step_pins_the_bytes_before_and_after_but_not_the_line_in_the_file() -> None:
    (step, _) = planned(lead_form(), WHO, solution="ContosoSales").steps

    assert isinstance(step, WriteForm)
    assert step.before_sha256 != step.after_sha256
    assert (step.etag, step.guarded, step.language, step.solution) == ('W/"3"', True, 1033, "ContosoSales")
    assert [widget.origin for widget in step.widgets] == [Origin(None)]


def test_a_form_that_is_as_wished_is_neither_written_nor_published() -> None:
    made = planned(lead_form(unpublished=with_widget(), published=with_widget()), WHO)

    assert made.is_empty
    assert made.checked == 1


def test_a_run_that_was_cut_is_finished_by_publishing() -> None:
    made = planned(lead_form(unpublished=with_widget()), WHO)

    assert made.steps == (Publish("publish", "lead", (FormCopy(FORM_ID, "Contoso Lead", sha256(with_widget()).hexdigest()),)),)
    assert made.changes == ()
    assert codes_of(made) == []


def test_pending_changes_of_others_alone_are_left_alone() -> None:
    made = planned(lead_form(unpublished=edited_by_others(with_widget()), published=with_widget()), WHO)

    assert made.is_empty
    assert made.objections == ()


def test_a_run_that_was_cut_is_not_taken_for_done_because_others_edit_the_form() -> None:
    form = lead_form(unpublished=edited_by_others(with_widget()), published=FORM)

    assert codes_of(planned(form, WHO)) == ["pending-changes-of-others"]
    (step,) = planned(form, WHO, publish_pending=True).steps
    assert isinstance(step, Publish)
    assert step.carries_others


def test_a_form_that_was_never_published_does_not_show_its_widgets() -> None:
    form = lead_form(unpublished=with_widget(), published=None)

    assert codes_of(planned(form, WHO)) == ["pending-changes-of-others"]
    assert planned(replace(form, unpublished=FORM)).is_empty


def test_ours_that_is_no_longer_declared_goes() -> None:
    made = planned(lead_form(unpublished=with_widget(), published=with_widget()))

    (change,) = made.changes
    assert isinstance(change, WidgetChange)
    assert (change.action, change.origin.because) == ("remove", "no longer among the widgets of lead/Contoso Lead")


def test_the_form_is_drawn_before_and_after() -> None:
    (picture,) = planned(lead_form(), WHO).pictures

    assert picture.before != picture.after
    assert "Who knows whom" in picture.after
    assert picture.svg.startswith("<svg ")
    assert ">who-knows-whom<" in picture.svg


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (lead_form(is_customizable=False), "form-not-customizable"),
        (lead_form(is_managed=True), "managed-form"),
        (lead_form(type=7), "form-not-main"),
    ],
)
def test_a_form_is_refused_as(form: LiveForm, code: str) -> None:
    assert codes_of(planned(form, WHO)) == [code]


def test_a_form_that_needs_no_change_is_not_refused() -> None:
    locked = lead_form(unpublished=with_widget(), published=with_widget(), is_customizable=False, is_managed=True)

    assert planned(locked, WHO, solution="Gone").objections == ()


def test_an_unmanaged_layer_may_be_allowed_in_the_file() -> None:
    assert codes_of(planned(lead_form(is_managed=True), WHO, allow_unmanaged_layer=True)) == []


@pytest.mark.parametrize(("state", "code"), [("missing", "solution-missing"), ("managed", "solution-managed")])
def test_a_solution_is_refused_as(state: Any, code: str) -> None:
    live = on_form(lead_form(), solutions={"ContosoSales": state})

    assert codes_of(planned(lead_form(), WHO, live=live, solution="ContosoSales")) == [code]


def test_a_solution_that_nobody_read_makes_the_plan_incomplete() -> None:
    made = planned(lead_form(), WHO, solution="Elsewhere")

    assert [gap.field for gap in made.unread] == ["solution"]


def test_an_environment_that_blocks_unmanaged_customizations_refuses_forms() -> None:
    locked = Organization("o", "Contoso", "https://contoso.crm4.dynamics.com", "9.2.25014.1", blocks_unmanaged=True)

    assert codes_of(planned(lead_form(), WHO, live=on_form(lead_form(), organization=locked))) == ["unmanaged-blocked"]


def test_a_control_that_is_not_registered_is_refused() -> None:
    assert codes_of(planned(lead_form(), WHO, live=on_form(lead_form(), controls=frozenset()))) == ["control-not-registered"]


def test_controls_that_cannot_be_read_make_the_plan_incomplete() -> None:
    made = planned(lead_form(), WHO, live=on_form(lead_form(), controls=Unknown("403")))

    assert [gap.field for gap in made.unread] == ["controls"]


def test_a_widget_on_a_foreign_table_may_be_waived() -> None:
    account = lead_form(table="account")
    live = organization(forms={("account", "Contoso Lead"): account}, pending={"account": ()})

    (objection,) = planned(account, WHO, live=live, table="account").objections

    assert (objection.code, objection.waivable) == ("widget-not-for-table", True)


def test_inferred_xml_needs_its_acceptance() -> None:
    desired = wish(forms=(declared_form(WHO),), accept=frozenset())

    made = plan(desired, on_form(lead_form()))

    assert codes_of(made) == ["binding-not-accepted"]
    assert "accept: [inferred-widget-xml]" in made.objections[0].hint


def test_documented_xml_needs_none() -> None:
    documented = DesiredWidget("relationship-analytics", Anchor(tab="Summary"))

    assert codes_of(plan(wish(forms=(declared_form(documented),), accept=frozenset()), on_form(lead_form()))) == []


def test_a_publish_does_not_carry_along_what_others_work_on() -> None:
    listed = on_form(lead_form(), pending={"lead": ("Other form", "My view")})
    own = lead_form(published=OTHER)

    assert codes_of(planned(lead_form(), WHO, live=listed)) == ["pending-changes-of-others"]
    assert "Other form, My view" in planned(lead_form(), WHO, live=listed).objections[0].message
    assert codes_of(planned(own, WHO)) == ["pending-changes-of-others"]


def test_the_file_may_allow_to_carry_them_along_and_the_plan_says_so() -> None:
    made = planned(lead_form(), WHO, live=on_form(lead_form(), pending={"lead": ("My view",)}), publish_pending=True)

    assert codes_of(made) == []
    assert "publishes-pending" in [notice.code for notice in made.notices]


@pytest.mark.parametrize("pending", [{"lead": Unknown("403")}, {}])
def test_pending_changes_that_cannot_be_read_make_the_plan_incomplete(pending: Any) -> None:
    live = on_form(lead_form(), pending=pending)

    assert [gap.field for gap in planned(lead_form(), WHO, live=live).unread] == ["pending changes"]
    assert planned(lead_form(), WHO, live=live, publish_pending=True).unread == ()


def test_a_form_that_is_missing_offers_the_nearest() -> None:
    missing = organization(forms={("lead", "Contoso Lead"): FormMissing((("1", "Contoso lead"), ("2", "Information")))})

    (problem,) = planned(lead_form(), WHO, live=missing).problems

    assert problem.code == "form-not-found"
    assert problem.hint == 'did you mean "Contoso lead" {id: 1}, "Information" {id: 2}?'


def test_two_forms_of_one_name_are_ambiguous() -> None:
    twins = FormMissing((("1", "Contoso Lead"), ("2", "Contoso Lead"), ("3", "Other")), matches=2)
    elsewhere = FormMissing((), matches=2)

    (problem,) = planned(lead_form(), live=organization(forms={("lead", "Contoso Lead"): twins})).problems
    (bare,) = planned(lead_form(), live=organization(forms={("lead", "Contoso Lead"): elsewhere})).problems

    assert (problem.code, problem.hint) == ("form-ambiguous", "write form: one of {id: 1}, {id: 2}")
    assert bare.hint == "write form: {id: ...}"


def test_one_form_declared_by_name_and_by_id_is_told() -> None:
    live = organization(forms={("lead", "Contoso Lead"): lead_form(), ("lead", f"{{id: {FORM_ID}}}"): lead_form()})
    twice = wish(forms=(declared_form(WHO), declared_form(form=Selector("id", FORM_ID))))

    assert [problem.code for problem in plan(twice, live).problems] == ["form-declared-twice"]


@pytest.mark.parametrize(("forms", "reason"), [({}, "it was not read"), ({("lead", "Contoso Lead"): Unknown("403")}, "403")])
def test_a_form_that_cannot_be_read_makes_the_plan_incomplete(forms: Any, reason: str) -> None:
    made = planned(lead_form(), WHO, live=organization(forms=forms))

    assert [(gap.address.key, gap.reason) for gap in made.unread] == [("lead/Contoso Lead", reason)]


def test_a_place_that_is_not_on_the_form_is_a_problem_with_its_line() -> None:
    nowhere = replace(WHO, at=Anchor(tab="Nowhere"))

    made = planned(lead_form(), nowhere)

    assert made.is_empty
    (problem,) = made.problems
    assert problem.where is not None
    assert problem.where.line == 43


def test_a_form_that_cannot_be_parsed_is_a_problem_at_the_declaration() -> None:
    (problem,) = planned(lead_form(unpublished=b"<form", published=b"<form"), WHO).problems

    assert problem.code == "form-unreadable"
    assert problem.where == origin(40).span


def test_a_widget_whose_feature_is_off_will_not_show() -> None:
    live = on_form(lead_form())
    goes_on = wish({("who_knows_whom", "enabled"): True}, forms=(declared_form(WHO),))
    on = on_form(lead_form(), settings={("who_knows_whom", "enabled"): Known(True)})

    def warned(made: Plan) -> bool:
        return "widget-will-not-show" in [notice.code for notice in made.notices]

    assert warned(planned(lead_form(), WHO))
    assert not warned(plan(goes_on, live))
    assert not warned(planned(lead_form(), WHO, live=on))


def test_a_hidden_widget_says_whether_its_feature_is_off_goes_off_or_is_not_known() -> None:
    feature = ("who_knows_whom", "enabled")

    def said(settings: dict[tuple[str, str], DesiredValue], fact: Fact) -> list[str]:
        made = plan(wish(settings, forms=(declared_form(WHO),)), on_form(lead_form(), settings={feature: fact}))
        return [notice.message for notice in made.notices if notice.code == "widget-will-not-show"]

    off = ["Who knows whom is off, and this plan does not switch it on, so the widget stays hidden"]
    assert said({}, Known(False)) == off
    assert said({feature: False}, Known(False)) == off
    assert said({}, Absent()) == off
    assert said({feature: False}, Known(True)) == ["Who knows whom will be off after this plan, so the widget will be hidden"]
    unknown = ["Who knows whom is not known to be on (two rows), so the widget may stay hidden"]
    assert said({}, Unknown("two rows")) == unknown
    assert said({feature: True}, Unknown("two rows")) == unknown
    assert said({feature: True}, Known(False)) == []
    assert said({}, Known(True)) == []


def test_the_language_of_labels_is_told_where_one_is_written() -> None:
    assert "labels-in-language" in [notice.code for notice in planned(lead_form(), WHO).notices]
    assert "labels-in-language" not in [n.code for n in planned(lead_form(unpublished=with_widget(), published=with_widget())).notices]


def test_a_widget_that_others_placed_is_told_and_left() -> None:
    theirs = with_widget().replace(b"ri_", b"zz_")
    for own in re.findall(rb"\{[0-9a-f-]{36}\}", theirs):
        theirs = theirs.replace(own, b"{7" + own[2:]) if own not in FORM else theirs

    made = planned(lead_form(unpublished=theirs, published=theirs), replace(WHO, at=Anchor(tab="Summary", column=2)))

    assert made.is_empty
    assert "foreign-widget-elsewhere" in [notice.code for notice in made.notices]


def test_without_metadata_of_forms_no_version_is_claimed_to_guard() -> None:
    bare = {key: value for key, value in metadata().items() if key != "systemform"}

    (step, _) = planned(lead_form(), WHO, live=on_form(lead_form(), metadata=bare)).steps

    assert isinstance(step, WriteForm)
    assert not step.guarded
