from __future__ import annotations

from reconciler.model.fact import Known
from reconciler.plan.build import waive, waiver_problems
from tests.plan.worlds import organization, plan, wish

REFUSED = plan(
    wish({("exchange_data", "enabled"): True, ("relationship_analytics", "enabled"): True}),
    organization(
        {("relationship_analytics", "enabled"): Known(True)},
        activations={"relationship_analytics": 4},
    ),
)


def test_a_waivable_objection_keeps_the_reason() -> None:
    waived = waive(REFUSED, {"activation-failed": "known, ticket 12"})

    assert [(o.code, o.waived) for o in waived.objections] == [
        ("exchange-data-of-everyone", None),
        ("activation-failed", "known, ticket 12"),
    ]
    assert [o.code for o in waived.standing_objections] == ["exchange-data-of-everyone"]


def test_what_protects_people_cannot_be_waived() -> None:
    assert waive(REFUSED, {"exchange-data-of-everyone": "please"}) == REFUSED


def test_a_reason_of_blanks_is_none() -> None:
    assert waive(REFUSED, {"activation-failed": "  "}) == REFUSED


def test_waivers_that_cannot_take_effect_are_told() -> None:
    problems = waiver_problems({"activation-faild": "x", "managed-form": "x", "consent-not-given": " ", "activation-failed": "fine"})

    assert [problem.code for problem in problems] == ["unknown-waiver", "not-waivable", "waiver-without-reason"]
