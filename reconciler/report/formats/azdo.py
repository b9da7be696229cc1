"""Turns a run into logging commands of Azure Pipelines: issues of the step, at most ten of a kind, the rest in a group. Pure.

The commands and their escaping: learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.run import ApplyRun, PlanRun, ValidationRun
from reconciler.report.annotations import annotations_of, more, sentence
from reconciler.report.escape import escape
from reconciler.report.findings import Finding, Level, findings_of
from reconciler.report.formats.book import Style
from reconciler.report.log_text import inert

SUCCEEDED_WITH_ISSUES = "##vso[task.complete result=SucceededWithIssues;]"


def plan_report(run: PlanRun, style: Style) -> str:
    """Issues of the plans; empty when nothing is to be settled."""
    return "\n".join(_commands(run))


def apply_report(run: ApplyRun, style: Style) -> str:
    """Issues of what did not converge."""
    return "\n".join(_commands(run))


def validation_report(run: ValidationRun, style: Style) -> str:
    """Issues of the diagnostics."""
    return "\n".join(_commands(run))


def _commands(run: PlanRun | ApplyRun | ValidationRun) -> Iterator[str]:
    """Notes are no issues: there is no command for them, and the text has them."""
    groups = [group for group in annotations_of(findings_of(run)) if group.level != "note"]
    for group in groups:
        for finding in group.shown:
            yield f"##vso[task.logissue {_properties(finding)}]{escaped(sentence(finding))}"
        if group.rest:
            yield f"##vso[task.logissue type={group.level};]{escaped(more(group.rest, group.level))}"
            yield f"##[group]rictl: {len(group.rest)} more of level {group.level}"
            yield from (line for finding in group.rest for line in sentence(finding).split("\n"))
            yield "##[endgroup]"
    levels: list[Level] = [group.level for group in groups]
    # With an error the exit code fails the step; the result of this command would hide that.
    if levels == ["warning"]:
        yield SUCCEEDED_WITH_ISSUES


def _properties(finding: Finding) -> str:
    where = finding.where
    place = (
        f"sourcepath={escaped(inert(escape(where.file)))};linenumber={where.line};columnnumber={where.column};" if where is not None else ""
    )
    return f"type={finding.level};{place}code={escaped(inert(escape(finding.code)))};"


def escaped(text: str) -> str:
    """The text as data or property of a logging command."""
    text = text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(";", "%3B").replace("]", "%5D")
