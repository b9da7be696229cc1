"""Turns a run into workflow commands of GitHub Actions: annotations of files, at most ten of a kind, the rest in a group. Pure.

The commands: docs.github.com/en/actions/reference/workflow-commands-for-github-actions. The escaping is the inverse of what the runner
undoes (github.com/actions/runner, ActionCommand.cs).
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.run import ApplyRun, PlanRun, ValidationRun
from reconciler.report.annotations import annotations_of, more, sentence
from reconciler.report.escape import escape
from reconciler.report.findings import Finding, findings_of
from reconciler.report.formats.book import Style
from reconciler.report.log_text import inert

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def plan_report(run: PlanRun, style: Style) -> str:
    """Annotations of the plans; empty when nothing is to be settled."""
    return "\n".join(_commands(run))


def apply_report(run: ApplyRun, style: Style) -> str:
    """Annotations of what did not converge."""
    return "\n".join(_commands(run))


def validation_report(run: ValidationRun, style: Style) -> str:
    """Annotations of the diagnostics."""
    return "\n".join(_commands(run))


def _commands(run: PlanRun | ApplyRun | ValidationRun) -> Iterator[str]:
    for group in annotations_of(findings_of(run)):
        command = _COMMANDS[group.level]
        for finding in group.shown:
            yield f"::{command} {_properties(finding)}::{_data(sentence(finding))}"
        if group.rest:
            yield f"::{command} title=rictl::{_data(more(group.rest, group.level))}"
            yield f"::group::rictl: {len(group.rest)} more of level {group.level}"
            yield from (line for finding in group.rest for line in sentence(finding).split("\n"))
            yield "::endgroup::"


def _properties(finding: Finding) -> str:
    title = f"title={_property(f'rictl {finding.code}')}"
    where = finding.where
    if where is None:
        return title
    place = f"file={_property(where.file)},line={where.line},col={where.column}"
    end = f",endColumn={max(where.end_column, where.column)}" if where.end_column is not None else ""
    return f"{place}{end},{title}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(inert(escape(text))).replace(":", "%3A").replace(",", "%2C")
