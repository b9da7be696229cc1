"""What a build server is told, and what it is not: the summary, the outputs, the annotations, and no command from a name."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.build_server import build_server
from reconciler.cli.step_summary import LARGEST_SUMMARY, outputs_of, report_address
from reconciler.report.formats.markdown import MARKER
from reconciler.report.outcome_document import outcome_document_of
from tests.cli.conftest import ENVIRONMENT
from tests.report.runner import azure_commands, github_commands
from tests.report.settling import applied, refused, run_of_plans, validation
from tests.report.worlds import apply_run

Rictl = Callable[..., tuple[int, str, str]]
RUN = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "contoso/crm", "GITHUB_RUN_ID": "17"}
POLICY = """\
apiVersion: rictl/v1
kind: Policy
metadata: {name: own, owner: privacy-officers}
rules:
  - code: everything
    when: "true"
    effect: require-approval
    approvers: [privacy-officers]
    message: somebody should look at {environment}
    why: agreed
"""
BUILD = {"SYSTEM_COLLECTIONURI": "https://dev.azure.com/contoso/", "SYSTEM_TEAMPROJECT": "CRM of EMEA", "BUILD_BUILDID": "41"}


@pytest.fixture
def github(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A job of GitHub Actions; the folder of its files."""
    folder = workspace / "runner"
    folder.mkdir()
    for name, value in {**RUN, "GITHUB_ACTIONS": "true"}.items():
        monkeypatch.setenv(name, value)
    for name in ("summary", "output"):
        (folder / name).touch()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(folder / "output"))
    return folder


