from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.policy import Ruling
from reconciler.policy.evaluate import prepared, ruling
from reconciler.policy.facts import variables_of
from tests.policy.rules import rule, variables

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["a", "action", "fields"]), inside, max_size=3),
    max_leaves=8,
)
CHANGES = st.lists(
    st.fixed_dictionaries({"action": JSON, "fields": st.lists(st.fixed_dictionaries({"before": JSON, "after": JSON}), max_size=2)}),
    max_size=3,
)
EXPRESSIONS = [
    'changes.exists(c, c.action == "remove")',
    "fields.all(f, f.after > 3)",
    "plan.a.action[0] == fields[0].before",
    "plan.a",
    "size(changes) / size(fields) > 1",
]


def asked(when: str, message: str = "said", **plan: Any) -> Ruling:
    return ruling(prepared(rule(when, message=message)), variables(plan))


def test_a_rule_applies_where_its_condition_is_true() -> None:
    assert asked("changes.size() == 0", "{changes.size()} changes") == Ruling(
        rule("changes.size() == 0", message="{changes.size()} changes"), True, "0 changes"
    )
    assert not asked("changes.size() > 0").applies


@pytest.mark.parametrize(
    ("when", "message", "error"),
    [
        ("plan.nothing == 1", "said", 'Key not found in map : "nothing"'),
        ("plan.environment", "said", "`when` is neither true nor false"),
        ("true", "{plan.nothing}", 'Key not found in map : "nothing"'),
        ("nothing", "said", "undeclared reference to 'nothing' (line 1, column 1 of the expression)"),
        ("true", "{", "in the message: this brace has no partner (line 1, column 1 of the expression)"),
    ],
)
def test_a_rule_without_an_answer_has_an_error(when: str, message: str, error: str) -> None:
    said = asked(when, message)

    assert (said.applies, said.error) == (False, error)


def test_a_message_is_filled_in_only_where_the_rule_applies() -> None:
    assert asked("false", "{plan.nothing}").error is None


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(EXPRESSIONS), CHANGES, JSON)
def test_evaluation_never_raises_and_says_the_same_twice(when: str, changes: list[Any], other: Any) -> None:
    first = asked(when, changes=changes, a=other)

    assert first == asked(when, changes=changes, a=other)
    assert first.error is None or not first.applies


def test_a_field_knows_the_kind_and_action_of_its_change() -> None:
    field = {"field": "enabled", "before": {"state": "known", "value": False}, "after": True}
    unread = {"field": "roles", "before": {"state": "absent"}, "after": 1}
    change = {"address": {"kind": "a_kind"}, "action": "enable", "risk": "high", "fields": [field, unread]}

    found = variables_of({"environment": "e", "changes": [change, {"action": "add", "risk": "medium"}]}, {"tier": "prod"})

    about = {"kind": "a_kind", "action": "enable", "risk": "high"}
    assert found["fields"] == [
        {**field, **about, "before": False, "was_read": True},
        {**unread, **about, "before": None, "was_read": False},
    ]
    assert (found["risk"], found["labels"], found["tasks"]) == ("high", {"tier": "prod"}, [])
