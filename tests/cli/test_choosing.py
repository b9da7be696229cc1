"""Which environments a command line means, and what keeps a run from beginning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Rictl = Callable[..., tuple[int, str, str]]


def write(workspace: Path, file: str, text: str) -> None:
    (workspace / "environments" / file).write_text(text, encoding="utf-8")


def small(workspace: Path) -> str:
    return (workspace / "environments" / "small.yaml").read_text(encoding="utf-8")


def test_a_name_is_what_stands_in_the_file_not_what_the_file_is_called(rictl: Rictl, workspace: Path) -> None:
    (workspace / "environments" / "_emulator" / "other.yaml").write_text("friendlyName: Other\n", encoding="utf-8")
    text = small(workspace)
    write(workspace, "small.yaml", text.replace("name: small", "name: other").replace("emulator: small", "emulator: other"))
    write(workspace, "other.yaml", text)

    _, out, _ = rictl("plan", "small", "--no-details")

    assert out.startswith("small  Small ")


def test_one_organization_in_two_files_is_refused_even_when_one_is_named(rictl: Rictl, workspace: Path) -> None:
    write(workspace, "twin.yaml", small(workspace).replace("name: small", "name: twin"))

    code, out, err = rictl("apply", "twin", "--auto-approve")

    assert (code, out) == (1, "")
    assert "error[same-organization]" in err


def test_mistakes_in_environments_that_were_not_named_are_none_of_this_run(rictl: Rictl, workspace: Path) -> None:
    write(workspace, "broken.yaml", "apiVersion: rictl/v1\nkind: Environment\nmetadata: {name: broken}\nnonsense: true\n")

    assert rictl("plan", "small")[0] == 0
    code, _, err = rictl("plan", "broken")
    assert code == 1
    assert "nonsense" in err


def test_a_broken_baseline_is_told_to_those_who_extend_it(rictl: Rictl, workspace: Path) -> None:
    (workspace / "environments" / "_base").mkdir()
    write(workspace, "_base/base.yaml", "apiVersion: rictl/v1\nkind: Baseline\nmetadata: {name: base}\nnonsense: true\n")
    write(
        workspace,
        "child.yaml",
        "apiVersion: rictl/v1\nkind: Environment\nmetadata: {name: child}\nextends: [base]\nconnection: {emulator: small}\n",
    )

    assert rictl("plan", "small")[0] == 0
    code, _, err = rictl("plan", "child")
    assert code == 1
    assert "base.yaml:4" in err


def test_a_baseline_is_no_environment(rictl: Rictl, workspace: Path) -> None:
    (workspace / "environments" / "_base").mkdir()
    write(workspace, "_base/base.yaml", "apiVersion: rictl/v1\nkind: Baseline\nmetadata: {name: base}\n")

    code, out, err = rictl("plan", "environments/_base/base.yaml")

    assert (code, out) == (1, "")
    assert "error[not-an-environment]" in err


def test_a_saved_plan_is_not_planned(rictl: Rictl) -> None:
    rictl("plan", "--out", "plan.json")

    code, _, err = rictl("plan", "plan.json")

    assert code == 1
    assert "rictl apply plan.json" in err


def test_after_the_clock_was_moved_a_consent_of_that_day_can_be_attested(rictl: Rictl, workspace: Path) -> None:
    rictl("plan")
    _, out, _ = rictl("emulator", "clock", "--advance", "15d")
    attested = f"attestations:\n  exchangeConsent: {{granted: true, by: m365-admins, date: {out[:10]}}}\n"
    write(workspace, "small.yaml", small(workspace) + attested)

    assert rictl("plan")[0] == 0
    assert rictl("validate")[0] == 0


@pytest.mark.parametrize("damage", ["file-instead-of-folder", "no-database"])
def test_working_files_that_cannot_be_used_are_named(rictl: Rictl, workspace: Path, damage: str) -> None:
    if damage == "no-database":
        (workspace / ".rictl").mkdir()
        (workspace / ".rictl" / "emulator.sqlite").write_bytes(b"this is no database, and long enough to be looked at" * 40)
    else:
        (workspace / ".rictl").write_text("in the way", encoding="utf-8")

    code, _, err = rictl("plan")

    assert code == 1
    assert "error[cannot-use-file]" in err
    assert ".rictl" in err
