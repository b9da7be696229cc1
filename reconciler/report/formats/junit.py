"""Turns a run into JUnit XML: one test case a file or an environment, without times, so that the same run gives the same bytes. Pure.

There is no standard; written is what Jenkins, GitLab and Azure Pipelines all read: one `failure` or `error` a test case, with its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape as xml_text
from xml.sax.saxutils import quoteattr

from reconciler.model.plan import Plan
from reconciler.model.run import ApplyRun, PlanRun, ValidationRun
from reconciler.report.escape import escape
from reconciler.report.findings import Finding, findings_of, outcome_findings, plan_findings, unreadable_finding
from reconciler.report.formats.book import Style

_NO_FILE = "environments"
"""Test case of findings that stand in no file."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case. `error` is a verdict that could not be given, `failure` one that was."""

    name: str
    findings: tuple[Finding, ...]
    said: tuple[str, ...] = ()
    is_error: bool = False

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """What makes it fail."""
        return tuple(finding for finding in self.findings if finding.level == "error")


def validation_report(run: ValidationRun, style: Style) -> str:
    """One test case a file that was read or is complained of."""
    grouped: dict[str, list[Finding]] = {file: [] for file in run.files}
    for finding in findings_of(run):
        grouped.setdefault(finding.where.file if finding.where is not None else _NO_FILE, []).append(finding)
    return _suite("rictl validate", [_Case(name, tuple(found)) for name, found in grouped.items()])


def plan_report(run: PlanRun, style: Style) -> str:
    """One test case an environment: refused is a failure, incomplete or not readable an error. Pending changes are neither."""
    cases = [_Case(plan.environment, tuple(plan_findings(plan)), _changes(plan), is_error=not plan.is_complete) for plan in run.plans]
    lost = [_Case(one.environment, (unreadable_finding(one),), is_error=True) for one in run.unreadable]
    return _suite("rictl plan", [*cases, *lost])


def apply_report(run: ApplyRun, style: Style) -> str:
    """One test case an environment: converged or not."""
    return _suite("rictl apply", [_Case(outcome.plan.environment, tuple(outcome_findings(outcome))) for outcome in run.outcomes])


def _changes(plan: Plan) -> tuple[str, ...]:
    return tuple(f"{change.address}: {change.action}" for change in plan.changes) or ("no changes",)


def _suite(name: str, cases: Sequence[_Case]) -> str:
    errors = sum(bool(case.stopping) and case.is_error for case in cases)
    failures = sum(bool(case.stopping) and not case.is_error for case in cases)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="0"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="rictl" {counts}>', f'  <testsuite name="{name}" {counts}>']
    for case in cases:
        lines += _case(name, case)
    return _inert("\n".join([*lines, "  </testsuite>", "</testsuites>"]))


def _case(suite: str, case: _Case) -> list[str]:
    opened = f"    <testcase classname={quoteattr(suite)} name={_attribute(case.name)}"
    inside: list[str] = []
    if case.stopping:
        tag = "error" if case.is_error else "failure"
        first = case.stopping[0]
        text = xml_text("\n".join(_line(finding) for finding in case.stopping))
        inside.append(f"      <{tag} type={_attribute(first.code)} message={_attribute(first.message)}>{text}</{tag}>")
    aside = [_line(finding) for finding in case.findings if finding.level != "error"]
    said = [*(escape(line) for line in case.said), *aside]
    if said:
        text = xml_text("\n".join(said))
        inside.append(f"      <system-out>{text}</system-out>")
    return [f"{opened}>", *inside, "    </testcase>"] if inside else [f"{opened}/>"]


def _line(finding: Finding) -> str:
    where = f"{finding.where}: " if finding.where is not None else ""
    hint = f" ({finding.hint})" if finding.hint else ""
    waived = f" (waived: {finding.waived})" if finding.waived is not None else ""
    return escape(f"{where}{finding.level}[{finding.code}]: {finding.message}{hint}{waived}")


def _attribute(text: str) -> str:
    # Control characters and halves of surrogates are no characters of XML 1.0, not even as references: they are spelt out.
    return quoteattr(escape(text))


def _inert(xml: str) -> str:
    """The same document, in which no line is a command to a build server that shows it."""
    return xml.replace("##", "#&#35;").replace("\n::", "\n&#58;:")
