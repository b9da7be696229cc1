"""`rictl plan --base REF` with real repositories: what changed in git, what in the environment, and what git cannot tell."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli import git as asked
from reconciler.cli.git import GitProblem, checkout_of, commit_of, restore_environments

Rictl = Callable[..., tuple[int, str, str]]


def git(folder: Path, *words: str) -> str:
    settings = ("-c", "user.name=Ana", "-c", "user.email=ana@contoso.example", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, day: str = "2026-11-01") -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "configuration", "--date", day)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(workspace: Path) -> Path:
    (workspace / ".gitignore").write_text(".rictl/\n", encoding="utf-8")
    git(workspace, "init", "-q", "-b", "main")
    commit(workspace)
    return workspace


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "environments" / "small.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def table(out: str) -> list[str]:
    return [line for line in out.split("\n\n")[1].splitlines() if not line.startswith("  legend")]


def test_what_the_files_of_the_base_would_change_too_moved_in_the_environment(rictl: Rictl, repository: Path) -> None:
    assert rictl("apply", "--auto-approve")[0] == 0
    _, row, _ = rictl("emulator", "request", "small", "GET", "msdyn_activityanalysisconfigs?$select=msdyn_emailweight")
    row_id = json.loads(row[row.index("{") :])["value"][0]["msdyn_activityanalysisconfigid"]
    rictl("emulator", "request", "small", "PATCH", f"msdyn_activityanalysisconfigs({row_id})", "--data", '{"msdyn_emailweight": 5}')
    edit(repository, "{email: 7}", "{email: 7, task: 4}")

    code, out, _ = rictl("plan", "--base", "main")

    assert code == 0
    assert table(out) == ["  ~  small/relationship_analytics  change (2 fields), changed in git and in the environment"]
    assert "      changed in the environment: activityWeights.email\n      changed in git: activityWeights.task\n" in out


def test_without_a_base_no_word_of_causes_is_said(rictl: Rictl, repository: Path) -> None:
    assert git(repository, "status", "--porcelain") == ""

    assert "changed in" not in rictl("plan")[1]


def test_an_environment_that_the_base_did_not_have_is_new_in_git(rictl: Rictl, repository: Path) -> None:
    text = (repository / "environments" / "small.yaml").read_text(encoding="utf-8")
    (repository / "environments" / "_emulator" / "fresh.yaml").write_text("friendlyName: Fresh\n", encoding="utf-8")
    fresh = text[: text.index("forms:")].replace("small", "fresh")
    (repository / "environments" / "fresh.yaml").write_text(fresh, encoding="utf-8")

    _, out, _ = rictl("plan", "fresh", "--base", "HEAD")

    assert table(out) == ["  +  fresh/relationship_analytics  enable (2 fields), changed in git"]


def test_the_base_may_come_from_the_pipeline(rictl: Rictl, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RICTL_BASE", git(repository, "rev-parse", "HEAD"))
    edit(repository, "{email: 7}", "{email: 8}")

    _, out, _ = rictl("plan", "--no-details")

    assert "enable (2 fields), changed in git and in the environment" in out


def test_a_workspace_below_the_root_of_its_repository_is_found_at_the_base(
    rictl: Rictl, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = workspace / "crm" / "config"
    below.mkdir(parents=True)
    (workspace / "environments").rename(below / "environments")
    git(workspace, "init", "-q")
    commit(workspace)
    monkeypatch.chdir(below)

    _, out, _ = rictl("plan", "--base", "HEAD", "--no-details")

    assert "small/relationship_analytics" in out
    assert "changed in git" not in out
    assert "changed in the environment" in out


def test_the_saved_plan_names_the_commit_and_whether_files_differ_from_it(rictl: Rictl, repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    edit(repository, "{email: 7}", "{email: 8}")
    second = commit(repository, "2026-11-02")

    rictl("plan", "--base", first, "--out", "plan.json")
    clean = json.loads((repository / "plan.json").read_text(encoding="utf-8"))["source"]
    edit(repository, "{email: 8}", "{email: 9}")
    rictl("plan", "--out", "plan.json")
    dirty = json.loads((repository / "plan.json").read_text(encoding="utf-8"))["source"]

    assert clean == {"commit": second, "base": first, "dirty": False}
    assert dirty == {"commit": second, "base": None, "dirty": True}
    assert rictl("show", "plan.json")[0] == 0


def test_outside_of_git_a_plan_names_no_commit_and_fails_no_run(rictl: Rictl, workspace: Path) -> None:
    code, _, _ = rictl("plan", "--out", "plan.json")

    assert code == 0
    assert json.loads((workspace / "plan.json").read_text(encoding="utf-8"))["source"] is None


def test_outside_of_git_there_is_no_base(rictl: Rictl, workspace: Path) -> None:
    assert not (workspace / ".git").exists()

    code, out, err = rictl("plan", "--base", "main")

    assert (code, out) == (64, "")
    assert "--base main: git says: fatal: not a git repository" in err
    assert "run rictl in a git checkout, or leave --base out" in err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("origin/main", "this repository has no commit origin/main. fetch it first"),
        ("HEAD:environments", "this repository has no commit HEAD:environments"),
        ("--output=x", "'--output=x' cannot be the name of a commit"),
        ("a\x1b[31m", "cannot be the name of a commit"),
    ],
)
def test_what_names_no_commit_is_wrong_usage(rictl: Rictl, repository: Path, name: str, said: str) -> None:
    code, out, err = rictl("plan", f"--base={name}")

    assert (code, out) == (64, "")
    assert said in err
    assert "\x1b" not in err
    assert sorted(path.name for path in repository.iterdir()) == [".git", ".gitignore", "environments"]


def test_without_git_on_the_machine_the_reason_is_told(rictl: Rictl, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (repository / ".git").is_dir()
    monkeypatch.setenv("PATH", "")

    code, _, err = rictl("plan", "--base", "HEAD")

    assert code == 64
    assert "git is not installed. install git, or leave --base out" in err


def test_files_that_were_not_valid_leave_the_cause_open_and_say_so(rictl: Rictl, repository: Path) -> None:
    edit(repository, "{email: 7}", "{email: 77}")
    broken = commit(repository)
    edit(repository, "{email: 77}", "{email: 7}")

    code, out, err = rictl("plan", "--base", broken)

    assert code == 0
    assert "changed in" not in out
    assert f"small: its files are not valid at {broken[:12]}, so the plan does not tell what changed in git since" in err


def test_a_file_from_elsewhere_has_no_cause(rictl: Rictl, repository: Path) -> None:
    elsewhere = repository / "elsewhere"
    elsewhere.mkdir()
    (repository / "environments" / "small.yaml").rename(elsewhere / "small.yaml")

    _, out, _ = rictl("plan", "elsewhere/small.yaml", "--base", "HEAD")

    assert "small/relationship_analytics" in out
    assert "changed in" not in out


def test_only_plain_yaml_files_of_the_commit_are_written(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (repository / "environments" / "link.yaml").symlink_to("/etc/passwd")
    (repository / "environments" / "notes.txt").write_text("no environment", encoding="utf-8")
    (repository / "environments" / "crlf.yaml").write_bytes(b"a: 1\r\n\xff\n\n")
    (repository / ".gitattributes").write_text("environments export-ignore\n* text eol=lf\n", encoding="utf-8")
    git(repository, "-c", "core.autocrlf=false", "add", "-A")
    commit(repository)
    folder = tmp_path_factory.mktemp("base")

    restore_environments(repository, commit_of(repository, "HEAD"), folder)

    written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    assert written == ["environments/_emulator/small.yaml", "environments/crlf.yaml", "environments/small.yaml"]
    assert (folder / "environments" / "crlf.yaml").read_bytes() == git_bytes(repository, "HEAD:environments/crlf.yaml")
    assert (folder / "environments" / "small.yaml").read_bytes() == (repository / "environments" / "small.yaml").read_bytes()


def git_bytes(folder: Path, name: str) -> bytes:
    return subprocess.run(["git", "cat-file", "blob", name], cwd=folder, check=True, capture_output=True).stdout


def test_a_base_beyond_the_bounds_is_refused(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "_LARGEST_FILE", 100)

    with pytest.raises(GitProblem, match=r"environments/ is too large at [0-9a-f]{12} to be read"):
        restore_environments(repository, commit_of(repository, "HEAD"), tmp_path / "base")


def test_a_file_that_the_repository_lost_is_told(repository: Path, tmp_path: Path) -> None:
    lost = git(repository, "rev-parse", "HEAD:environments/small.yaml")
    known = commit_of(repository, "HEAD")
    (repository / ".git" / "objects" / lost[:2] / lost[2:]).unlink()

    with pytest.raises(GitProblem, match="git does not have all files of the commit"):
        restore_environments(repository, known, tmp_path / "base")


def test_git_that_does_not_answer_in_time_is_not_waited_for(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "_SECONDS", 0.0)

    with pytest.raises(GitProblem, match="git did not answer within 0 s"):
        commit_of(repository, "HEAD")


def test_a_repository_without_a_commit_has_no_checkout(workspace: Path) -> None:
    git(workspace, "init", "-q")

    assert checkout_of(workspace) is None
