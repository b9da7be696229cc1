"""Several rictl processes on one state file, and one that dies in the middle: every row is wholly one's, and the next run converges."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from reconciler.model.exit_codes import DONE, FAILED, NOT_CONVERGED

Rictl = Callable[..., tuple[int, str, str]]
WEIGHTS = ("email", "meeting", "phoneCall")
TABLE = "msdyn_activityanalysisconfig"


def with_weights(text: str, weight: int) -> str:
    return text.replace("{email: 7}", "{" + ", ".join(f"{name}: {weight}" for name in WEIGHTS) + "}")


def start_apply(checkout: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "reconciler", "apply", "--auto-approve"]
    return subprocess.Popen(words, cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stored_row(rictl: Rictl) -> dict[str, object]:
    code, said, err = rictl("emulator", "request", "small", "GET", f"{TABLE}s")
    assert code == 0, said + err
    rows = json.loads(said[said.index("{") :])["value"]
    assert len(rows) == 1
    row: dict[str, object] = rows[0]
    return row


def test_of_two_applies_at_once_each_row_is_wholly_one_of_them_and_the_next_run_converges(rictl: Rictl, workspace: Path) -> None:
    environment = workspace / "environments" / "small.yaml"
    text = environment.read_text(encoding="utf-8")
    other = workspace / "other"
    (other / "environments").mkdir(parents=True)
    (other / "environments" / "_emulator").symlink_to(workspace / "environments" / "_emulator")
    (workspace / ".rictl").mkdir()
    (other / ".rictl").symlink_to(workspace / ".rictl")
    environment.write_text(with_weights(text, 3), encoding="utf-8")
    (other / "environments" / "small.yaml").write_text(with_weights(text, 8), encoding="utf-8")

    processes = {3: start_apply(workspace), 8: start_apply(other)}
    told = {weight: process.communicate(timeout=60) for weight, process in processes.items()}

    converged = {weight for weight, process in processes.items() if process.returncode == DONE}
    assert converged, told
    for weight in processes.keys() - converged:
        out, err = told[weight]
        assert processes[weight].returncode in (FAILED, NOT_CONVERGED), out + err
        assert "plan again" in out
        assert "Apply: 0 of 1 environment converged" in out
    row = stored_row(rictl)
    assert len({row["msdyn_emailweight"], row["msdyn_meetingweight"], row["msdyn_phonecallweight"]}) == 1
    assert row["msdyn_emailweight"] in converged
    code, out, err = rictl("apply", "--auto-approve")
    assert code == 0, out + err
    assert rictl("plan", "--detailed-exitcode")[0] == 0
    assert stored_row(rictl)["msdyn_emailweight"] == 3


def test_after_an_apply_that_was_killed_in_the_middle_the_next_one_converges(rictl: Rictl, workspace: Path) -> None:
    scenario = workspace / "environments" / "_emulator" / "small.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("seconds: 0.1", "seconds: 1"), encoding="utf-8")
    process = start_apply(workspace)
    assert process.stderr is not None
    for line in process.stderr:
        if "waiting for" in line:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate(timeout=60)

    assert process.returncode == -signal.SIGKILL
    # The switch is stored, the form is not: the plan tells the rest, and an apply carries it out.
    assert rictl("plan", "--detailed-exitcode")[0] == 2
    code, out, err = rictl("apply", "--auto-approve")
    assert code == 0, out + err
    assert rictl("plan", "--detailed-exitcode")[0] == 0
