"""What `rictl history` tells of earlier applies, whatever became of them or of their journal."""

from __future__ import annotations

import json
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.model.exit_codes import DONE, FAILED, NOT_CONVERGED, USAGE

Rictl = Callable[..., tuple[int, str, str]]
JOURNAL = Path(".rictl/journal/small.jsonl")
RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
SECRET = "canary-7f3a9c"


def applied(rictl: Rictl, *words: str) -> str:
    """The id of a run."""
    code, out, err = rictl("apply", "--auto-approve", *words)
    assert code == DONE, out + err
    found = re.search(r"Recorded as run (\S+)\.", err)
    assert found is not None
    return found[1]


def entries(path: Path = JOURNAL) -> list[dict[str, object]]:
    return [json.loads(line)["entry"] for line in path.read_text(encoding="ascii").splitlines()]


def test_an_environment_that_was_never_applied_has_no_runs(rictl: Rictl) -> None:
    assert rictl("history") == (DONE, "no runs\n", "")


def test_a_run_is_listed_and_shown_by_the_beginning_of_its_id(rictl: Rictl) -> None:
    run = applied(rictl)

    code, listed, _ = rictl("history", "small")
    shown = rictl("history", "show", run[:12])

    assert code == DONE
    assert listed.split()[:2] == [run, "small"]
    assert "  converged  5 done  rictl  no commit" in listed
    assert shown[0] == DONE
    assert "relationship_analytics.enabled (msdyn_activityanalysisconfig.msdyn_isorgsettingenable)  off -> on" in shown[1]
    assert "activityWeights.email (msdyn_activityanalysisconfig.msdyn_emailweight)  not set -> 7" in shown[1]
    assert re.search(r"taken \(204\), request id [0-9a-f-]{36}, client request id [0-9a-f-]{36}", shown[1])
    assert "5. publish lead" in shown[1]
    assert shown[1].rstrip().endswith("converged")


def test_history_is_there_as_json(rictl: Rictl) -> None:
    run = applied(rictl)

    (summary,) = json.loads(rictl("history", "--format", "json")[1])
    (whole,) = json.loads(rictl("history", "show", run, "--format", "json")[1])

    assert (summary["run"], summary["result"], summary["counts"]["done"]) == (run, "converged", 5)
    assert [line["entry"]["entry"] for line in whole["lines"]][:3] == ["begun", "row-intent", "answered"]
    assert {name: whole[name] for name in summary} == summary


def test_a_run_in_a_pipeline_names_its_job_and_its_commit(rictl: Rictl, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=workspace, check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=workspace, check=True, capture_output=True, text=True).stdout.strip()
    monkeypatch.setenv("GITHUB_ACTOR", "ana\x1b[31m")
    for name, value in (("SERVER_URL", "https://github.com"), ("REPOSITORY", "contoso/crm"), ("RUN_ID", "7")):
        monkeypatch.setenv(f"GITHUB_{name}", value)

    run = applied(rictl)
    (workspace / "environments" / "more.yaml").write_text("")
    again = rictl("history", "show", run)[1]

    assert f"by rictl for ana\\x1b[31m, commit {commit[:12]}, rictl" in again
    assert "job https://github.com/contoso/crm/actions/runs/7" in again
    assert "local changes" not in again


def test_a_run_whose_files_differ_from_the_commit_says_so(rictl: Rictl, workspace: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=workspace, check=True)
    empty = ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "first"]
    subprocess.run(["git", *empty], cwd=workspace, check=True)

    assert "with local changes" in rictl("history", "show", applied(rictl))[1]


