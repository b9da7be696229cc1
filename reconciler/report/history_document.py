"""Turns runs of the journal into plain JSON values. Pure."""

from __future__ import annotations

from typing import Any

from reconciler.model.digest import canonical
from reconciler.model.journal_runs import RunRecord


def run_summary(record: RunRecord) -> dict[str, Any]:
    """One run in one environment without its steps."""
    begun = record.begun
    return {
        "run": record.run,
        "environment": begun.environment,
        "at": record.at.isoformat(),
        "result": record.result,
        "counts": record.counts(),
        "actor": canonical(begun.actor),
        "commit": begun.commit,
        "dirty": begun.dirty,
        "plan_sha256": begun.plan_sha256,
        "undoes": begun.undoes,
    }


def run_document(record: RunRecord) -> dict[str, Any]:
    """The same with every line of the run as the journal holds it; a form stands there as base64 of zlib of its bytes."""
    return {**run_summary(record), "steps": list(record.begun.steps), "lines": [canonical(line) for line in record.lines]}
