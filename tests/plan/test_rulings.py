from __future__ import annotations

from reconciler.model.plan import Approval, Notice, Objection
from reconciler.model.policy import Ruling
from reconciler.plan.rulings import ruled
from reconciler.plan.waive import waive
from tests.plan.worlds import organization, plan, wish
from tests.policy.rules import rule

PLAN = plan(wish(), organization())


def test_a_plan_is_denied_noted_or_sent_to_its_approvers() -> None:
    made = ruled(
        PLAN,
        [
            Ruling(rule("true", "no", hint="ask us", waivable=True, owner="crm"), True, "refused"),
            Ruling(rule("true", "look", effect="warn", hint="look twice"), True, "noted"),
            Ruling(rule("true", "both", effect="require-approval", approvers=("a", "b"), why="agreed"), True, "sent"),
        ],
    )

    hint = "ask us; the rule stands in policies/team.yaml:4, crm answers for it"
    assert made.objections == (*PLAN.objections, Objection("policy/no", "refused", hint, waivable=True))
    assert made.notices == (*PLAN.notices, Notice("policy/look", "noted; look twice"))
    assert made.approvals == (Approval("a", "both", "sent (agreed)"), Approval("b", "both", "sent (agreed)"))


def test_a_rule_that_does_not_apply_leaves_the_plan_as_it_is() -> None:
    said = [Ruling(rule("false", effect=effect), False) for effect in ("deny", "warn", "require-approval")]

    assert ruled(PLAN, said) == PLAN


def test_a_rule_without_an_answer_objects_and_cannot_be_waived() -> None:
    made = ruled(PLAN, [Ruling(rule("plan.x", "lost", effect="warn", waivable=True), False, error="no x")])

    [objection] = made.standing_objections
    assert objection.code == "policy-failed"
    assert objection.message == "the rule lost (policies/team.yaml:4) has no answer for this plan: no x"
    assert waive(made, {"policy-failed": "please", "policy/lost": "please"}).standing_objections == (objection,)
