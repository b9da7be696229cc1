"""Turns what a CI service says of its job into who started it and where it is to be seen. Pure."""

from __future__ import annotations

from collections.abc import Mapping

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
