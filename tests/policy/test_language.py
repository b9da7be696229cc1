from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.policy.language import LONGEST, Complaint, Program, Unevaluable, compiled, value_of
from tests.policy.rules import variables


def value(text: str) -> object:
    program = compiled(text)
    assert isinstance(program, Program), program
    return value_of(program, variables({"changes": [{"action": "remove"}]}, tier="prod"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('environment == "contoso-test"', True),
        ('labels.tier == "prod" && risk == "low"', True),
        ('changes.exists(c, c.action == "remove")', True),
        ("has(plan.nothing)", False),
        ('"é".size()', 1),
    ],
)
def test_an_expression_has_the_value_that_cel_gives_it(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1 +", Complaint("Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', "
                          "NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}", 1, 4)),
        ('environment == "a" &&\n  riks == "high"', Complaint("undeclared reference to 'riks'; did you mean `risk`?", 2, 3, is_type=True)),
        ("environment > 3", Complaint("found no matching overload for '_>_' applied to '(string, int)'", 1, 13, is_type=True)),
        ('"\ud800" == risk', Complaint("the expression holds half of a character")),
        ("true || " * LONGEST, Complaint("the expression has 16,000 characters, 2,000 are allowed")),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(text: str, complaint: Complaint) -> None:
    assert compiled(text) == (complaint,)


def test_what_follows_from_a_mistake_is_not_told_beside_it() -> None:
    said = compiled("felds.exists(f, f.field == 'x')")

    assert said == (Complaint("undeclared reference to 'felds'; did you mean `fields`?", 1, 1, is_type=True),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("plan.nothing == 1", 'Key not found in map : "nothing"'),
        ("plan.environment > 3", "No matching overloads found : _>_(string, int64)"),
        ("plan.changes[7] == 1", "Index error: index=7 size=1"),
        ("size(changes) / 0 == 1", "divide by zero"),
    ],
)
def test_what_has_no_value_says_why(text: str, why: str) -> None:
    with pytest.raises(Unevaluable) as error:
        value(text)

    assert str(error.value) == why


def test_a_loop_in_a_loop_over_a_large_plan_is_stopped() -> None:
    program = compiled("changes.all(a, changes.all(b, changes.all(c, a.n + b.n + c.n >= 0)))")
    assert isinstance(program, Program)

    with pytest.raises(Unevaluable, match="Iteration budget exceeded"):
        value_of(program, variables({"changes": [{"n": number} for number in range(300)]}))


def test_one_loop_over_two_thousand_changes_is_not_stopped() -> None:
    program = compiled("changes.exists(c, c.fields.exists(f, f.after == 3))")
    assert isinstance(program, Program)
    changes = [{"fields": [{"after": 1}, {"after": 2}]}] * 2000

    assert value_of(program, variables({"changes": changes})) is False


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200) | st.text(alphabet="plan.()[]{}'\"+-*/!&|?:,<>= 019abcx\\\n", max_size=120))
def test_no_text_makes_the_compiler_raise(text: str) -> None:
    found = compiled(text)

    if isinstance(found, tuple):
        assert found
        assert all(complaint.said and complaint.line > 0 and complaint.column > 0 for complaint in found)


def test_planning_without_policies_does_not_import_the_runtime() -> None:
    program = (
        "import sys; import reconciler.cli.plan, reconciler.cli.policies, reconciler.cli.apply; sys.exit('cel_expr_python' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
