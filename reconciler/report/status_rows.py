"""Turns a plan, or the error in its place, and the journal of the environment into a row of the status. Pure."""

from __future__ import annotations

from reconciler.catalog.book import Catalog
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.journal import JournalReading
from reconciler.model.journal_runs import runs_of
from reconciler.model.plan import HumanTask, Plan
from reconciler.model.run import Unreadable
from reconciler.report.status import Drift, LastRun, Next, StatusRow, Widgets
from reconciler.report.status_reading import drift_of, features_of, roles_of, widgets_of


def status_row(desired: DesiredEnvironment, found: Plan | Unreadable, journal: JournalReading, catalog: Catalog) -> StatusRow:
    """The row of one environment. Only what the files declare is told: nothing else was asked for."""
    last = _last_run(journal)
    if isinstance(found, Unreadable):
        after = Next(_keeper(desired), found.hint or f"find out why it cannot be read: {found.what}")
        declared = sum(len(form.widgets) for form in desired.forms)
        nothing = Widgets(declared, None), Drift("unknown")
        error = f"{found.code}: {found.what}"
        return StatusRow(desired.name, None, None, None, error, (), None, None, *nothing, (), last, after)
    return StatusRow(
        environment=desired.name,
        organization=found.target.organization,
        url=found.target.url,
        read_at=found.read_at,
        error=None,
        features=features_of(desired, found, catalog),
        roles=roles_of(desired, found, catalog),
        consent=found.consent,
        widgets=widgets_of(desired, found),
        drift=drift_of(found, catalog),
        refused=tuple(dict.fromkeys(objection.code for objection in found.standing_objections)),
        last_run=last,
        next=_next(desired, found),
    )


def _last_run(journal: JournalReading) -> LastRun | None:
    runs = runs_of(journal.lines)
    if journal.damage is not None:
        return LastRun(runs[-1].run if runs else "", runs[-1].at if runs else None, "damaged")
    return LastRun(runs[-1].run, runs[-1].at, runs[-1].result) if runs else None


def _next(desired: DesiredEnvironment, plan: Plan) -> Next | None:
    """A person's task first, the earliest deadline first of all; then an approval; then whoever keeps the files."""
    if plan.tasks:
        task = min(plan.tasks, key=_urgency)
        return Next(task.who, task.what, task.deadline)
    if plan.approvals:
        return Next(plan.approvals[0].group, f"approve the plan: {plan.approvals[0].reason}")
    keeper = _keeper(desired)
    for objection in plan.standing_objections:
        return Next(keeper, objection.hint)
    for problem in plan.problems:
        return Next(keeper, problem.hint or problem.summary)
    for gap in plan.unread:
        return Next(keeper, f"make {gap.field} readable: {gap.reason}")
    return None if plan.is_empty else Next(keeper, f"rictl apply {desired.name}")


def _urgency(task: HumanTask) -> tuple[bool, float]:
    return task.deadline is None, task.deadline.timestamp() if task.deadline is not None else 0.0


def _keeper(desired: DesiredEnvironment) -> str:
    return desired.owner or f"whoever keeps {desired.file}"
