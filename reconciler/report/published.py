"""Turns a run into one that may be published: no name of a person is left in it. Pure.

What a service account or an application wrote keeps its name: it tells a reviewer what happened, and nothing about anybody.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.change import Change, SettingsChange
from reconciler.model.live import Person
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan
from reconciler.model.run import ApplyRun, PlanRun, ValidationRun

SOMEBODY = "a person"


def published(run: PlanRun | ApplyRun | ValidationRun) -> PlanRun | ApplyRun | ValidationRun:
    """The same run without names of people."""
    match run:
        case PlanRun():
            return replace(run, plans=tuple(published_plan(plan) for plan in run.plans))
        case ApplyRun():
            return replace(run, outcomes=tuple(_outcome(outcome) for outcome in run.outcomes))
        case ValidationRun():
            return run


def published_plan(plan: Plan) -> Plan:
    """The same plan without names of people. A second call changes nothing."""
    target = plan.target if plan.target.by_application else replace(plan.target, caller=SOMEBODY)
    approvals = tuple(approval if approval.given is None else replace(approval, given=SOMEBODY) for approval in plan.approvals)
    return replace(plan, target=target, approvals=approvals, changes=tuple(_change(change) for change in plan.changes))


def _outcome(outcome: Outcome) -> Outcome:
    remaining = published_plan(outcome.remaining) if outcome.remaining is not None else None
    return replace(outcome, plan=published_plan(outcome.plan), remaining=remaining)


def _change(change: Change) -> Change:
    if isinstance(change, SettingsChange) and change.modified_by is not None and not change.modified_by.is_service:
        return replace(change, modified_by=Person(SOMEBODY))
    return change
