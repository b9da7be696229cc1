from __future__ import annotations

import io
import json
import resource
from dataclasses import asdict

import pytest

from reconciler.policy import worker
from reconciler.policy.worker import rulings, serve
from tests.policy.rules import rule, variables

ALWAYS, NEVER = rule("true", "always", "in {environment}"), rule("false", "never")
FAT = rule("[plan.text]" + ".map(a, a+a+a+a+a+a+a+a+a+a)" * 12 + ".size() > 0", "fat")
GROWN = "[plan.text]" + ".map(a, [a,a,a,a,a,a,a,a])" * 12
ENDLESS = rule(f"{GROWN} == {GROWN}", "endless")


def test_every_rule_is_asked_about_every_plan() -> None:
    said = rulings([ALWAYS, NEVER], [variables(), variables({"environment": "other"})])

    assert [[(one.rule.code, one.applies, one.message, one.error) for one in row] for row in said] == [
        [("always", True, "in contoso-test", None), ("never", False, "", None)],
        [("always", True, "in other", None), ("never", False, "", None)],
    ]


def test_without_rules_or_plans_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nonexistent")

    assert rulings([], [variables()]) == ((),)
    assert rulings([ALWAYS], []) == ()


def test_a_rule_that_takes_the_memory_has_no_answer_and_the_rules_before_it_have_theirs() -> None:
    said = rulings([ALWAYS, FAT, NEVER], [variables({"text": "x" * 1000})])

    assert said[0][0].applies
    assert said[0][1].error == "it did not come to an end within 20 seconds and 1024 MB of memory"
    assert said[0][2].error == "it was not evaluated, for a rule before it did not come to an end"


def test_a_rule_without_end_is_stopped() -> None:
    said = rulings([ALWAYS, ENDLESS], [variables({"text": "x"})], seconds=2)

    assert [one.error for one in said[0]] == [None, "it did not come to an end within 2 seconds and 1024 MB of memory"]


def test_a_process_that_does_not_even_start_in_time_answers_nothing() -> None:
    said = rulings([ALWAYS], [variables(), variables()], seconds=0.001)

    assert said[0][0].error == "it did not come to an end within 0.001 seconds and 1024 MB of memory"
    assert said[1][0].error == "it was not evaluated, for a rule before it did not come to an end"


@pytest.mark.parametrize(
    "when",
    [
        "(" * 900 + "true" + ")" * 900,
        "[" * 900 + "]" * 900 + " == []",
        "!" * 1900 + "true",
        "1" + "+1" * 900 + " > 0",
        "plan" + ".a" * 900,
        'plan.text.matches("(a{1,1000}){1,1000}")',
        'plan.text.matches("' + "(" * 900 + ")" * 900 + '")',
        "plan.text.matches('(x+x+)+y')",
        "[1,2].map(a, [3,4].map(b, [a,b])).map(c, c.map(d, d + [c])).size() == 2",
    ],
)
def test_a_hostile_expression_has_an_answer_or_an_error(when: str) -> None:
    said = rulings([rule(when), ALWAYS], [variables({"text": "x" * 5000})], seconds=15)

    assert said[0][1].applies
    assert said[0][0].error is None or said[0][0].error


def test_the_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "canary")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/lib")

    assert "canary" not in worker._surroundings().values()
    assert worker._surroundings()["LD_LIBRARY_PATH"] == "/lib"


def test_a_module_in_the_checkout_is_not_run_by_the_process(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "json.py").write_text("raise SystemExit('taken')", encoding="utf-8")
    monkeypatch.chdir(folder)

    assert rulings([ALWAYS], [variables()])[0][0].applies


def test_the_process_answers_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"rules": [asdict(ALWAYS), asdict(rule("plan.nothing", "lost"))], "plans": [variables()]}
    printed = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(asked)))
    monkeypatch.setattr("sys.stdout", printed)
    bounds = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, bound: bounds.append((which, bound)))

    serve()

    assert [json.loads(line) for line in printed.getvalue().splitlines()] == [
        [True, "in contoso-test", None],
        [False, "", 'Key not found in map : "nothing"'],
    ]
    assert bounds == [(resource.RLIMIT_AS, (worker.MEMORY, worker.MEMORY))]
