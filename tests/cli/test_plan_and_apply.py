"""`plan` and `apply` as their users call them, on the embedded Dataverse."""

from __future__ import annotations

import datetime as dt
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.report.plan_document import PlanDocument, document_json, document_of, parse_document, run_of

Rictl = Callable[..., tuple[int, str, str]]


def test_plan_apply_plan(rictl: Rictl) -> None:
    assert rictl("plan", "--detailed-exitcode")[0] == 2
    code, out, err = rictl("apply", "--auto-approve")
    assert code == 0, out + err
    assert out.rstrip().splitlines()[-1] == "Apply: 1 of 1 environment converged."
    assert "waiting for relationship_analytics to be on" in err
    code, out, _ = rictl("plan", "--detailed-exitcode")
    assert code == 0
    assert out.rstrip().splitlines()[-1] == "Plan: no changes in 1 environment."


def test_apply_with_nothing_to_do_writes_nothing_and_says_so(rictl: Rictl) -> None:
    rictl("apply", "--auto-approve")

    code, out, _ = rictl("apply", "--auto-approve")

    assert code == 0
    assert "No changes." in out


def test_exactly_the_saved_plan_is_applied(rictl: Rictl, workspace: Path) -> None:
    assert rictl("plan", "--out", "plan.json")[0] == 0
    assert (workspace / "plan.json").stat().st_mode & 0o777 == 0o600

    code, out, err = rictl("apply", "plan.json")

    assert code == 0, out + err
    assert rictl("plan", "--detailed-exitcode")[0] == 0


def test_out_holds_the_same_plan_as_format_json(rictl: Rictl, workspace: Path) -> None:
    _, out, _ = rictl("plan", "--format", "json", "--out", "plan.json")
    printed, saved = json.loads(out), json.loads((workspace / "plan.json").read_text(encoding="utf-8"))

    assert printed["plans"] == saved["plans"]


def test_a_saved_plan_is_used_once(rictl: Rictl) -> None:
    rictl("plan", "--out", "plan.json")
    rictl("apply", "plan.json")

    code, _, err = rictl("apply", "plan.json")

    assert code == 3
    assert "Nothing was written" in err


def test_a_refused_plan_is_saved_to_be_read_and_says_so(rictl: Rictl, workspace: Path) -> None:
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("inferred-activation-by-patch, ", ""), encoding="utf-8")

    code, _, err = rictl("plan", "--out", "plan.json")

    assert code == 3
    assert "cannot be applied" in err
    assert rictl("apply", "plan.json")[0] == 3


def test_a_plan_that_was_altered_is_refused(rictl: Rictl, workspace: Path) -> None:
    rictl("plan", "--out", "plan.json")
    path = workspace / "plan.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"after":7', '"after":9').replace('"after": 7', '"after": 9'), encoding="utf-8"
    )

    code, _, err = rictl("apply", "plan.json")

    assert code == 3
    assert "plan-altered" in err


def test_a_plan_that_expired_is_refused(rictl: Rictl, workspace: Path) -> None:
    rictl("plan", "--out", "plan.json")
    path = workspace / "plan.json"
    document = parse_document(path.read_text(encoding="utf-8"))
    assert isinstance(document, PlanDocument)
    yesterday = replace(run_of(document), made_at=document.created_at - dt.timedelta(hours=25))
    path.write_text(document_json(document_of(yesterday)), encoding="utf-8")

    code, _, err = rictl("apply", "plan.json")

    assert code == 3
    assert "plan-expired" in err


def test_a_plan_whose_files_changed_is_refused_and_nothing_is_written(rictl: Rictl, workspace: Path) -> None:
    rictl("plan", "--out", "plan.json")
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("email: 7", "email: 8"), encoding="utf-8")

    code, _, err = rictl("apply", "plan.json")

    assert code == 3
    assert "plan-is-stale" in err
    assert rictl("plan", "--detailed-exitcode")[0] == 2


