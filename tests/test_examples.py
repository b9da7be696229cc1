"""The pipelines in examples/ are what their platforms take, and the commands of their steps do what they say, one after the other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import ENVIRONMENT, ORGANIZATION
from tests.report.runner import azure_commands

ROOT = Path(__file__).parent.parent
GITHUB = sorted((ROOT / "examples" / "github").glob("*.yml"))
AZURE = sorted((ROOT / "examples" / "azure-devops").glob("*.yml"))


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def steps_of(node: Any) -> list[dict[str, Any]]:
    """Every step of the file in its order, of whatever job."""
    if isinstance(node, list):
        return [step for each in node for step in steps_of(each)]
    if not isinstance(node, dict):
        return []
    own = node.get("steps", [])
    return [*own, *(step for name, value in node.items() if name != "steps" for step in steps_of(value))]


def scripts_of(path: Path) -> list[tuple[str, dict[str, Any]]]:
    steps = steps_of(yaml.safe_load(path.read_text(encoding="utf-8")))
    return [(step.get("run") or step["bash"], step) for step in steps if "run" in step or "bash" in step]


@pytest.mark.parametrize(
    ("schema", "paths"),
    [("vendor.github-workflows", GITHUB), ("vendor.azure-pipelines", AZURE)],
    ids=["github", "azure-devops"],
)
def test_the_files_are_valid_for_their_platform(schema: str, paths: list[Path]) -> None:
    # The schema of Azure Pipelines has patterns that are none in the stricter mode.
    words = ["-m", "check_jsonschema", "--regex-variant", "nonunicode", "--builtin-schema", schema, *map(str, paths)]
    if schema == "vendor.azure-pipelines":
        words[2:2] = ["--data-transform", "azure-pipelines"]
    checked = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)

    assert len(paths) == 3
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("path", [*GITHUB, *AZURE], ids=shown)
def test_every_script_is_one_and_takes_nothing_foreign_into_its_text(path: Path) -> None:
    for script, _ in scripts_of(path):
        read = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert (read.returncode, read.stderr) == (0, "")
        # What the platform puts into a script before it runs could be code; variables are only ever words.
        assert "${{" not in script
        assert not re.search(r"\$\([A-Za-z_.]+\)", script)


@pytest.mark.parametrize("path", GITHUB, ids=shown)
def test_every_job_may_do_little_and_runs_pinned_actions(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"].startswith("rictl-")
    for job in workflow["jobs"].values():
        writes = [name for name, right in job["permissions"].items() if right == "write"]
        # Whoever may write runs no command of the checkout.
        assert not writes or not any("run" in step or "checkout" in step.get("uses", "") for step in job["steps"])
        for step in job["steps"]:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/none@v1"))
            assert "${{" not in step.get("with", {}).get("script", "")


@pytest.mark.parametrize("path", [*GITHUB, *AZURE], ids=shown)
def test_the_secret_is_given_only_to_the_steps_that_talk_to_an_environment(path: Path) -> None:
    for script, step in scripts_of(path):
        talks = "rictl plan" in script or "rictl apply" in script
        assert ("AZURE_CLIENT_SECRET" in step.get("env", {})) == talks
    assert path.read_text(encoding="utf-8").count("AZURE_CLIENT_SECRET:") == sum(
        "AZURE_CLIENT_SECRET" in s.get("env", {}) for _, s in scripts_of(path)
    )


class Checkout:
    """A repository with one environment in the embedded Dataverse, and a job that runs scripts in it."""

    def __init__(self, folder: Path, platform: str) -> None:
        self.folder = folder
        self.is_github = platform == "github"
        scenarios = folder / "environments" / "_emulator"
        scenarios.mkdir(parents=True)
        (folder / "environments" / "small.yaml").write_text(ENVIRONMENT, encoding="utf-8")
        (scenarios / "small.yaml").write_text(ORGANIZATION, encoding="utf-8")
        (folder / "bin").mkdir()
        command = folder / "bin" / "rictl"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reconciler "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", "environments")
        self.git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "--message", "first")
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")
        self.told: dict[str, str] = {}

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.folder, check=True, capture_output=True)

    def values(self) -> dict[str, str]:
        """What the expressions of the files stand for."""
        digest = self.told.get("plan-sha256" if self.is_github else "plan_sha256", "")
        secret = "no-secret-at-all"
        if self.is_github:
            return {
                "${{ secrets.AZURE_CLIENT_SECRET }}": secret,
                "${{ github.event.pull_request.base.sha }}": "origin/main",
                "${{ needs.plan.outputs.sha256 }}": digest,
            }
        return {"$(AZURE_CLIENT_SECRET)": secret, "$(sha256)": digest}

    def run(self, script: str, step: dict[str, Any]) -> int:
        """Runs the script as the platform does; takes what it tells later steps."""
        summary, output = self.folder / "summary", self.folder / "output"
        output.write_text("", encoding="utf-8")
        server = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output)}
        if not self.is_github:
            server = {"TF_BUILD": "True", "AGENT_TEMPDIRECTORY": str(self.folder), "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}
            server["PIPELINE_WORKSPACE"] = str(self.folder / "artifacts")
        own = {name: self.values()[value] for name, value in step.get("env", {}).items()}
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        environ = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **server, **own}
        done = subprocess.run(["bash", "-e", "-c", script], cwd=self.folder, env=environ, capture_output=True, text=True, check=False)
        if self.is_github:
            self.told |= dict(re.findall(r"^([a-z0-9-]+)<<rictl_[0-9a-f]+\n(.*)\n", output.read_text(encoding="utf-8"), re.MULTILINE))
        else:
            commands = azure_commands(done.stdout.split("\n"))
            self.told |= {found["variable"]: value for name, found, value in commands if name == "task.setvariable"}
        assert done.returncode in (0, 2, 3), done.stdout + done.stderr
        assert "no-secret-at-all" not in done.stdout + done.stderr
        return done.returncode

    def run_file(self, path: Path) -> list[int]:
        """The exit codes of the steps that call rictl."""
        return [self.run(script, step) for script, step in scripts_of(path) if re.search(r"^ *rictl ", script, re.MULTILINE)]


@pytest.mark.parametrize("platform", ["github", "azure-devops"])
def test_the_steps_plan_a_pull_request_apply_what_was_merged_and_find_drift(tmp_path: Path, platform: str) -> None:
    folder = ROOT / "examples" / platform
    checkout = Checkout(tmp_path, platform)
    # An artifact of the first stage, where the second one has it.
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "rictl-plan").symlink_to(tmp_path / "report")

    assert checkout.run_file(folder / "plan.yml") == [0, 0]
    assert (tmp_path / "report" / "plan.md").read_text(encoding="utf-8").startswith("<!-- rictl -->\n### Plan: 1 of 1 environment changes")
    assert checkout.told["changed"] == "true"

    assert checkout.run_file(folder / "apply.yml") == [0, 0]
    assert json.loads((tmp_path / "report" / "plan.json").read_text(encoding="utf-8"))["summary"]["enable"] == 2
    # What was approved once is not applied twice.
    script, step = scripts_of(folder / "apply.yml")[-1]
    assert checkout.run(script, step) == 3

    assert checkout.run_file(folder / "drift.yml") == [0]
    assert checkout.told["changed"] == "false"
    environment = tmp_path / "environments" / "small.yaml"
    environment.write_text(ENVIRONMENT.replace("email: 7", "email: 8"), encoding="utf-8")
    assert checkout.run_file(folder / "drift.yml") == [0 if platform == "github" else 2]
    assert checkout.told["changed"] == "true"
