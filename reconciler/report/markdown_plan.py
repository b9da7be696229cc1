"""Turns one plan into the lines of its section in a Markdown comment. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from reconciler.model.change import Change, FieldChange, SettingsChange, WidgetChange
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.note import Note
from reconciler.model.plan import Objection, Plan
from reconciler.model.words import impact_in_words, in_words, note_in_words, step_title, value_in_words
from reconciler.report.change_margin import cause_words
from reconciler.report.change_text import certainty, place, placement_words
from reconciler.report.markup import code, fenced, plain
from reconciler.report.symbols import LEGEND, symbol_of

_ORDER = tuple(symbol for symbol, _ in LEGEND)


def addresses(plan: Plan) -> list[str]:
    """The table of what changes, what takes something away first; then what has to be settled."""
    rows = [
        f"| `{symbol_of(change)}` | {code(str(change.address))} | {change.action} | {cause_words(change)} |" for change in _sorted(plan)
    ]
    table = ["| | what | | |", "|---|---|---|---|", *rows] if rows else []
    settled = [*_people(plan), *_gaps(plan), *(line for objection in plan.objections for line in _objection(objection))]
    return [*table, *([""] if table and settled else []), *settled]


def details(plan: Plan) -> list[str]:
    """Every value from what to what, where it is asked for, the forms before and after, and the steps in their order."""
    lines: list[str] = []
    for change in _sorted(plan):
        lines += ["", *_change(change)]
    for picture in plan.pictures:
        lines += ["", f"{code(picture.address.key)} before:", "", *fenced(picture.before), "", "after:", "", *fenced(picture.after)]
    if plan.steps:
        lines += ["", "In this order:", "", *(f"{number}. {plain(step_title(step))}" for number, step in enumerate(plan.steps, 1))]
    if plan.notices:
        lines += ["", *(f"- {code(notice.code)} {plain(notice.message, 2000)}" for notice in plan.notices)]
    return lines


def _sorted(plan: Plan) -> list[Change]:
    return sorted(plan.changes, key=lambda change: _ORDER.index(symbol_of(change)))


def _change(change: Change) -> Iterator[str]:
    risk = f" (risk {change.risk}: {plain(change.risk_because)})" if change.risk_because else ""
    yield f"**{symbol_of(change)} {code(str(change.address))}** {change.action}{risk}"
    yield ""
    match change:
        case SettingsChange():
            yield "| setting | from | to | asked for in | where it lives |"
            yield "|---|---|---|---|---|"
            for field in change.fields:
                yield _field(field)
            yield from _notes([field.note for field in change.fields])
        case WidgetChange():
            yield from _placed(change)
            yield f"asked for in {code(place(change.origin))}, {plain(certainty(change.certainty, change.acceptance))}"
            yield from _notes([change.note])
        case _:
            assert_never(change)
    if change.link is not None:
        yield ""
        yield f"Where a person sees it: {code(change.link)}"


def _placed(change: WidgetChange) -> Iterator[str]:
    """Where it stands and how it looks; of a widget that stays, before and after."""
    for said, placement in (("before", change.before), ("after", change.after)):
        if placement is not None:
            label = f"{said}: " if change.before is not None and change.after is not None else ""
            yield f"{label}{plain('; '.join(placement_words(placement)), 2000)}"
            yield ""


def _field(field: FieldChange) -> str:
    lives = f"{code(f'{field.table}.{field.column}')} {plain(certainty(field.certainty, field.acceptance))}"
    moved = f"{plain(in_words(field.before), 2000)} | {plain(value_in_words(field.after), 2000)}"
    return f"| {code(field.field)} | {moved} | {code(place(field.origin))} | {lives} |"


def _notes(notes: list[Note | None]) -> Iterator[str]:
    for note in dict.fromkeys(note for note in notes if note is not None):
        yield ""
        yield f"_{plain(note.section)}_: {plain(note_in_words(note), 2000)}"


def _people(plan: Plan) -> Iterator[str]:
    if plan.consent is not None and plan.consent.state != "not-needed":
        left = f", {plan.consent.days_left} days left" if plan.consent.days_left is not None else ""
        yield f"- consent: **{plan.consent.state}**{left} ({plain(plan.consent.evidence, 2000)})"
    for impact in plan.impacts:
        yield f"- {plain(impact_in_words(impact), 2000)}"
    for task in plan.tasks:
        until = f" until {task.deadline:%Y-%m-%d}" if task.deadline is not None else ""
        yield f"- **{plain(task.who)}**{until} ({code(task.code)}): {plain(task.what, 2000)}"
    for approval in plan.approvals:
        yield f"- approval of **{plain(approval.group)}** ({code(approval.policy)}): {plain(approval.reason, 2000)}"


def _gaps(plan: Plan) -> Iterator[str]:
    for gap in plan.unread:
        yield f"- `?` not read: {code(f'{gap.address} {gap.field}')}: {plain(gap.reason, 2000)}"
    for problem in plan.problems:
        yield _problem(problem)


def _problem(problem: Diagnostic) -> str:
    where = f" {code(str(problem.where))}" if problem.where is not None else ""
    hint = f" {plain(problem.hint, 2000)}" if problem.hint else ""
    return f"- `?` {problem.severity} {code(problem.code)}{where}: {plain(problem.summary, 2000)}.{hint}"


def _objection(objection: Objection) -> Iterator[str]:
    if objection.waived is not None:
        yield f"- waived {code(objection.code)}: {plain(objection.message, 2000)}. Reason: {plain(objection.waived, 2000)}"
        return
    about = f" {code(str(objection.address))}" if objection.address is not None else ""
    yield f"- `!` **refused** {code(objection.code)}{about}: {plain(objection.message, 2000)}. To go on: {plain(objection.hint, 2000)}"
