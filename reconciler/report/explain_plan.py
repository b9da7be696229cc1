"""Turns plans into plain sentences for somebody who has never opened the admin pages. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Field
from reconciler.model.change import FieldChange, SettingsChange, WidgetChange
from reconciler.model.fact import Known
from reconciler.model.plan import AwaitActivation, Plan, Publish
from reconciler.model.words import impact_in_words, in_words, value_in_words
from reconciler.report.counts import last_line, summary_of
from reconciler.report.escape import escape
from reconciler.report.layout import wrapped

_VERBS = {
    "add": "appears on",
    "move": "moves to another place on",
    "change": "looks different on",
    "remove": "disappears from",
    "repair": "is repaired on",
}


def plan_explained(plans: Sequence[Plan], catalog: Catalog, *, failed: int = 0) -> str:
    """All plans in sentences: what sellers will see, what is processed, what cannot be taken back, who must act, why it may not run."""
    lines: list[str] = []
    for plan in plans:
        lines += [*_one(plan, catalog), ""]
    lines.append(last_line(summary_of(plans, failed)))
    return "\n".join(escape(line) for line in lines)


def _one(plan: Plan, catalog: Catalog) -> Iterator[str]:
    yield from wrapped(f"{plan.environment} is the organization {plan.target.organization}, {plan.target.url}.", indent="")
    yield from wrapped(f"It was read at {plan.read_at:%Y-%m-%d %H:%M} UTC as {plan.target.caller}. Nothing was written.", indent="")
    sections = (
        *effects(plan, catalog),
        ("Who must do something", tuple(_people(plan))),
        ("What is not known", tuple(_unknown(plan))),
        ("Why it may not run", tuple(_refusals(plan))),
    )
    if plan.is_empty and plan.is_complete:
        yield "Nothing would change."
    for title, told in sections:
        if told:
            yield from ("", f"{title}:")
            for sentence in told:
                yield from wrapped(f"- {sentence}", indent="  ", hanging="  ")


def effects(plan: Plan, catalog: Catalog, *, values: bool = True) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What carrying out the plan brings about: sentences under four headings, which may have none; with `values` one for each value."""
    return (
        ("What changes for people who work there", tuple(_seen(plan, catalog, values))),
        ("What starts or stops being processed", tuple(_processed(plan, catalog))),
        ("What cannot simply be taken back", tuple(_lasting(plan, catalog))),
        ("What is waited for", tuple(_awaited(plan, catalog))),
    )


def _seen(plan: Plan, catalog: Catalog, values: bool) -> Iterator[str]:
    for change in plan.changes:
        if isinstance(change, WidgetChange):
            yield _widget(change, catalog)
            continue
        kind = catalog.kind(change.address.kind)
        if change.action == "change":
            yield f"{kind.title} stays as it is switched, with other options{':' if values else '.'}"
        else:
            yield f"{kind.title} is switched {'on' if change.action == 'enable' else 'off'}. {kind.description}"
        for moved in change.fields if values else ():
            yield f"{moved.field}: {_moved(moved)}. {kind.field(moved.field).description}"


def _moved(change: FieldChange) -> str:
    """Sets of roles in full: a reader has to recognise them."""
    if isinstance(change.before, Known):
        return f"from {in_words(change.before)} to {value_in_words(change.after)}"
    return f"{value_in_words(change.after)} ({in_words(change.before)} until now)"


def _widget(change: WidgetChange, catalog: Catalog) -> str:
    table, form, name = (*change.address.key.rsplit("/", 1)[0].split("/", 1), change.address.key.rsplit("/", 1)[1])
    widget = next((known for known in catalog.widgets if known.name == name), None)
    title, what = (widget.title, f" {widget.description}") if widget is not None else (name, "")
    return f'The widget {title} {_VERBS[change.action]} the form "{form}" of {table}.{what if change.action == "add" else ""}'


def _fields(plan: Plan, catalog: Catalog) -> Iterator[tuple[str, Field, FieldChange]]:
    for change in plan.changes:
        if isinstance(change, SettingsChange):
            kind = catalog.kind(change.address.kind)
            yield from ((kind.title, kind.field(moved.field), moved) for moved in change.fields)


def _processed(plan: Plan, catalog: Catalog) -> Iterator[str]:
    for title, field, moved in _fields(plan, catalog):
        if field.consent and moved.after is True:
            yield f"{title} starts. It needs the Microsoft 365 consent: without it the service switches it off on the 14th day."
        elif field.consent and moved.after is False:
            yield f"{title} stops."
        elif field.limits is not None:
            yield f"{title}: only data of people with one of these roles is used: {value_in_words(moved.after)}."
    for impact in plan.impacts:
        yield f"{impact_in_words(impact)}."


def _lasting(plan: Plan, catalog: Catalog) -> Iterator[str]:
    for title, field, moved in _fields(plan, catalog):
        if field.one_way and moved.after is True:
            yield f"{title}: {field.name} is never switched off again by rictl."
    for step in plan.steps:
        if isinstance(step, Publish):
            others = ", together with pending changes of others" if step.carries_others else ""
            yield f"The forms of {step.table} are published{others}; everybody sees them at once."


def _awaited(plan: Plan, catalog: Catalog) -> Iterator[str]:
    for step in plan.steps:
        if isinstance(step, AwaitActivation):
            title = catalog.kind(step.kind).title
            yield f"apply waits until the service reports {title} {step.target}, for at most {step.timeout_seconds // 60} minutes."


def _people(plan: Plan) -> Iterator[str]:
    for task in plan.tasks:
        until = f", until {task.deadline:%d %B %Y}" if task.deadline is not None else ""
        yield f"{task.who}{until}: {task.what}"
    for approval in plan.approvals:
        yield f"{approval.group} must approve it: {approval.reason}"


def _unknown(plan: Plan) -> Iterator[str]:
    for gap in plan.unread:
        yield f"{gap.field} of {gap.address.kind} could not be read: {gap.reason}"
    for problem in plan.problems:
        yield f"{problem.summary}{f'; {problem.hint}' if problem.hint else ''}"


def _refusals(plan: Plan) -> Iterator[str]:
    for objection in plan.objections:
        if objection.waived is not None:
            yield f"{objection.message}. This was waived ({objection.code}): {objection.waived}"
        else:
            yield f"{objection.message}. To go on: {objection.hint} ({objection.code})"
