"""Turns a run into text for a terminal. Pure."""

from __future__ import annotations

from reconciler.model.run import ApplyRun, PlanRun, ValidationRun
from reconciler.report.as_outcome import outcome_text
from reconciler.report.as_text import as_text
from reconciler.report.diagnostics import diagnostics_text, verdict_text
from reconciler.report.formats.book import Style


def plan_report(run: PlanRun, style: Style) -> str:
    """All plans and the last line of the run."""
    return as_text(run.plans, color=style.color, details=style.details, failed=len(run.unreadable))


def apply_report(run: ApplyRun, style: Style) -> str:
    """What became of each plan, and the last line of the run."""
    return outcome_text(run.outcomes, details=style.details)


def validation_report(run: ValidationRun, style: Style) -> str:
    """All findings with their source lines, and the verdict."""
    verdict = verdict_text(run.diagnostics, environments=run.environments, baselines=run.baselines, policies=run.policies)
    return f"{diagnostics_text(run.diagnostics)}\n\n{verdict}" if run.diagnostics else verdict
