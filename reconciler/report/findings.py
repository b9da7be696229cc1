"""Turns a run into what is to be settled in it, one finding each, for formats that list findings. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.model.address import Address
from reconciler.model.change import SettingsChange
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan
from reconciler.model.run import ApplyRun, PlanRun, Unreadable, ValidationRun
from reconciler.model.source import SourceSpan
from reconciler.model.words import step_title

Level = Literal["error", "warning", "note"]
NOT_READ = "not-read"
NEEDS_APPROVAL = "needs-approval"
STEP_FAILED = "step-failed"
STEP_UNKNOWN = "step-unknown"
NOT_CONVERGED = "not-converged"
OWN_CODES = {
    NOT_READ: "A declared setting could not be read, so the plan is incomplete.",
    NEEDS_APPROVAL: "A policy requires that somebody approves the plan before it is applied.",
    STEP_FAILED: "A step of an apply failed.",
    STEP_UNKNOWN: "The answer to a step of an apply was lost, so its effect has to be read back.",
    NOT_CONVERGED: "An apply ended before the environment was what its plan says.",
}
"""The codes that only name a finding here; every other one is explained on the pages of errors and objections."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to be settled.

    environment   the one that it concerns; empty for a finding in the files
    subject       what it is about, the same however lines move: the text of a source line, or an address
    waived        the reason for which somebody waived it
    """

    level: Level
    code: str
    message: str
    environment: str = ""
    subject: str = ""
    hint: str = ""
    where: SourceSpan | None = None
    waived: str | None = None


def findings_of(run: PlanRun | ApplyRun | ValidationRun) -> tuple[Finding, ...]:
    """All findings of the run, in its own order."""
    match run:
        case ValidationRun():
            return tuple(_in_files(diagnostic) for diagnostic in run.diagnostics)
        case PlanRun():
            planned = [finding for plan in run.plans for finding in plan_findings(plan)]
            return (*planned, *(unreadable_finding(lost) for lost in run.unreadable))
        case ApplyRun():
            return tuple(finding for outcome in run.outcomes for finding in outcome_findings(outcome))


def plan_findings(plan: Plan) -> Iterator[Finding]:
    """What stands against the plan, then what is unknown, then what a reviewer should know."""
    name = plan.environment
    for objection in plan.objections:
        where = _place(plan, objection.address)
        level: Level = "error" if objection.waived is None else "note"
        yield Finding(
            level, objection.code, objection.message, name, _subject(name, objection.address), objection.hint, where, objection.waived
        )
    for problem in plan.problems:
        yield _in_files(problem, name)
    for gap in plan.unread:
        subject = f"{gap.address} {gap.field}"
        yield Finding("error", NOT_READ, f"{subject}: {gap.reason}", name, subject, where=_place(plan, gap.address))
    for approval in plan.approvals:
        message = f"{approval.group} has to approve ({approval.policy}): {approval.reason}"
        subject = f"{approval.policy} {_subject(name, approval.address)}"
        yield Finding("warning", NEEDS_APPROVAL, message, name, subject, where=_place(plan, approval.address))
    for notice in plan.notices:
        where = _place(plan, notice.address)
        yield Finding("note", notice.code, notice.message, name, _subject(name, notice.address), where=where)


def unreadable_finding(lost: Unreadable) -> Finding:
    """An environment of which nothing could be read."""
    why = f" ({lost.why})" if lost.why else ""
    return Finding("error", lost.code, f"{lost.what}{why}", lost.environment, lost.environment, lost.hint)


def outcome_findings(outcome: Outcome) -> Iterator[Finding]:
    """What failed, what is unknown, and that the environment did not converge; nothing for one that did."""
    name = outcome.plan.environment
    for step in outcome.steps:
        said = f"{step_title(step.step)}{f': {step.detail}' if step.detail else ''}"
        if step.status == "failed":
            yield Finding("error", STEP_FAILED, said, name, step_title(step.step))
        elif step.status == "unknown":
            yield Finding("error", STEP_UNKNOWN, said, name, step_title(step.step))
    if not outcome.converged:
        done = f"{sum(step.status == 'done' for step in outcome.steps)} of {len(outcome.steps)} steps are done"
        state = "interrupted" if outcome.interrupted else "not converged" if outcome.wrote else "nothing was written"
        why = f": {outcome.failure}" if outcome.failure else ""
        yield Finding("error", NOT_CONVERGED, f"{state}, {done}{why}", name, name, "plan again, then apply again")


def _in_files(diagnostic: Diagnostic, environment: str = "") -> Finding:
    subject = (diagnostic.source_line or "").strip()
    return Finding(diagnostic.severity, diagnostic.code, diagnostic.summary, environment, subject, diagnostic.hint or "", diagnostic.where)


def _subject(environment: str, address: Address | None) -> str:
    return str(address) if address is not None else environment


def _place(plan: Plan, address: Address | None) -> SourceSpan | None:
    """Where the wish for that object is written, when the plan changes it."""
    for change in plan.changes:
        if change.address == address:
            origins = [field.origin for field in change.fields] if isinstance(change, SettingsChange) else [change.origin]
            return next((origin.span for origin in origins if origin.span is not None), None)
    return None