def test_a_value_that_moved_makes_the_plan_stale_and_is_shown(rictl: Rictl) -> None:
    rictl("plan", "--out", "plan.json")
    _, row, _ = rictl("emulator", "request", "small", "GET", "msdyn_activityanalysisconfigs?$select=msdyn_emailweight")
    row_id = json.loads(row[row.index("{") :])["value"][0]["msdyn_activityanalysisconfigid"]
    rictl("emulator", "request", "small", "PATCH", f"msdyn_activityanalysisconfigs({row_id})", "--data", '{"msdyn_emailweight": 5}')

    code, _, err = rictl("apply", "plan.json")

    assert code == 3
    assert "activityWeights.email (msdyn_activityanalysisconfig.msdyn_emailweight) was not set, is 5 now (last written by Ana Pop" in err


def test_no_plan_file_is_told_from_a_plan_file(rictl: Rictl, workspace: Path) -> None:
    (workspace / "notes.json").write_text('{"hello": "world"}', encoding="utf-8")

    assert rictl("apply", "notes.json")[0] == 3


def test_input_errors_stop_before_anything_is_read(rictl: Rictl, workspace: Path) -> None:
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("email: 7", "email: 12"), encoding="utf-8")

    code, out, err = rictl("plan")

    assert (code, out) == (1, "")
    assert "small.yaml:9:" in err
    assert not (workspace / ".rictl").exists()


def test_an_unknown_environment_is_an_error_with_the_nearest_name(rictl: Rictl) -> None:
    code, _, err = rictl("plan", "smal")

    assert code == 1
    assert "small" in err


def test_an_environment_that_does_not_answer_fails_the_run_and_nothing_is_written_anywhere(rictl: Rictl, workspace: Path) -> None:
    text = (workspace / "environments" / "small.yaml").read_text(encoding="utf-8")
    gone = text.replace("name: small", "name: gone").replace("connection: {emulator: small}", "connection: {url: 'https://127.0.0.1:9'}")
    (workspace / "environments" / "gone.yaml").write_text(gone, encoding="utf-8")
    os.environ["RICTL_ACCESS_TOKEN"] = "some-token"
    try:
        code, _, err = rictl("apply", "--auto-approve", "--allow-host", "127.0.0.1")
    finally:
        del os.environ["RICTL_ACCESS_TOKEN"]

    assert code == 1
    assert "error[unreachable]: gone" in err
    assert "Nothing was written anywhere, because of an environment that could not be read" in err
    assert "rictl apply small" in err
    assert rictl("plan", "small", "--detailed-exitcode")[0] == 2


