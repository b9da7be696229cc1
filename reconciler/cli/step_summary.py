"""Tells the build server what a run found: the summary and the outputs of the step.

Reads environment variables; appends to the files that GitHub Actions names, writes commands of Azure Pipelines to stdout.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from reconciler.cli.build_server import build_server, print_untouched
from reconciler.model.run import ApplyRun, PlanRun, ValidationRun

Run = PlanRun | ApplyRun | ValidationRun | None

LARGEST_SUMMARY = 1_048_576
"""Bytes of the summary of one step. GitHub drops a larger one whole
(docs.github.com/en/actions/reference/workflow-commands-for-github-actions#step-isolation-and-limits)."""
_SMALLEST = 4_096
"""With fewer bytes left, nothing is added: not even the table of a small fleet would fit."""
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?&=%+-]{1,500}")


def report_address(environ: Mapping[str, str]) -> str | None:
    """Where the full report is, or the run that has it among its files. None for anything that is no plain web address."""
    if "RICTL_REPORT_URL" in environ:
        address = environ["RICTL_REPORT_URL"]
    elif "GITHUB_RUN_ID" in environ:
        parts = (environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
        address = "{}/{}/actions/runs/{}".format(*parts)
    else:
        project = quote(environ.get("SYSTEM_TEAMPROJECT", ""))
        address = f"{environ.get('SYSTEM_COLLECTIONURI', '')}{project}/_build/results?buildId={environ.get('BUILD_BUILDID', '')}"
    return address if _ADDRESS.fullmatch(address) else None


def tell_build_server(run: Run, exit_code: int, *, is_refused: bool = False) -> None:
    """Adds the summary and the outputs of the run to those of the step; does nothing outside a pipeline.

    A run of None has no summary. `is_refused`: an apply ended with this plan, before the first write.
    """
    outputs = outputs_of(run, exit_code)
    if is_refused:
        outputs["changed"] = "false"
    match build_server(os.environ):
        case "github":
            _tell_github(run, outputs)
        case "azdo":
            _tell_azure(run, outputs)


def outputs_of(run: Run, exit_code: int) -> dict[str, str]:
    """What later steps may ask for. Every value is of a fixed set or made of digits: no foreign text can be among them."""
    outputs = {"exitcode": str(exit_code)}
    if isinstance(run, PlanRun):
        changing = [plan for plan in run.plans if not plan.is_empty]
        risks = [plan.risk for plan in changing]
        outputs["changed"] = "true" if changing else "false"
        outputs["risk"] = next((risk for risk in ("high", "medium", "low") if risk in risks), "none")
        outputs["plan-sha256"] = run.saved.sha256 if run.saved is not None else ""
    elif isinstance(run, ApplyRun):
        outputs["changed"] = "true" if any(outcome.wrote for outcome in run.outcomes) else "false"
    return outputs


def _tell_github(run: Run, outputs: Mapping[str, str]) -> None:
    summary, output = os.environ.get("GITHUB_STEP_SUMMARY"), os.environ.get("GITHUB_OUTPUT")
    if summary and isinstance(run, PlanRun | ApplyRun):
        path = Path(summary)
        room = LARGEST_SUMMARY - (path.stat().st_size if path.exists() else 0)
        if room >= _SMALLEST:
            _append(path, f"{_markdown(run, room - 2)}\n\n")
    if output:
        delimiter = f"rictl_{secrets.token_hex(16)}"
        lines = [f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in outputs.items()]
        _append(Path(output), "".join(lines))


def _tell_azure(run: Run, outputs: Mapping[str, str]) -> None:
    from reconciler.report.formats.azdo import escaped

    if isinstance(run, PlanRun | ApplyRun):
        folder = os.environ.get("AGENT_TEMPDIRECTORY") or tempfile.gettempdir()
        descriptor, path = tempfile.mkstemp(prefix="rictl-", suffix=".md", dir=folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_markdown(run, LARGEST_SUMMARY))
        print_untouched(f"##vso[task.uploadsummary]{escaped(str(Path(path).absolute()))}")
    for name, value in outputs.items():
        # A variable with a hyphen has no name in a shell.
        print_untouched(f"##vso[task.setvariable variable={name.replace('-', '_')};isOutput=true]{value}")


def _markdown(run: PlanRun | ApplyRun, limit: int) -> str:
    from reconciler.report.formats.book import Style, render

    return render("markdown", run, Style(limit=limit, limit_in="bytes", report=report_address(os.environ)))


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
