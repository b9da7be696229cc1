"""Turns plans into the text that a reviewer approves: a table of addresses first, then everything behind it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.model.change import SettingsChange
from reconciler.model.plan import Plan
from reconciler.report.change_margin import cause_words
from reconciler.report.change_text import change_lines
from reconciler.report.counts import last_line, summary_of
from reconciler.report.diagnostics import count
from reconciler.report.escape import escape
from reconciler.report.layout import folded, wrapped
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
    yield from wrapped(f"{plan.environment}  {plan.target.organization}  {plan.target.url}", indent="", hanging="  ")
    yield f"  read {plan.read_at:%Y-%m-%d %H:%M:%S} UTC as {plan.target.caller} (language {plan.target.language})"
    rows = sorted(_table(plan), key=lambda row: _ORDER.index(row[0]))
    if plan.is_empty:
        yield from wrapped(f"{_empty(plan)} {_checked(plan)}", indent="  ")
    if rows:
        yield ""
        yield from folded(rows, indent="  ", widest=80)
        yield f"  legend: {legend(row[0] for row in rows)}"
    for section in (*(_details(plan) if details else ()), *_reasons(plan)):
        lines = list(section)
        if lines:
            yield from ("", *lines)


def _empty(plan: Plan) -> str:
    """What is said of a plan without changes. "No changes" is a promise: it is not made while something is unknown or refused."""
    if not plan.is_complete:
        errors = [f"{count(len(plan.problems), 'error')} in the files"] if plan.problems else []
        gaps = [f"{count(len(plan.unread), 'value')} not read"] if plan.unread else []
        rest = "; in the rest nothing differs" if plan.checked > len(plan.unread) else ""
        return f"Not all that is declared could be compared: {', '.join([*errors, *gaps])}{rest}."
    if plan.standing_objections:
        return f"Nothing to write, but {count(len(plan.standing_objections), 'objection')} to what is declared."
    return "No changes."


def _checked(plan: Plan) -> str:
    declared = f"{count(plan.checked, 'declared value')} compared with organization {plan.target.organization_id}"
    return f"{declared}, {count(plan.requests, 'request')}, {len(plan.unread)} not read."


def _table(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for change in plan.changes:
        number = f" ({len(change.fields)} fields)" if isinstance(change, SettingsChange) and len(change.fields) > 1 else ""
        cause = cause_words(change)
        yield symbol_of(change), str(change.address), f"{change.action}{number}{', ' if cause else ''}{cause}"
    for objection in plan.standing_objections:
        yield "!", str(objection.address or plan.environment), f"refused: {objection.code}"
    for gap in plan.unread:
        yield "?", str(gap.address), f"not read: {gap.field}"
    for problem in plan.problems:
        yield "?", plan.environment, f"{problem.severity}: {problem.code}"


def _details(plan: Plan) -> Iterator[Iterable[str]]:
    """What is done, in full."""
    for change in sorted(plan.changes, key=lambda change: _ORDER.index(symbol_of(change))):
        yield change_lines(change)
    yield pictures_section(plan)
    yield steps_section(plan)
    yield notices_section(plan)


def _reasons(plan: Plan) -> Iterator[Iterable[str]]:
    """Why it may not run and who has to act: always in full, and last, where the eye of a reader ends."""
    yield people_section(plan)
    yield gaps_section(plan)
    yield objections_section(plan)
