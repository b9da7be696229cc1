"""Turns plans into the rows of the table of environments, what somebody has to decide first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reconciler.model.exit_codes import FAILED, REFUSED
from reconciler.model.plan import PeopleImpact, Plan
from reconciler.model.run import PlanRun, Unreadable
from reconciler.report.counts import summary_of
from reconciler.report.diagnostics import count
from reconciler.report.verdict import plan_verdict

State = Literal["refused", "not known", "removes", "changes", "unchanged"]
_ORDER: tuple[State, ...] = ("refused", "not known", "removes", "changes", "unchanged")
MANY = 12
"""With more environments that change, only those are unfolded in which somebody has to decide."""


@dataclass(frozen=True, slots=True)
class Row:
    """One environment of the fleet. `anchor` is where its section stands; `counts` are (symbol, words); `settle` are (tone, words)."""

    anchor: str
    plan: Plan | None
    lost: Unreadable | None
    state: State
    counts: tuple[tuple[str, str], ...]
    settle: tuple[tuple[str, str], ...]
    is_open: bool


def rows_of(run: PlanRun) -> tuple[Row, ...]:
    """All environments; refused and unknown ones first, then those that lose something, else in the order of the run."""
    changing = sum(not plan.is_empty for plan in run.plans)
    rows = [_planned(f"environment-{number}", plan, changing <= MANY) for number, plan in enumerate(run.plans, 1)]
    rows += [_lost(f"unread-{number}", lost) for number, lost in enumerate(run.unreadable, 1)]
    return tuple(sorted(rows, key=lambda row: _ORDER.index(row.state)))


def stopping(run: PlanRun) -> str:
    """Why none of it can be applied as it is; empty when it can."""
    verdict = plan_verdict(run.plans, detailed=False, failed=len(run.unreadable))
    refused = [plan.environment for plan in run.plans if plan.standing_objections]
    unsure = [plan.environment for plan in run.plans if not plan.is_complete] + [lost.environment for lost in run.unreadable]
    reasons = [*([f"refused: {', '.join(refused)}"] if refused else []), *([f"not known in full: {', '.join(unsure)}"] if unsure else [])]
    return "; ".join(reasons) if verdict in (FAILED, REFUSED) else ""


def _planned(anchor: str, plan: Plan, few: bool) -> Row:
    counted = summary_of([plan])
    counts = (("-", counted.disable, "off"), ("+", counted.enable, "on"), ("~", counted.change, "changed"))
    state: State = "unchanged" if plan.is_empty else "removes" if counted.disable else "changes"
    state = "refused" if plan.standing_objections else state if plan.is_complete else "not known"
    decided = state in ("refused", "not known")
    shown = tuple((symbol, f"{number} {word}") for symbol, number, word in counts if number)
    return Row(anchor, plan, None, state, shown, tuple(_settle(plan)), decided or (few and state != "unchanged"))


def _lost(anchor: str, lost: Unreadable) -> Row:
    return Row(anchor, None, lost, "not known", (), (("bad", f"not read: {lost.what}"),), True)


def _settle(plan: Plan) -> list[tuple[str, str]]:
    """What somebody has to decide or do, in a few words each."""
    settle = [("bad", f"refused: {objection.code}") for objection in plan.standing_objections]
    settle += [("bad", f"{problem.severity}: {problem.code}") for problem in plan.problems]
    settle += [("bad", f"{count(len(plan.unread), 'setting')} not read")] if plan.unread else []
    settle += [("warn", f"approval of {approval.group}") for approval in plan.approvals]
    settle += [("warn", f"{task.code}{f' until {task.deadline:%Y-%m-%d}' if task.deadline else ''}") for task in plan.tasks]
    return settle


def people_line(impacts: Sequence[PeopleImpact]) -> str:
    """How many people come under a plan and leave it, in a few words; empty when nobody does."""
    if any(impact.added is None for impact in impacts):
        return "not counted"
    more, fewer = sum(impact.added or 0 for impact in impacts), sum(impact.removed or 0 for impact in impacts)
    return ", ".join(words for words in (f"{more:,} more" if more else "", f"{fewer:,} fewer" if fewer else "") if words)
