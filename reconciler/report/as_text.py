"""Turns plans into the text that a reviewer approves: a table of addresses first, then everything behind it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.model.change import SettingsChange
from reconciler.model.plan import Plan
from reconciler.report.change_text import change_lines
from reconciler.report.counts import last_line, summary_of
from reconciler.report.escape import escape
from reconciler.report.layout import columns
from reconciler.report.plan_sections import (
    gaps_section,
    notices_section,
    objections_section,
    people_section,
    pictures_section,
    steps_section,
)
from reconciler.report.symbols import LEGEND, colored, legend, symbol_of

_ORDER = tuple(symbol for symbol, _ in LEGEND)


def as_text(plans: Sequence[Plan], *, color: bool = False, details: bool = True, failed: int = 0) -> str:
    """All plans, one after the other, and the last line of the run. `failed` environments have no plan and are only counted."""
    lines: list[str] = []
    for plan in plans:
        lines += [*_plan_lines(plan, details), ""]
    lines.append(last_line(summary_of(plans, failed)))
    # One gate for everything that came from files and from the remote side: no line leaves with a control character in it.
    text = "\n".join(escape(line) for line in lines)
    return colored(text) if color else text


def _plan_lines(plan: Plan, details: bool) -> Iterator[str]:
    yield f"{plan.environment}  {plan.target.organization}  {plan.target.url}"
    yield f"  read {plan.read_at:%Y-%m-%d %H:%M:%S} UTC as {plan.target.caller} (language {plan.target.language})"
    rows = sorted(_table(plan), key=lambda row: _ORDER.index(row[0]))
    if plan.is_empty:
        # "No changes" is a promise: it is not made while something is unknown or refused.
        certain = plan.is_complete and not plan.standing_objections
        yield f"  {'No changes' if certain else 'Nothing to write, and yet something is open'}. {_checked(plan)}"
    if rows:
        yield ""
        yield from columns(rows, indent="  ", widest=80)
        yield f"  legend: {legend(row[0] for row in rows)}"
    if details:
        for section in _sections(plan):
            lines = list(section)
            if lines:
                yield from ("", *lines)


def _checked(plan: Plan) -> str:
    declared = f"{plan.checked} declared {'value' if plan.checked == 1 else 'values'} compared"
    requests = f"{plan.requests} {'request' if plan.requests == 1 else 'requests'}"
    return f"{declared} with organization {plan.target.organization_id}, {requests}, {len(plan.unread)} not read."


def _table(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for change in plan.changes:
        number = f" ({len(change.fields)} fields)" if isinstance(change, SettingsChange) and len(change.fields) > 1 else ""
        yield symbol_of(change), str(change.address), f"{change.action}{number}"
    for objection in plan.standing_objections:
        yield "!", str(objection.address or plan.environment), f"refused: {objection.code}"
    for gap in plan.unread:
        yield "?", str(gap.address), f"not read: {gap.field}"
    for problem in plan.problems:
        yield "?", plan.environment, f"{problem.severity}: {problem.code}"


def _sections(plan: Plan) -> Iterator[Iterable[str]]:
    for change in sorted(plan.changes, key=lambda change: _ORDER.index(symbol_of(change))):
        yield change_lines(change)
    yield steps_section(plan)
    yield people_section(plan)
    yield objections_section(plan)
    yield gaps_section(plan)
    yield notices_section(plan)
    yield pictures_section(plan)
