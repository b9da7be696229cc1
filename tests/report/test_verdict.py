"""Exit codes as a table: the same values that are rendered decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.outcome import Outcome, StepOutcome
from reconciler.model.plan import Objection, Plan, Unread
from reconciler.report.verdict import apply_verdict, plan_verdict
from tests.plan.worlds import organization, plan, wish

EMPTY = plan(wish(), organization())
CHANGING = plan(wish({("who_knows_whom", "enabled"): True}), organization())
ADDRESS = CHANGING.changes[0].address
REFUSED = replace(CHANGING, objections=(Objection("terms-not-attested", "why", "what"),))
WAIVED = replace(CHANGING, objections=(Objection("activation-failed", "why", "what", waivable=True, waived="known"),))
INCOMPLETE = replace(EMPTY, unread=(Unread(ADDRESS, "enabled", "403"),))


@pytest.mark.parametrize(
    ("plans", "detailed", "failed", "code"),
    [
        ([], False, 0, 0),
        ([EMPTY], False, 0, 0),
        ([EMPTY], True, 0, 0),
        ([CHANGING], False, 0, 0),
        ([CHANGING], True, 0, 2),
        ([EMPTY, CHANGING], True, 0, 2),
        ([REFUSED], False, 0, 3),
        ([REFUSED, CHANGING], True, 0, 3),
        ([WAIVED], False, 0, 0),
        ([WAIVED], True, 0, 2),
        ([INCOMPLETE], False, 0, 1),
        ([INCOMPLETE, REFUSED, CHANGING], True, 0, 1),
        ([EMPTY], True, 1, 1),
        ([], False, 1, 1),
        ([replace(EMPTY, objections=REFUSED.objections)], True, 0, 3),
    ],
)
def test_plan_exits_with(plans: list[Plan], detailed: bool, failed: int, code: int) -> None:
    assert plan_verdict(plans, detailed=detailed, failed=failed) == code


STEP = CHANGING.steps[0]
GOOD = Outcome(CHANGING, (StepOutcome(STEP, "done"),), remaining=EMPTY)
IDLE = Outcome(EMPTY, (), remaining=EMPTY)
UNPROVED = Outcome(CHANGING, (StepOutcome(STEP, "done"),), failure="the proof could not be read")
REMAINDER = Outcome(CHANGING, (StepOutcome(STEP, "done"),), remaining=CHANGING)
HALF = Outcome(CHANGING, (StepOutcome(STEP, "done"), StepOutcome(STEP, "failed")), failure="403")
LOST = Outcome(CHANGING, (StepOutcome(STEP, "unknown"),), failure="no answer")
UNTOUCHED = Outcome(CHANGING, (StepOutcome(STEP, "failed"),), failure="changed since the plan was made")
UNFIT = Outcome(CHANGING, (StepOutcome(STEP, "failed", wrote=True),), failure="answered with success but did not keep the values")
FELL_BACK = replace(GOOD, remaining=replace(EMPTY, objections=REFUSED.objections))
STOPPED = Outcome(CHANGING, (StepOutcome(STEP, "done"), StepOutcome(STEP, "not-reached")), failure="interrupted", interrupted=True)


@pytest.mark.parametrize(
    ("outcomes", "failed", "refused", "code"),
    [
        ([], 0, 0, 0),
        ([IDLE], 0, 0, 0),
        ([GOOD], 0, 0, 0),
        ([GOOD, IDLE], 0, 0, 0),
        ([UNPROVED], 0, 0, 4),
        ([REMAINDER], 0, 0, 4),
        ([HALF], 0, 0, 4),
        ([LOST], 0, 0, 4),
        ([UNTOUCHED], 0, 0, 1),
        ([UNFIT], 0, 0, 4),
        ([FELL_BACK], 0, 0, 4),
        ([GOOD, UNTOUCHED], 0, 0, 4),
        ([GOOD], 1, 0, 4),
        ([GOOD], 0, 1, 4),
        ([IDLE], 1, 1, 1),
        ([IDLE], 0, 1, 3),
        ([], 0, 1, 3),
        ([], 1, 0, 1),
        ([GOOD, HALF, STOPPED], 1, 1, 5),
    ],
)
def test_apply_exits_with(outcomes: list[Outcome], failed: int, refused: int, code: int) -> None:
    assert apply_verdict(outcomes, failed=failed, refused=refused) == code
