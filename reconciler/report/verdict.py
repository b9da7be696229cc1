"""Turns plans and outcomes into exit codes, from the same values that are rendered. Pure.

0 done    1 failed or incomplete    2 changes are pending    3 refused    4 in part    5 interrupted
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.exit_codes import CHANGES, DONE, FAILED, INTERRUPTED, NOT_CONVERGED, REFUSED
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan
from reconciler.report.counts import summary_of


def plan_verdict(plans: Sequence[Plan], *, detailed: bool, failed: int = 0) -> int:
    """The first that applies of: something failed or is unknown, refused, (only if `detailed`) pending, done."""
    summary = summary_of(plans, failed)
    if summary.failed or summary.incomplete:
        return FAILED
    if summary.refused:
        return REFUSED
    return CHANGES if detailed and summary.changing else DONE


def apply_verdict(outcomes: Sequence[Outcome], *, failed: int = 0, refused: int = 0) -> int:
    """Interrupted; else in part when anything was written and not everything converged; else the first of failed, refused, done.

    `failed` and `refused` environments have no outcome: nothing was begun there.
    """
    if any(outcome.interrupted for outcome in outcomes):
        return INTERRUPTED
    converged = all(outcome.converged for outcome in outcomes)
    if any(outcome.wrote for outcome in outcomes) and not (converged and not failed and not refused):
        return NOT_CONVERGED
    if failed or not converged:
        return FAILED
    return REFUSED if refused else DONE
