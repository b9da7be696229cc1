"""Wrong usage is 64 on every path, says what is wrong, and never touches an environment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Rictl = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plann"], "Did you mean 'plan'?"),
        (["frobnicate"], "No such command 'frobnicate'."),
        (["--colour"], "No such option"),
        (["plan", "--detailed"], "No such option"),
        (["plan", "--format", "xml"], "'xml' is not one of 'text', 'markdown', 'html', 'json', 'sarif', 'junit', 'github', 'azdo'"),
        (["plan", "--format", "json="], "'json=' names no file"),
        (["plan", "--format", "text", "--format", "json"], "text and json cannot both be printed"),
        (["plan", "--format", "text=a", "--format", "json=a"], "two formats cannot be written to one file"),
        (["plan", "--parallelism", "0"], "0 is not in the range"),
        (["plan", "--allow", "consent-not-given"], "say which objection and why"),
        (["plan", "--allow", "consent-not-gone=because"], "no objection is called consent-not-gone"),
        (["plan", "--allow", "binding-not-accepted=because"], "may not be waived"),
        (["plan", "--out", "nowhere/plan.json"], "cannot write nowhere/plan.json"),
        (["apply"], "there is nobody to ask here"),
        (["validate", "--format", "xml"], "'xml' is not one of"),
        (["schema", "environments"], "is not one of"),
        (["emulator"], "serve"),
        (["emulator", "serve", "--port", "ninety"], "'ninety' is not a valid integer"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_64(rictl: Rictl, words: list[str], said: str) -> None:
    code, _, err = rictl(*words)

    assert (code, said in err) == (64, True), err


def test_outside_of_a_workspace_is_wrong_usage(rictl: Rictl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "environments" / "_emulator" / "deep"
    empty.mkdir()
    monkeypatch.chdir("/")

    code, _, err = rictl("plan")

    assert code == 64
    assert "environments" in err


def test_a_saved_plan_and_an_environment_together_are_wrong_usage(rictl: Rictl, workspace: Path) -> None:
    (workspace / "plan.json").write_text("{}", encoding="utf-8")

    assert rictl("apply", "plan.json", "small")[0] == 64


def test_without_words_help_is_printed(rictl: Rictl) -> None:
    code, out, _ = rictl()

    assert code == 0
    assert "validate" in out
    assert "apply" in out


def test_version_has_one_answer_on_both_paths(rictl: Rictl) -> None:
    told = subprocess.run([sys.executable, "-m", "reconciler", "--version"], capture_output=True, text=True, check=True).stdout

    assert rictl("--version")[1] == told


@pytest.mark.parametrize("command", ["validate", "plan", "apply", "schema", "emulator"])
def test_every_command_has_help(rictl: Rictl, command: str) -> None:
    code, out, _ = rictl(command, "--help")

    assert code == 0
    assert out.startswith(f"Usage: rictl {command}")


def test_a_mistake_of_ours_asks_for_a_report(rictl: Rictl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.catalog.register.CATALOG", None)

    code, _, err = rictl("validate")

    assert code == 1
    assert "error[internal]: this is a mistake in rictl" in err


def test_output_that_cannot_be_written_is_told(workspace: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reconciler", "validate"], cwd=workspace, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert done.returncode == 1
    assert "error[cannot-use-file]" in done.stderr
    assert "Traceback" not in done.stderr
