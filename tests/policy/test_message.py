from __future__ import annotations

import pytest

from reconciler.policy.language import Complaint, Unevaluable
from reconciler.policy.message import LONGEST, Message, Misplaced, filled, message_of
from tests.policy.rules import variables


def text(message: str, **plan: object) -> str:
    made = message_of(message)
    assert isinstance(made, Message), made
    return filled(made, variables(dict(plan)))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("plain", "plain"),
        ("{environment}: {changes.size()} of {2.5}, {risk == 'low'}", "contoso-test: 0 of 2.5, true"),
        ("{1 > 2}", "false"),
        ("{plan.read}", "yesterday"),
    ],
)
def test_expressions_in_a_message_are_filled_in(message: str, expected: str) -> None:
    assert text(message, read="yesterday") == expected


def test_a_long_message_is_cut() -> None:
    cut = text("{plan.read}", read="x" * 10_000)

    assert len(cut) == LONGEST
    assert cut.endswith("x…")


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("a {riks}", Misplaced(3, Complaint("undeclared reference to 'riks'; did you mean `risk`?", 1, 1, is_type=True))),
        ("all {changes}", Misplaced(5, Complaint("a list<map<string, dyn>> cannot be shown in a message", is_type=True))),
        ("a } b", Misplaced(2, Complaint("this brace has no partner"))),
        ("{risk} {", Misplaced(7, Complaint("this brace has no partner"))),
    ],
)
def test_a_mistake_in_a_message_is_told_with_its_place(message: str, wrong: Misplaced) -> None:
    assert message_of(message) == (wrong,)


def test_a_value_that_cannot_be_shown_is_no_text() -> None:
    with pytest.raises(Unevaluable, match="neither text nor a number"):
        text("{plan.read}", read=[1])