def test_no_secret_of_the_process_is_in_the_journal(rictl: Rictl, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_CLIENT_SECRET", "RICTL_ACCESS_TOKEN", "GITHUB_TOKEN", "SYSTEM_ACCESSTOKEN", "CI_JOB_TOKEN"):
        monkeypatch.setenv(name, SECRET)
    applied(rictl)

    text = JOURNAL.read_text(encoding="ascii")
    assert SECRET not in text
    assert "Bearer" not in text


def test_a_journal_may_be_kept_elsewhere_or_not_at_all(rictl: Rictl, workspace: Path) -> None:
    code, _, err = rictl("apply", "--auto-approve", "--no-journal")
    assert (code, "Recorded" in err) == (DONE, False)
    (workspace / "environments" / "small.yaml").write_text(
        (workspace / "environments" / "small.yaml").read_text().replace("email: 7", "email: 8")
    )
    run = applied(rictl, "--journal", "kept")

    assert not JOURNAL.exists()
    assert rictl("history", "--journal", "kept")[1].startswith(run)


def test_damage_is_told_with_its_line_and_never_a_traceback(rictl: Rictl) -> None:
    run = applied(rictl)
    lines = JOURNAL.read_bytes().splitlines(keepends=True)
    JOURNAL.write_bytes(b"".join([*lines[:3], lines[3].replace(b'"done"', b'"gone"'), *lines[4:]]))

    code, out, err = rictl("history", "show", run)

    assert code == FAILED
    assert "error[journal-damaged]: " in err
    assert "small.jsonl:4: it is not the line that was written; neither it nor any line after it is trusted" in err
    assert "cut: the journal does not say how it ended" in out
    assert "2. wait until" in out
    assert "5. publish lead  not reached" in out


def test_a_run_that_was_cut_in_the_middle_of_a_line_says_so(rictl: Rictl) -> None:
    run = applied(rictl)
    JOURNAL.write_bytes(JOURNAL.read_bytes()[:-10])

    code, out, err = rictl("history", "small")

    assert (code, out.split()[4]) == (DONE, "cut")
    assert "warning: small: the last line of the journal was cut" in err
    assert run in out


def test_a_killed_apply_leaves_a_run_of_unknown_end(rictl: Rictl, workspace: Path) -> None:
    scenario = workspace / "environments" / "_emulator" / "small.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("seconds: 0.1", "seconds: 5"), encoding="utf-8")
    words = [sys.executable, "-m", "reconciler", "apply", "--auto-approve"]
    process = subprocess.Popen(words, cwd=workspace, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr or ():
        if "waiting for" in line:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate(timeout=60)

    assert process.returncode == -signal.SIGKILL
    assert " cut  1 done, 4 not-reached " in rictl("history")[1]


def test_an_apply_on_a_full_disk_writes_nothing_to_the_environment(rictl: Rictl, workspace: Path) -> None:
    assert rictl("plan", "--detailed-exitcode")[0] == 2
    Path(".rictl/journal").mkdir(parents=True)
    JOURNAL.symlink_to("/dev/full")

    code, out, err = rictl("apply", "--auto-approve")

    assert code == FAILED, out + err
    assert "nothing was written" in out
    assert "cannot be written: " in " ".join(out.split())
    JOURNAL.unlink()
    assert rictl("plan", "--detailed-exitcode")[0] == 2


def test_an_apply_that_runs_out_of_disk_stops_before_the_write_it_cannot_record(rictl: Rictl) -> None:
    rictl("plan")
    JOURNAL.parent.mkdir(parents=True)
    JOURNAL.touch()
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    from reconciler.rollout import journal_file

    real = journal_file._write

    def limited(file: int, content: bytes, size: int) -> None:
        # Only the journal is on the small disk: the embedded Dataverse of this process has one of its own.
        resource.setrlimit(resource.RLIMIT_FSIZE, (4500, limits[1]))
        try:
            real(file, content, size)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal_file, "_write", limited)
        code, out, err = rictl("apply", "--auto-approve")
    signal.signal(signal.SIGXFSZ, handler)

    assert code == NOT_CONVERGED, out + err
    assert "File too large. What is not recorded is not written" in out
    written = [entry["entry"] for entry in entries() if str(entry["entry"]).endswith("-intent")]
    answered = [entry for entry in entries() if entry["entry"] == "answered"]
    assert 0 < len(answered) <= len(written) < 4
    assert rictl("apply", "--auto-approve")[0] == DONE


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["history", "show"], USAGE, "history show takes the id of one run"),
        (["history", "show", "19\x1b"], FAILED, "no run in "),
        (["history", "../small"], FAILED, "cannot be the name of a file"),
    ],
)
def test_what_cannot_be_shown_is_said(rictl: Rictl, words: list[str], code: int, said: str) -> None:
    got, _, err = rictl(*words)

    assert (got, said in err, "\x1b" in err) == (code, True, False)


def test_an_ambiguous_beginning_of_a_run_names_the_runs(rictl: Rictl, workspace: Path) -> None:
    first = applied(rictl)
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("email: 7", "email: 8"), encoding="utf-8")
    second = applied(rictl)

    code, _, err = rictl("history", "show", "2")

    assert code == FAILED
    assert f"2 runs begin with '2': {first}, {second}; write more of it" in err
    assert rictl("history")[1].splitlines()[0].startswith(second)
