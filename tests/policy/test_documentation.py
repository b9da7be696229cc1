"""What the page about policies shows is loaded and tried, and so are the examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.cli.app import run
from reconciler.policy.language import LONGEST, VARIABLES
from reconciler.policy.worker import SECONDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")


def test_the_page_shows_a_policy_and_tests_that_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy, tests = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "tests").mkdir()
    (tmp_path / "privacy.yaml").write_text(policy, encoding="utf-8")
    (tmp_path / "tests" / "privacy.yaml").write_text(tests, encoding="utf-8")

    assert run(["policy", "test", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("3 cases: 3 passed, 0 failed; 2 of 2 rules applied.\n")


def test_the_examples_pass_their_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "test", str(ROOT / "examples" / "policies")]) == 0
    assert capsys.readouterr().out.endswith("8 cases: 8 passed, 0 failed; 5 of 5 rules applied.\n")


def test_the_page_names_every_variable_and_every_bound() -> None:
    named = {name for row in re.findall(r"^\| (`[a-z`, ]+) \|", PAGE, re.MULTILINE) for name in re.findall(r"`([a-z]+)`", row)}

    assert set(VARIABLES) <= named
    assert f"{LONGEST:,} characters" in PAGE
    assert f"{SECONDS} seconds" in PAGE
