"""Turns a run into one self-contained HTML page for reviewers: no script, nothing from elsewhere, the same bytes for the same run. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.catalog.book import Catalog
from reconciler.model.change import Change, WidgetChange
from reconciler.model.outcome import Outcome
from reconciler.model.plan import AwaitActivation, Plan
from reconciler.model.run import ApplyRun, PlanRun
from reconciler.report.as_outcome import apply_line
from reconciler.report.counts import last_line, summary_of
from reconciler.report.explain_plan import effects
from reconciler.report.formats.book import Style
from reconciler.report.page.changes import Block, blocks_of
from reconciler.report.page.fleet import Row, rows_of, stopping
from reconciler.report.page.page import page


@dataclass(frozen=True, slots=True)
class _Section:
    """One environment: its row of the table, its changes and what they bring about. Without a plan there is only the row."""

    row: Row
    blocks: tuple[Block, ...]
    effects: tuple[tuple[str, tuple[str, ...]], ...]


def plan_report(run: PlanRun, style: Style) -> str:
    """The page of a plan: the fleet first, then every environment with all that is known of it."""
    sections = tuple(_section(row, style) for row in rows_of(run))
    headline = last_line(summary_of(run.plans, len(run.unreadable)))
    return page("plan.html", run=run, headline=headline, sections=sections, stopping=stopping(run), details=style.details)


def apply_report(run: ApplyRun, style: Style) -> str:
    """The page of an apply: what became of every environment and of every step."""
    shown = tuple((outcome, _result(outcome), blocks_of(outcome.plan, style.catalog)) for outcome in run.outcomes)
    return page("apply.html", run=run, headline=apply_line(run.outcomes), outcomes=shown, details=style.details)


def _section(row: Row, style: Style) -> _Section:
    if row.plan is None:
        return _Section(row, (), ())
    catalog = style.catalog
    told = effects(_describable(row.plan, catalog), catalog, values=False) if catalog is not None else ()
    return _Section(row, blocks_of(row.plan, catalog), told)


def _describable(plan: Plan, catalog: Catalog) -> Plan:
    """The plan without what the catalogue does not know: a saved plan may name anything."""
    kinds = {kind.name for kind in catalog.kinds}
    changes = tuple(change for change in plan.changes if _is_known(change, catalog))
    steps = tuple(step for step in plan.steps if not isinstance(step, AwaitActivation) or step.kind in kinds)
    return replace(plan, changes=changes, steps=steps)


def _is_known(change: Change, catalog: Catalog) -> bool:
    if isinstance(change, WidgetChange):
        return change.address.key.count("/") > 1
    known = {(kind.name, field.name) for kind, field in catalog.fields()}
    return all((change.address.kind, field.field) in known for field in change.fields)


def _result(outcome: Outcome) -> tuple[str, str]:
    """The tone and the words."""
    if outcome.converged:
        return "good", "converged"
    if outcome.interrupted:
        return "warn", "interrupted"
    return ("bad", "not converged") if outcome.wrote else ("warn", "nothing was written")
