"""The last lines are read by programs. Changing one of these texts breaks them."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.report.as_outcome import apply_line, outcome_text
from reconciler.report.as_text import as_text
from reconciler.report.counts import Summary, last_line
from tests.report.test_verdict import CHANGING, EMPTY, GOOD, HALF, IDLE, INCOMPLETE, LOST, REFUSED, STOPPED


def summary(**counts: Any) -> Summary:
    zero = {
        "environments": 4,
        "changing": 0,
        "enable": 0,
        "change": 0,
        "disable": 0,
        "people": 0,
        "refused": 0,
        "incomplete": 0,
        "failed": 0,
    }
    return Summary(**{**zero, **counts})


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"changing": 2, "enable": 3, "change": 1, "people": 1},
         "Plan: 2 of 4 environments change: 3 to enable, 1 to change, 0 to disable, 1 needs a person."),
        ({"changing": 1, "disable": 2, "refused": 1, "incomplete": 1},
         "Plan: 1 of 4 environments changes: 0 to enable, 0 to change, 2 to disable, 0 need a person; 1 refused, 1 incomplete."),
        ({}, "Plan: no changes in 4 environments."),
        ({"environments": 1}, "Plan: no changes in 1 environment."),
        ({"environments": 1, "changing": 1, "enable": 1, "people": 2},
         "Plan: 1 of 1 environment changes: 1 to enable, 0 to change, 0 to disable, 2 need a person."),
        ({"people": 1, "failed": 2, "incomplete": 1}, "Plan: no changes in 1 of 4 environments; 1 needs a person, 1 incomplete, 2 failed."),
        ({"environments": 1, "incomplete": 1}, "Plan: nothing can be said of 1 environment; 1 incomplete."),
        ({"environments": 2, "failed": 1, "incomplete": 1}, "Plan: nothing can be said of 2 environments; 1 incomplete, 1 failed."),
        ({"environments": 1, "refused": 1}, "Plan: no changes in 1 environment; 1 refused."),
        ({"environments": 0}, "Plan: no changes in 0 environments."),
    ],
)  # fmt: skip
def test_the_last_line_of_a_plan_is_frozen(counts: dict[str, int], line: str) -> None:
    assert last_line(summary(**counts)) == line


def test_the_text_of_plans_ends_with_that_line() -> None:
    text = as_text([CHANGING, EMPTY, REFUSED, INCOMPLETE], failed=1)

    assert text.splitlines()[-1] == (
        "Plan: 2 of 5 environments change: 2 to enable, 0 to change, 0 to disable, 2 need a person; 1 refused, 1 incomplete, 1 failed."
    )


@pytest.mark.parametrize(
    ("outcomes", "line"),
    [
        ([GOOD, IDLE], "Apply: 2 of 2 environments converged."),
        ([GOOD], "Apply: 1 of 1 environment converged."),
        ([GOOD, HALF], "Apply: 1 of 2 environments converged; 1 step failed."),
        ([LOST, STOPPED], "Apply: 0 of 2 environments converged; 1 step of unknown effect, 1 step not reached, 1 interrupted."),
        ([HALF, HALF], "Apply: 0 of 2 environments converged; 2 steps failed."),
    ],
)
def test_the_last_line_of_an_apply_is_frozen(outcomes: list[Any], line: str) -> None:
    assert apply_line(outcomes) == line
    assert outcome_text(outcomes).splitlines()[-1] == line
