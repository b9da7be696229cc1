"""Files of policy tests are read as strictly as the policies that they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli.app import run
from reconciler.desired.policy_cases import LoadedCases, load_cases
from reconciler.model.policy import Expectation
from tests.policy.rules import rule

HEAD = "apiVersion: rictl/v1\nkind: PolicyTest\ncases:\n"
RULES = [rule("true", "too-much")]


def read(folder: Path, cases: str) -> LoadedCases:
    path = folder / "cases.yaml"
    path.write_text(HEAD + cases, encoding="utf-8")
    return load_cases([path], RULES)


def test_what_a_case_does_not_write_is_empty_in_its_plan(tmp_path: Path) -> None:
    loaded = read(tmp_path, "  - {name: a, plan: {checked: 3}, labels: {tier: prod}, expect: [{code: too-much, effect: deny}]}\n")

    [case] = loaded.cases
    assert case.plan is not None
    assert {key: case.plan[key] for key in ("checked", "changes", "consent", "environment", "requests", "target")} == {
        "checked": 3,
        "changes": [],
        "consent": None,
        "environment": "",
        "requests": 0,
        "target": {},
    }
    assert (case.labels, case.expected) == ({"tier": "prod"}, (Expectation("too-much", "deny"),))


def test_every_mistake_is_told_at_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = read(
        tmp_path,
        "  - {name: a, plan: {chnages: []}, expect: [{code: too-mch, effect: deny}]}\n"
        "  - {name: b, expect: [{code: too-much, effect: warn}]}\n",
    )

    assert loaded.cases == ()
    assert [(one.code, str(one.where), one.hint) for one in loaded.diagnostics] == [
        ("unknown-key", "cases.yaml:4:22", "did you mean `changes`?"),
        ("unknown-rule", "cases.yaml:4:52", "did you mean `too-much`?"),
        ("exactly-one", "cases.yaml:5:5", "write the plan, or name its file"),
        ("unknown-rule", "cases.yaml:5:49", "write `effect: deny`"),
    ]


def test_a_plan_file_that_holds_no_plan_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tests").mkdir()
    policy = (
        "apiVersion: rictl/v1\nkind: Policy\nmetadata: {name: team}\nrules: [{code: a, when: risk == 'low', effect: warn, message: m}]\n"
    )
    (tmp_path / "team.yaml").write_text(policy, encoding="utf-8")
    read(tmp_path / "tests", "  - {name: a, planFile: cases.yaml, expect: []}\n")

    assert run(["policy", "test", str(tmp_path)]) == 1
    assert "error[no-such-plan]: `cases.yaml` is no file of plans\n" in capsys.readouterr().err
