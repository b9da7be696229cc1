"""Says on whose behalf and from which commit a run works. Reads a few environment variables and asks git."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from reconciler.cli.workspace import ENVIRONMENTS

_SECONDS = 20.0
_LONGEST = 300
_PEOPLE = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR")
_JOBS = (
    ("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}", ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")),
    ("{CI_JOB_URL}", ("CI_JOB_URL",)),
    (
        "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}",
        ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID"),
    ),
)
"""GitHub Actions, GitLab CI, Azure Pipelines: the variables that they document. No other variable is looked at."""


def ci_actor(variables: Mapping[str, str]) -> str:
    """The person who started the job, as the CI service names them; empty outside of one."""
    return next((variables[name][:_LONGEST] for name in _PEOPLE if variables.get(name)), "")


def ci_run(variables: Mapping[str, str]) -> str:
    """The address of the job; empty outside of one."""
    for pattern, names in _JOBS:
        if all(variables.get(name) for name in names):
            return pattern.format(**{name: variables[name] for name in names})[:_LONGEST]
    return ""


def commit_of(root: Path) -> tuple[str | None, bool]:
    """The commit that is checked out, and whether the environment files differ from it; None without git or a repository."""
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if not commit:
        return None, False
    # A file watcher that the repository names would be a program of somebody else's choice.
    changed = _git(root, "-c", "core.fsmonitor=false", "status", "--porcelain", "--", ENVIRONMENTS)
    return commit.strip()[:64], bool(changed)


def _git(root: Path, *words: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603
            [program, *words], cwd=root, capture_output=True, text=True, timeout=_SECONDS, check=False, encoding="utf-8", errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
