"""When a saved plan may no longer be applied, and what the message shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reconciler.model.address import Address
from reconciler.model.change import SettingsChange
from reconciler.model.fact import Known
from reconciler.model.live import Person
from reconciler.model.plan import FieldWrite, Objection, PeopleImpact, Plan, Target, WriteForm, WriteRow
from reconciler.rollout.difference import differences
from reconciler.rollout.stale import is_expired, moved
from tests.rollout.organization import START

WRITE = FieldWrite("relationship_analytics", "activityWeights.email", "msdyn_emailweight", Known(6), 7)
STEP = WriteRow("options", "msdyn_activityanalysisconfig", "row-1", 'W/"1"', True, (WRITE,))
PLAN = Plan("contoso", Target("one", "Contoso", "https://contoso", "rictl", 1033), START, "a" * 64, (), (STEP,))


def test_a_plan_that_still_holds_has_not_moved_whatever_its_etags_and_times() -> None:
    later = replace(PLAN, read_at=START + dt.timedelta(hours=1), steps=(replace(STEP, etag='W/"2"'),))

    assert moved(PLAN, later) == []


def test_a_value_that_moved_is_shown_with_both_values() -> None:
    fresh = replace(PLAN, steps=(replace(STEP, fields=(replace(WRITE, before=Known(5)),)),))

    assert moved(PLAN, fresh) == ["activityWeights.email (msdyn_activityanalysisconfig.msdyn_emailweight) was 6, is 5 now"]


def test_a_change_of_somebody_is_shown_with_the_person() -> None:
    change = SettingsChange(Address("contoso", "relationship_analytics"), "change", (), modified_by=Person("Ana Pop"), modified_on=START)
    fresh = replace(PLAN, changes=(change,), steps=(replace(STEP, fields=(replace(WRITE, before=Known(5)),)),))

    assert moved(PLAN, fresh)[0].endswith("is 5 now (last written by Ana Pop on 2026-11-23 10:00 UTC)")


def test_a_plan_that_was_applied_already_says_so() -> None:
    assert moved(PLAN, replace(PLAN, steps=(), changes=())) == [
        "nothing is left to do: it was applied already, or somebody did the same by hand"
    ]


def test_fields_that_come_and_go_are_named() -> None:
    other = FieldWrite("relationship_analytics", "activityWeights.task", "msdyn_taskweight", Known(4), 5)
    fresh = replace(PLAN, steps=(replace(STEP, fields=(other,)),))

    assert moved(PLAN, fresh) == [
        "activityWeights.email (msdyn_activityanalysisconfig.msdyn_emailweight) was to become 7, and no longer has to change",
        "activityWeights.task (msdyn_activityanalysisconfig.msdyn_taskweight) is 4 now, and would have to change too",
    ]


def test_a_form_that_was_changed_is_named() -> None:
    form = WriteForm("forms", "lead", "form-1", "Contoso Lead", "a", "b", None, True, 1033, ())
    saved = replace(PLAN, steps=(form,))

    assert moved(saved, replace(saved, steps=(replace(form, before_sha256="c"),))) == [
        'the form "Contoso Lead" of lead was changed by somebody'
    ]
    assert moved(saved, PLAN)[-1] == 'the form "Contoso Lead" of lead was changed by somebody'
    assert moved(PLAN, replace(PLAN, steps=(STEP, form)))[-1] == 'the form "Contoso Lead" of lead was changed by somebody'


def test_another_organization_language_or_configuration_is_refused_by_name() -> None:
    assert "made for organization one" in moved(PLAN, replace(PLAN, target=replace(PLAN.target, organization_id="two")))[0]
    assert "read in language 1033" in moved(PLAN, replace(PLAN, target=replace(PLAN.target, language=1036)))[0]
    assert "environments/ changed" in moved(PLAN, replace(PLAN, desired_sha256="b" * 64))[0]


def test_a_new_objection_makes_a_saved_plan_stale_and_a_waived_one_does_not() -> None:
    objection = Objection("activation-failed", "it failed", "look")

    assert moved(PLAN, replace(PLAN, objections=(objection,))) != []
    assert moved(PLAN, replace(PLAN, objections=(replace(objection, waived="known"),))) == []


def test_a_saved_waiver_holds_for_the_objects_that_its_author_saw() -> None:
    seen = Objection("too-many-changes", "12 people", "", Address("contoso", "exchange_data"), True, "agreed")
    elsewhere = replace(seen, address=Address("contoso", "who_knows_whom"))
    saved = replace(PLAN, objections=(seen,))

    assert moved(saved, replace(PLAN, objections=(seen, elsewhere))) == [
        "there is an objection now that nobody waived: too-many-changes: 12 people"
    ]
    assert moved(saved, replace(PLAN, objections=(seen, replace(elsewhere, waived="waived by hand at the apply")))) == []


def test_a_plan_expires_at_its_hour() -> None:
    assert not is_expired(START, START - dt.timedelta(seconds=1))
    assert is_expired(START, START)


def test_many_differences_are_counted_and_long_values_are_cut() -> None:
    left = {str(number): "x" * 100 for number in range(8)}
    right = {str(number): "y" * 100 for number in range(8)}

    found = differences(left, right)

    assert len(found) == 6
    assert found[-1] == "and 3 more"
    assert "..." in found[0]
    assert differences({"a": 1}, {"a": 1, "b": 2}) == ["root['b']: expected nothing, found 2"]


CHANGE = SettingsChange(Address("contoso", "exchange_data"), "change", (), risk="medium", risk_because="moves a list")
IMPACT = PeopleImpact(CHANGE.address, 2, 2, 0, 0, "Exchange data of these people is used")
SEEN = replace(PLAN, changes=(CHANGE,), impacts=(IMPACT,))


@pytest.mark.parametrize(
    ("impact", "said"),
    [
        (replace(IMPACT, after=5, added=3), "3 more now, 0 when it was saved"),
        (replace(IMPACT, after=1, removed=1), "1 fewer now, 0 when it was saved"),
        (replace(IMPACT, added=None, removed=0, not_counted="denied"), "an unknown number more now, 0 when it was saved"),
        (replace(IMPACT, is_at_least=True), "at least 0 more now, 0 when it was saved"),
    ],
    ids=["more", "fewer", "unknown", "at least"],
)
def test_more_people_than_were_approved_make_a_plan_stale(impact: PeopleImpact, said: str) -> None:
    lines = moved(SEEN, replace(SEEN, impacts=(impact,)))

    assert lines[0] == f"contoso/exchange_data: Exchange data of these people is used: {said}"


def test_fewer_newcomers_than_were_approved_do_not() -> None:
    saved = replace(SEEN, impacts=(replace(IMPACT, added=3, after=5),))

    assert moved(saved, SEEN) == []


def test_people_whom_the_saved_plan_does_not_mention_make_it_stale() -> None:
    assert moved(replace(SEEN, impacts=()), SEEN) == ["contoso/exchange_data: people are concerned now, which the saved plan does not say"]


def test_a_higher_risk_makes_a_plan_stale_and_a_lower_one_does_not() -> None:
    riskier = replace(SEEN, changes=(replace(CHANGE, risk="high", risk_because="opens data"),))

    assert moved(SEEN, riskier) == ["contoso/exchange_data: the risk is high now (opens data), it was medium"]
    assert moved(riskier, SEEN) == []


def test_a_saved_waiver_covers_the_number_that_its_author_saw() -> None:
    waived = Objection("too-many-changes", "1 more person", "split it", waivable=True, waived="one is fine")
    saved = replace(PLAN, objections=(waived,))

    assert moved(saved, saved) == []
    assert moved(saved, replace(PLAN, objections=(replace(waived, message="4 more people"),))) == [
        "there is an objection now that nobody waived: too-many-changes: 4 more people"
    ]


def test_a_plan_that_shows_less_than_it_does_is_refused() -> None:
    assert moved(replace(SEEN, changes=()), SEEN)[0].endswith("the saved plan shows another change than the one that would be made")


def test_a_plan_that_was_refused_stays_so_whatever_is_waived_later() -> None:
    standing = Objection("too-many-changes", "4 more people", "split it", waivable=True)
    saved = replace(PLAN, objections=(standing,))

    assert moved(saved, replace(PLAN, objections=(replace(standing, waived="later"),))) == [
        "too-many-changes was refused when the plan was saved; what settles or waives it belongs into a new plan"
    ]