@pytest.mark.parametrize("names", [(), ("gone",)])
def test_a_plan_of_a_run_that_could_not_read_everything_is_not_applied_to_anything(
    rictl: Rictl, workspace: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    text = (workspace / "environments" / "small.yaml").read_text(encoding="utf-8")
    gone = text.replace("name: small", "name: gone").replace("connection: {emulator: small}", "connection: {url: 'https://127.0.0.1:9'}")
    (workspace / "environments" / "gone.yaml").write_text(gone, encoding="utf-8")
    monkeypatch.setenv("RICTL_ACCESS_TOKEN", "some-token")
    assert rictl("plan", *names, "--out", "plan.json", "--allow-host", "127.0.0.1")[0] == 1
    (workspace / "environments" / "gone.yaml").unlink()

    code, out, err = rictl("apply", "plan.json")

    assert (code, out) == (1, "")
    assert "plan-is-incomplete" in err
    assert rictl("plan", "small", "--detailed-exitcode")[0] == 2


def in_a_terminal(workspace: Path, answer: str) -> tuple[int, str]:
    """Runs `rictl apply` on a pseudo-terminal and answers its question; "^C" presses that."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "reconciler", "apply"], cwd=workspace, stdin=follower, stdout=follower, stderr=follower, close_fds=True
    )
    os.close(follower)
    said = b""
    asked = False
    while True:
        try:
            more = os.read(leader, 65536)
        except OSError:
            break
        if not more:
            break
        said += more
        if not asked and b"Apply this?" in said:
            asked = True
            if answer == "^C":
                # A signal in the instant before the terminal is read would be noticed only after the read.
                time.sleep(0.5)
                process.send_signal(signal.SIGINT)
            else:
                os.write(leader, f"{answer}\n".encode())
    os.close(leader)
    return process.wait(), said.decode()


@pytest.mark.parametrize(
    ("answer", "expected", "words"), [("y", 3, "Not approved"), ("^C", 3, "Not approved"), ("yes", 0, "1 of 1 environment converged")]
)
def test_on_a_terminal_only_yes_is_taken_for_a_yes(workspace: Path, answer: str, expected: int, words: str) -> None:
    code, said = in_a_terminal(workspace, answer)

    assert code == expected, said
    assert words in said


def test_names_of_the_remote_side_reach_the_terminal_escaped(workspace: Path) -> None:
    scenario = workspace / "environments" / "_emulator" / "small.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("Small", '"Small\\e[2J"'), encoding="utf-8")

    _, said = in_a_terminal(workspace, "no")

    assert "Small" in said.partition("Plan:")[2]
    assert "Small\x1b[2J" not in said


def test_ctrl_c_finishes_the_write_in_hand_and_exits_5(workspace: Path) -> None:
    scenario = workspace / "environments" / "_emulator" / "small.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("seconds: 0.1", "outcome: never"), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "reconciler", "apply", "--auto-approve"],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "waiting for" in line:
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=60)

    assert process.returncode == 5, out + err
    assert "Stopping after the write in hand" in err
    assert "not reached" in out.lower()


def test_a_plan_that_holds_for_years_is_refused(rictl: Rictl, workspace: Path) -> None:
    rictl("plan", "--out", "plan.json")
    path = workspace / "plan.json"
    document = parse_document(path.read_text(encoding="utf-8"))
    assert isinstance(document, PlanDocument)
    path.write_text(document_json(document_of(run_of(document), valid_for=dt.timedelta(days=900))), encoding="utf-8")

    code, _, err = rictl("apply", "plan.json")

    assert (code, "error[plan-expired]" in err, "a plan holds for a day at most" in err) == (3, True, True)


def test_a_plan_is_not_saved_as_an_environment(rictl: Rictl, workspace: Path) -> None:
    before = (workspace / "environments" / "small.yaml").read_bytes()

    code, _, err = rictl("plan", "--out", "environments/small.yaml")

    assert (code, "a plan is JSON" in err) == (64, True)
    assert (workspace / "environments" / "small.yaml").read_bytes() == before


def test_apply_tells_programs_in_every_case(rictl: Rictl, workspace: Path) -> None:
    rictl("plan", "--out", "plan.json")
    _, done, _ = rictl("apply", "plan.json", "--format", "json")
    code, refused, err = rictl("apply", "plan.json", "--format", "json", "--format", "markdown=refused.md")
    nothing, idle, _ = rictl("apply", "--auto-approve", "--format", "json")

    failures = [json.loads(text)["environments"][0]["failure"] for text in (done, refused, idle)]
    assert failures == [None, "refused before the first write", None]
    assert (code, "plan-is-stale" in err, nothing) == (3, True, 0)
    assert "nothing was written" in (workspace / "refused.md").read_text(encoding="utf-8")


def test_neither_a_file_nor_the_log_of_a_pipeline_names_a_person(rictl: Rictl, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rictl("emulator", "request", "small", "PATCH", "msdyn_activityanalysisconfigs(x)", "--as", "Ana Pop")
    _, desk, _ = rictl("plan", "--format", "text=plan.txt", "--format", "text")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    _, log, _ = rictl("plan")

    file = (workspace / "plan.txt").read_text(encoding="utf-8")
    assert [re.findall("last written by (.+?) on", text) for text in (file, log)] == [["a person"], ["a person"]]
    assert "last written by" in desk
    assert "last written by a person" not in desk


@pytest.mark.parametrize("command", [("plan",), ("apply", "--auto-approve"), ("validate",)], ids=lambda words: words[0])
def test_a_policy_that_nobody_would_read_ends_the_command(rictl: Rictl, workspace: Path, command: tuple[str, ...]) -> None:
    (workspace / "policies").mkdir()
    (workspace / "policies" / "mine.yml").write_text("apiVersion: rictl/v1\n", encoding="utf-8")

    code, out, err = rictl(*command)

    assert (code, "wrong-ending" in out + err) == (1, True)