@pytest.fixture
def azure(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A job of Azure Pipelines; its temporary folder."""
    folder = workspace / "agent"
    folder.mkdir()
    for name, value in {**BUILD, "TF_BUILD": "True", "AGENT_TEMPDIRECTORY": str(folder)}.items():
        monkeypatch.setenv(name, value)
    return folder


def outputs(folder: Path) -> list[tuple[str, str]]:
    """Read as the runner reads it: NAME<<DELIMITER, the value, the delimiter."""
    text = (folder / "output").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9-]+)<<(rictl_[0-9a-f]{32})\n(.*?)\n\2\n", text, re.MULTILINE | re.DOTALL)
    assert "".join(f"{name}<<{mark}\n{value}\n{mark}\n" for name, mark, value in found) == text
    return [(name, value) for name, _, value in found]


def variables(out: str) -> dict[str, str]:
    found = azure_commands(out.split("\n"))
    assert all(properties["isOutput"] == "true" for name, properties, _ in found if name == "task.setvariable")
    return {properties["variable"]: value for name, properties, value in found if name == "task.setvariable"}


def invalid(workspace: Path) -> None:
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8") + '"::error::x ##vso[task.complete result=Succeeded]y": 1\n', encoding="utf-8")


def without_acceptance(workspace: Path) -> None:
    """A plan that is refused."""
    text = ENVIRONMENT.replace("inferred-activation-by-patch, ", "")
    (workspace / "environments" / "small.yaml").write_text(text, encoding="utf-8")


def test_a_build_server_is_known_by_what_it_sets_and_can_be_ignored() -> None:
    assert build_server({"GITHUB_ACTIONS": "true"}) == "github"
    assert build_server({"TF_BUILD": "True"}) == "azdo"
    assert build_server({"GITHUB_ACTIONS": "false", "TF_BUILD": ""}) is None
    assert build_server({"GITHUB_ACTIONS": "true", "RICTL_CI": "OFF"}) is None


def test_the_full_report_is_the_run_unless_somebody_says_where() -> None:
    assert report_address(RUN) == "https://github.com/contoso/crm/actions/runs/17"
    assert report_address(BUILD) == "https://dev.azure.com/contoso/CRM%20of%20EMEA/_build/results?buildId=41"
    assert report_address({**RUN, "RICTL_REPORT_URL": "https://reports.example/17"}) == "https://reports.example/17"
    assert report_address({"RICTL_REPORT_URL": "https://x.example/) [click](javascript:1"}) is None
    assert report_address({}) is None


def test_a_plan_tells_github_its_summary_and_outputs(rictl: Rictl, github: Path) -> None:
    code, _, err = rictl("plan", "--detailed-exitcode", "--out", "plan.json")

    assert code == 2
    sha256 = re.search(r"sha256 ([0-9a-f]{64})", err)
    assert sha256 is not None
    told = dict(outputs(github))
    assert told == {"exitcode": "2", "changed": "true", "risk": told["risk"], "plan-sha256": sha256[1]}
    assert told["risk"] in ("low", "medium", "high")
    summary = (github / "summary").read_text(encoding="utf-8")
    assert summary.startswith(f"{MARKER}\n### Plan: 1 of 1 environment changes")
    assert summary.endswith("\n\n")


def test_each_run_of_a_step_adds_to_the_files_under_a_delimiter_of_its_own(rictl: Rictl, github: Path) -> None:
    (github / "summary").write_text("of an earlier tool\n", encoding="utf-8")

    rictl("plan")
    rictl("apply", "--auto-approve")
    rictl("plan")

    assert [value for name, value in outputs(github) if name == "changed"] == ["true", "true", "false"]
    assert len(set(re.findall("rictl_[0-9a-f]{32}", (github / "output").read_text(encoding="utf-8")))) == 3
    summary = (github / "summary").read_text(encoding="utf-8")
    assert summary.startswith("of an earlier tool\n")
    assert re.findall(r"^### (\w+): ", summary, re.MULTILINE) == ["Plan", "Apply", "Plan"]


def test_a_summary_that_is_almost_full_is_never_filled_beyond_what_github_shows(rictl: Rictl, github: Path) -> None:
    (github / "summary").write_bytes(b"x" * (LARGEST_SUMMARY - 4_200))

    rictl("plan")

    assert LARGEST_SUMMARY - 4_200 < (github / "summary").stat().st_size <= LARGEST_SUMMARY
    assert "shortened here: [the full report](https://github.com/contoso/crm/actions/runs/17)" in (github / "summary").read_text()


def test_a_full_summary_is_left_alone_and_the_outputs_are_told(rictl: Rictl, github: Path) -> None:
    (github / "summary").write_bytes(b"x" * (LARGEST_SUMMARY - 100))

    rictl("plan")

    assert (github / "summary").stat().st_size == LARGEST_SUMMARY - 100
    assert dict(outputs(github))["exitcode"] == "0"


def test_a_step_without_files_is_told_nothing(rictl: Rictl, github: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_OUTPUT")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(github / "new"))

    assert rictl("plan")[0] == 0

    assert (github / "new").read_text(encoding="utf-8").startswith(MARKER)
    assert outputs(github) == []


def test_a_mistake_in_a_file_is_annotated_where_it_is(rictl: Rictl, github: Path, workspace: Path) -> None:
    invalid(workspace)

    code, out, _ = rictl("validate")

    assert code == 1
    found = github_commands(out.split("\n"))
    assert [name for name, _, _ in found] == ["error"]
    assert found[0][1]["file"] == "environments/small.yaml"
    assert outputs(github) == [("exitcode", "1")]
    assert (github / "summary").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("way", ["variable", "option"])
def test_on_request_a_pipeline_is_a_desk(rictl: Rictl, github: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    invalid(workspace)
    if way == "variable":
        monkeypatch.setenv("RICTL_CI", "off")

    _, out, _ = rictl("validate", *(["--no-ci"] if way == "option" else []))

    assert not [line for line in out.split("\n") if line.startswith("::")]
    assert outputs(github) == []


def test_data_on_stdout_stays_data_in_a_pipeline(rictl: Rictl, github: Path, workspace: Path) -> None:
    invalid(workspace)

    _, out, _ = rictl("validate", "--format", "json")

    assert json.loads(out)["diagnostics"]


def test_a_name_gives_no_command_to_the_azure_agent_on_either_stream(rictl: Rictl, azure: Path, workspace: Path) -> None:
    invalid(workspace)

    code, out, err = rictl("validate")
    _, planned, told = rictl("plan", "##vso[task.complete result=Succeeded]z")

    assert code == 1
    assert {name for name, _, _ in azure_commands(out.split("\n"))} == {"task.logissue", "task.setvariable"}
    assert azure_commands([*err.split("\n"), *planned.split("\n"), *told.split("\n")]) == []
    assert "# # vso[task.complete" in out + told


def test_a_plan_tells_azure_its_summary_and_variables(rictl: Rictl, azure: Path) -> None:
    _, out, _ = rictl("plan", "--out", "plan.json")

    assert set(variables(out)) == {"exitcode", "changed", "risk", "plan_sha256"}
    assert re.fullmatch("[0-9a-f]{64}", variables(out)["plan_sha256"])
    ((_, _, path),) = [found for found in azure_commands(out.split("\n")) if found[0] == "task.uploadsummary"]
    assert Path(path).parent == azure
    assert Path(path).read_text(encoding="utf-8").startswith(MARKER)


def test_an_objection_to_a_plan_is_annotated_and_an_apply_of_it_changed_nothing(rictl: Rictl, github: Path, workspace: Path) -> None:
    without_acceptance(workspace)

    code, out, _ = rictl("apply", "--auto-approve")

    assert code == 3
    assert {name for name, _, _ in github_commands(out.split("\n"))} >= {"error"}
    assert dict(outputs(github)) == {**dict(outputs(github)), "exitcode": "3", "changed": "false"}


def test_a_missing_approval_is_annotated(rictl: Rictl, github: Path, workspace: Path) -> None:
    policies = workspace / "policies"
    policies.mkdir()
    (policies / "own.yaml").write_text(POLICY, encoding="utf-8")

    code, out, _ = rictl("apply", "--auto-approve")

    assert code == 3
    titles = [properties["title"] for _, properties, _ in github_commands(out.split("\n"))]
    assert titles[0] == "rictl needs-approval"
    assert titles[-1] == "rictl approval-missing"
    assert dict(outputs(github))["exitcode"] == "3"


def test_too_high_a_risk_is_annotated(rictl: Rictl, github: Path, workspace: Path) -> None:
    path = workspace / "environments" / "small.yaml"
    assert rictl("apply", "--auto-approve")[0] == 0
    path.write_text(ENVIRONMENT.replace("enabled: true\n    activityWeights: {email: 7}", "enabled: false"), encoding="utf-8")

    code, out, _ = rictl("apply", "--auto-approve=low")

    assert code == 3, out
    assert [properties["title"] for _, properties, _ in github_commands(out.split("\n"))][-1] == "rictl risk-too-high"
    assert outputs(github)[-1] == ("plan-sha256", "")


def test_a_refused_plan_file_is_annotated_with_what_moved(rictl: Rictl, github: Path, workspace: Path) -> None:
    rictl("plan", "--out", "plan.json")
    assert rictl("apply", "plan.json")[0] == 0

    code, out, _ = rictl("apply", "plan.json")

    assert code == 3
    ((_, _, said),) = [found for found in github_commands(out.split("\n")) if found[1].get("title") == "rictl plan-is-stale"]
    assert "small: " in said
    assert "\n" not in said


def test_an_unexpected_and_an_altered_plan_file_are_annotated(rictl: Rictl, github: Path, workspace: Path) -> None:
    rictl("plan", "--out", "plan.json")

    code, out, _ = rictl("apply", "plan.json", "--expect-sha256", "0" * 64)
    assert code == 3
    ((name, properties, said),) = github_commands(out.split("\n"))
    assert (name, properties["title"]) == ("error", "rictl plan-not-expected")
    assert said.startswith("plan.json has SHA-256 ")
    assert outputs(github)[-2:] == [("exitcode", "3"), ("changed", "false")]

    path = workspace / "plan.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Contoso Lead", "Contoso Load"), encoding="utf-8")
    code, out, _ = rictl("apply", "plan.json")
    assert code == 3
    assert [properties["title"] for _, properties, _ in github_commands(out.split("\n"))] == ["rictl plan-altered"]


def test_outputs_are_digits_and_words_of_a_fixed_set() -> None:
    assert outputs_of(validation(), 0) == {"exitcode": "0"}
    assert outputs_of(applied(), 4) == {"exitcode": "4", "changed": "true"}
    assert outputs_of(run_of_plans(), 1) == {"exitcode": "1", "changed": "false", "risk": "none", "plan-sha256": ""}
    assert outputs_of(run_of_plans(refused("\n::x")), 3)["changed"] == "true"


def test_whoever_writes_bytes_cannot_go_around(github: Path) -> None:
    from reconciler.cli.build_server import inert_log

    with inert_log():
        assert not hasattr(sys.stdout, "buffer")
        assert sys.stdout.encoding
    assert os.environ["GITHUB_ACTIONS"] == "true"


def test_formats_go_to_files_beside_the_text_and_annotations_follow_it(rictl: Rictl, github: Path, workspace: Path) -> None:
    invalid(workspace)

    _, out, _ = rictl("validate", "--format", "sarif=found.sarif", "--format", "junit=found.xml", "--format", "azdo")

    (found,) = json.loads((workspace / "found.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert found["ruleId"] == "unknown-key"
    assert (workspace / "found.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert [name for name, _, _ in azure_commands(out.split("\n"))] == ["task.logissue"]
    # Who asks for one kind of annotations by name does not get the other one too.
    assert github_commands(out.split("\n")) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--format", "json", "--format", "markdown"),
            "json and markdown cannot both be printed: write one to a file, as in markdown=FILE",
        ),
        (("--format", "json=a", "--format", "markdown=a"), "two formats cannot be written to one file"),
        (("--format", "yaml"), "'yaml' is not one of 'text', 'markdown', "),
        (("--format", "json="), "'json=' names no file"),
    ],
)
def test_formats_that_cannot_be_had_are_wrong_usage(rictl: Rictl, words: tuple[str, ...], said: str) -> None:
    code, _, err = rictl("plan", *words)

    assert code == 64
    assert said in " ".join(err.split())


def test_an_apply_is_told_to_programs_step_by_step(rictl: Rictl, workspace: Path) -> None:
    code, _, _ = rictl("apply", "--auto-approve", "--format", "json=outcome.json")

    told = json.loads((workspace / "outcome.json").read_text(encoding="utf-8"))
    (environment,) = told["environments"]
    assert code == 0
    assert (told["converged"], environment["environment"], environment["result"], environment["wrote"]) == (
        True,
        "small",
        "converged",
        True,
    )
    assert {step["status"] for step in environment["steps"]} == {"done"}
    assert environment["remaining"]["changes"] == []


def test_what_became_of_each_environment_is_one_word() -> None:
    words = [each.result for each in outcome_document_of(apply_run()).environments]

    assert words == ["not-converged", "converged", "interrupted", "nothing-written"]


def test_colour_is_for_terminals_and_for_those_who_insist(rictl: Rictl, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in rictl("plan")[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in rictl("plan")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in rictl("plan")[1]
