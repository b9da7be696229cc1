from __future__ import annotations

import pytest

from reconciler.model.desired import Selector
from reconciler.model.fact import Ref, Unknown
from reconciler.model.live import LiveRole
from reconciler.model.plan import WriteRow
from tests.plan.worlds import EXECUTIVE, MANAGER, SALESPERSON, TEMPLATES, names, organization, plan, wish

ROLES = ("exchange_data", "securityRoles")
TEMPLATE = ("who_knows_whom", "introductionTemplate")


def written(selector: Selector) -> list[object]:
    made = plan(wish({ROLES: (selector,)}), organization())
    return [field.after for step in made.steps if isinstance(step, WriteRow) for field in step.fields]


@pytest.mark.parametrize(
    "selector",
    [Selector("name", "Salesperson"), Selector("template", "salesperson"), Selector("id", SALESPERSON.id.upper())],
    ids=["name", "template", "id"],
)
def test_a_role_is_found_by(selector: Selector) -> None:
    assert written(selector) == [(Ref(SALESPERSON.id),)]


def test_a_name_is_compared_letter_for_letter() -> None:
    (problem,) = plan(wish({ROLES: names("salesperson")}), organization()).problems

    assert problem.code == "role-not-found"
    assert problem.hint is not None
    assert f'"Salesperson" {{id: {SALESPERSON.id}}}' in problem.hint


def test_a_missing_role_offers_the_three_nearest_with_their_ids() -> None:
    more = (SALESPERSON, MANAGER, EXECUTIVE, LiveRole("4", "Marketing Manager", None))

    (problem,) = plan(wish({ROLES: names("Sales Manger")}), organization(roles=more)).problems

    assert problem.hint is not None
    assert problem.hint.startswith('did you mean "Sales Manager"')
    assert problem.hint.count("{id: ") == 3


def test_every_role_that_is_missing_is_told_at_once() -> None:
    made = plan(wish({ROLES: names("One", "Two", "Salesperson")}), organization())

    assert [problem.code for problem in made.problems] == ["role-not-found", "role-not-found"]


def test_two_roles_of_one_name_are_ambiguous() -> None:
    twins = (SALESPERSON, LiveRole("2", "Salesperson", None))

    (problem,) = plan(wish({ROLES: names("Salesperson")}), organization(roles=twins)).problems

    assert problem.code == "role-ambiguous"
    assert problem.hint == f"write one of {{id: {SALESPERSON.id}}}, {{id: 2}}"


def test_an_organization_without_roles_offers_none() -> None:
    (problem,) = plan(wish({ROLES: names("Salesperson")}), organization(roles=())).problems

    assert problem.hint == "there is none to choose from"


def test_roles_that_cannot_be_read_are_a_gap_and_not_a_problem() -> None:
    made = plan(wish({ROLES: names("Salesperson")}), organization(roles=Unknown("prvReadRole is missing")))

    assert made.problems == ()
    assert [gap.reason for gap in made.unread] == ["the security roles could not be read: prvReadRole is missing"]


def test_a_template_is_found_by_title_and_by_id() -> None:
    for selector in (Selector("name", "Warm introduction"), Selector("id", TEMPLATES[1].id.upper())):
        (step,) = plan(wish({TEMPLATE: selector}), organization()).steps
        assert isinstance(step, WriteRow)
        assert step.fields[0].after == TEMPLATES[1]


def test_templates_are_missing_ambiguous_or_unread() -> None:
    desired = wish({TEMPLATE: Selector("name", "Warm introduction")})

    def problems(templates: object) -> list[str]:
        return [problem.code for problem in plan(desired, organization(templates=templates)).problems]

    assert problems(()) == ["template-not-found"]
    assert problems((*TEMPLATES, Ref("3", "Warm introduction"))) == ["template-ambiguous"]
    assert [gap.field for gap in plan(desired, organization(templates=Unknown("403"))).unread] == ["introductionTemplate"]
