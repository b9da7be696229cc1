"""Turns a run into JSON for programs: ASCII, so that no control character of a name can reach a terminal. Pure."""

from __future__ import annotations

from dataclasses import asdict

from reconciler.model.run import ApplyRun, PlanRun, ValidationRun
from reconciler.report.ascii_json import ascii_json
from reconciler.report.formats.book import Style
from reconciler.report.outcome_document import outcome_document_of, outcome_json
from reconciler.report.plan_document import document_json, document_of

VALIDATION_FORMAT = "rictl-validation/1"


def plan_report(run: PlanRun, style: Style) -> str:
    """The very text that `--out` saves; `schemas/plan.schema.json` describes it."""
    return document_json(document_of(run))


def apply_report(run: ApplyRun, style: Style) -> str:
    """What became of each environment; `schemas/outcome.schema.json` describes it."""
    return outcome_json(outcome_document_of(run))


def validation_report(run: ValidationRun, style: Style) -> str:
    """All findings with the list of files that were read."""
    document = {
        "format": VALIDATION_FORMAT,
        "valid": all(diagnostic.severity == "warning" for diagnostic in run.diagnostics),
        "files": list(run.files),
        "diagnostics": [asdict(diagnostic) for diagnostic in run.diagnostics],
    }
    return ascii_json(document)
