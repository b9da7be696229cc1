"""What one plan may change at most, and what the objection says when it goes beyond."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.address import Address
from reconciler.model.desired import ChangeLimit, DesiredEnvironment, DesiredWidget
from reconciler.model.fact import Known, Ref
from reconciler.model.plan import Objection, PeopleImpact, Plan
from reconciler.model.source import SourceSpan
from reconciler.plan.build import waive
from reconciler.plan.limits import DEFAULTS, limit_objections
from tests.plan.worlds import (
    FILE,
    ROLES,
    codes_of,
    declared_form,
    lead_form,
    names,
    on_form,
    organization,
    plan,
    wish,
)

WEIGHTS = {("relationship_analytics", f"activityWeights.{name}"): 7 for name in ("email", "meeting", "phoneCall", "task")}
HERE = SourceSpan(FILE, 12, 3)
HELD = Known(tuple(Ref(role.id, role.name) for role in ROLES))
HINT = (
    "take a smaller step, raise limits.{name} in the file, "
    "or, for this once: --allow too-many-changes=REASON (it holds for every limit of the run)"
)


def limited(name: str, most: int, desired: DesiredEnvironment | None = None) -> DesiredEnvironment:
    return replace(desired or wish(), limits=(ChangeLimit(name, most, HERE),))


def concerned(*impacts: PeopleImpact) -> Plan:
    return replace(plan(wish(), organization()), impacts=impacts)


def impact(added: int | None, removed: int | None, kind: str = "exchange_data", **more: object) -> PeopleImpact:
    return PeopleImpact(Address("contoso-test", kind), 0, 0, added, removed, "Exchange data of these people is used", **more)  # type: ignore[arg-type]


def test_a_plan_of_exactly_the_limit_goes_and_one_more_does_not() -> None:
    assert codes_of(plan(limited("changes", 4, wish(WEIGHTS)), organization())) == []
    assert plan(limited("changes", 3, wish(WEIGHTS)), organization()).objections == (
        Objection(
            "too-many-changes",
            f"limits.changes is 3 ({FILE}:12), and this plan changes 4: contoso-test/relationship_analytics",
            HINT.format(name="changes"),
            Address("contoso-test", "relationship_analytics"),
            True,
        ),
    )


def test_a_limit_of_nothing_freezes_an_environment_that_is_as_wished_nowhere() -> None:
    frozen = limited("changes", 0, wish(WEIGHTS))

    assert codes_of(plan(frozen, organization())) == ["too-many-changes"]
    assert codes_of(plan(frozen, organization({key: Known(value) for key, value in WEIGHTS.items()}))) == []


def test_waiving_lets_the_plan_run_and_keeps_the_reason() -> None:
    (objection,) = waive(plan(limited("changes", 3, wish(WEIGHTS)), organization()), {"too-many-changes": "the big move"}).objections

    assert objection.waived == "the big move"


def test_roles_that_leave_a_selection_are_counted_and_those_that_come_are_not() -> None:
    desired = wish({("exchange_data", "securityRoles"): names("Salesperson")})
    opened = wish({("exchange_data", "securityRoles"): names("Salesperson", "Sales Manager", "Contoso Account Executive")})
    one = organization({("exchange_data", "securityRoles"): Known((Ref(ROLES[0].id, ROLES[0].name),))})
    three = organization({("exchange_data", "securityRoles"): HELD})

    assert codes_of(plan(desired, three)) == []
    (objection,) = plan(limited("rolesRemoved", 1, desired), three).objections
    assert objection.message == f"limits.rolesRemoved is 1 ({FILE}:12), and this plan removes 2: contoso-test/exchange_data"
    assert codes_of(plan(limited("rolesRemoved", 0, opened), one)) == []


def test_forms_that_are_written_are_counted() -> None:
    desired = wish(forms=(declared_form(DesiredWidget("who-knows-whom"), DesiredWidget("relationship-health")),))

    (objection,) = plan(limited("formsChanged", 0, desired), on_form(lead_form())).objections

    assert objection.message.endswith('and this plan writes 1: contoso-test/form_widgets["lead/Contoso Lead"]')
    assert codes_of(plan(limited("formsChanged", 1, desired), on_form(lead_form()))) == []


def test_people_are_counted_change_by_change_because_they_may_be_the_same_people() -> None:
    made = concerned(impact(80, 0), impact(80, 0, "who_knows_whom"))

    assert limit_objections(made, limited("peopleAdded", 80)) == ()
    assert [str(o.address) for o in limit_objections(made, limited("peopleAdded", 79))] == [
        "contoso-test/exchange_data",
        "contoso-test/who_knows_whom",
    ]


def test_people_who_leave_have_a_limit_of_their_own() -> None:
    (objection,) = limit_objections(concerned(impact(0, 1234)), limited("peopleRemoved", 1000))

    assert (
        objection.message == f"limits.peopleRemoved is 1,000 ({FILE}:12), and this plan ceases to concern 1,234: contoso-test/exchange_data"
    )


def test_a_number_that_cannot_be_told_goes_beyond_a_written_limit_only() -> None:
    made = concerned(impact(None, None, not_counted="systemuser may not be read"))

    assert limit_objections(made, wish()) == ()
    (objection,) = limit_objections(made, limited("peopleAdded", 100_000))
    assert objection.message == (
        f"limits.peopleAdded is 100,000 ({FILE}:12), and how many this plan newly concerns cannot be told "
        "(systemuser may not be read): contoso-test/exchange_data"
    )


def test_a_lower_bound_is_not_taken_for_the_number() -> None:
    made = concerned(impact(5000, 0, is_at_least=True, not_counted="the service counts to 5000 only"))

    (told,) = limit_objections(made, limited("peopleAdded", 4999))
    (untold,) = limit_objections(made, limited("peopleAdded", 5000))

    assert told.message.endswith("and this plan newly concerns at least 5,000: contoso-test/exchange_data")
    assert "cannot be told (the service counts to 5000 only)" in untold.message
    assert limit_objections(concerned(impact(900, 0, is_at_least=True)), wish()) == ()


def test_nobody_is_nobody_however_roughly_the_circles_were_counted() -> None:
    assert limit_objections(concerned(impact(0, 0, is_at_least=True)), limited("peopleRemoved", 0)) == ()


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_limit_has_a_default_that_is_named_as_such(name: str) -> None:
    assert DEFAULTS[name] > 0
    if name in ("peopleAdded", "peopleRemoved"):
        (objection,) = limit_objections(concerned(impact(*((5001, 0) if name == "peopleAdded" else (0, 5001)))), wish())
        assert objection.message.startswith(f"limits.{name} is {DEFAULTS[name]:,} (the default), and this plan ")


def test_only_the_first_of_many_objects_are_named() -> None:
    made = plan(wish(WEIGHTS), organization())
    (change,) = made.changes
    many = replace(made, changes=tuple(replace(change, address=Address("e", "kind", str(n))) for n in range(13)))

    (objection,) = limit_objections(many, wish())

    assert objection.message == (
        "limits.changes is 50 (the default), and this plan changes 52: "
        'e/kind["0"], e/kind["1"], e/kind["2"], e/kind["3"], e/kind["4"] and 8 more'
    )
    assert objection.address is None


@given(st.integers(0, 6), st.integers(0, 6))
def test_raising_a_limit_never_adds_an_objection(most: int, more: int) -> None:
    made = plan(wish(WEIGHTS), organization())

    lower, higher = (limit_objections(made, limited("changes", value)) for value in (most, most + more))

    assert bool(lower) == (most < 4)
    assert len(higher) <= len(lower)
