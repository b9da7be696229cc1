"""Turns the parts of a plan that are not changes into lines: steps, people, objections, notices, gaps, drawings. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.diagnostic import Diagnostic
from reconciler.model.plan import HumanTask, Objection, Plan
from reconciler.model.policy import PREFIX
from reconciler.model.words import impact_in_words, step_title
from reconciler.report.layout import wrapped

_TEXT = " " * 6


def steps_section(plan: Plan) -> Iterator[str]:
    """What is done, in order; nothing when there is nothing to do."""
    if plan.steps:
        yield "  in this order:"
        for number, step in enumerate(plan.steps, 1):
            yield from wrapped(f"{number}. {step_title(step)}", indent="    ", hanging="   ")


def people_section(plan: Plan) -> Iterator[str]:
    """What the consent is known to be, how many people are concerned, who must approve, and what people must do until when."""
    if plan.consent is not None and plan.consent.state != "not-needed":
        left = f", {_days(plan.consent.days_left)} left" if plan.consent.days_left is not None else ""
        yield from wrapped(f"consent: {plan.consent.state}{left} ({plan.consent.evidence})", indent="  ", hanging="  ")
    for impact in plan.impacts:
        yield from wrapped(impact_in_words(impact), indent="  ", hanging="  ")
    if plan.tasks:
        yield "  a person must:"
        for task in plan.tasks:
            yield from wrapped(f"{task.code}: {task.who}{_until(task, plan)}", indent="    ", hanging="  ")
            yield from wrapped(task.what, indent=_TEXT)
    for approval in plan.approvals:
        given = f", given by {approval.given}" if approval.given is not None else ""
        yield from wrapped(f"approval: {approval.group} ({PREFIX}{approval.policy}){given}", indent="  ", hanging="  ")
        yield from wrapped(approval.reason, indent=_TEXT)


def _until(task: HumanTask, plan: Plan) -> str:
    if task.deadline is None:
        return ""
    days = (task.deadline - plan.read_at).days
    left = f"{_days(days)} left" if days >= 0 else f"{_days(-days)} over"
    return f", until {task.deadline:%Y-%m-%d} ({left})"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def objections_section(plan: Plan) -> Iterator[str]:
    """Why the plan may not run, what settles it, and what was waived with which reason."""
    for objection in plan.objections:
        yield from _objection_lines(objection)


def _objection_lines(objection: Objection) -> Iterator[str]:
    if objection.waived is not None:
        yield from wrapped(f"waived: {objection.code}  {objection.message}", indent="    ", hanging="  ")
        yield from wrapped(f"reason: {objection.waived}", indent=_TEXT)
        return
    about = f"  {objection.address}" if objection.address is not None else ""
    yield from wrapped(f"! refused: {objection.code}{about}", indent="  ", hanging="  ")
    yield from wrapped(objection.message, indent=_TEXT)
    yield from wrapped(f"hint: {objection.hint}", indent=_TEXT)
    if objection.waivable:
        yield f"{_TEXT}waive with --allow {objection.code}=REASON"


def gaps_section(plan: Plan) -> Iterator[str]:
    """What could not be read or resolved: without it the plan is not complete."""
    for gap in plan.unread:
        yield from wrapped(f"? not read: {gap.address} {gap.field}", indent="  ", hanging="  ")
        yield from wrapped(gap.reason, indent=_TEXT)
    for problem in plan.problems:
        yield from _problem_lines(problem)


def _problem_lines(problem: Diagnostic) -> Iterator[str]:
    where = f"  {problem.where.file}:{problem.where.line}" if problem.where is not None else ""
    yield from wrapped(f"? {problem.severity}: {problem.code}{where}", indent="  ", hanging="  ")
    yield from wrapped(problem.summary, indent=_TEXT)
    if problem.hint is not None:
        yield from wrapped(f"hint: {problem.hint}", indent=_TEXT)


def notices_section(plan: Plan) -> Iterator[str]:
    """What a reviewer should know."""
    for notice in plan.notices:
        about = f"{notice.address}: " if notice.address is not None else ""
        yield from wrapped(f"notice: {notice.code}  {about}{notice.message}", indent="  ", hanging="  ")


def pictures_section(plan: Plan) -> Iterator[str]:
    """The grids of the forms that are written, before and after."""
    for picture in plan.pictures:
        yield f"  form {picture.address.key}, before:"
        yield from (f"    {line}" for line in picture.before.splitlines())
        yield f"  form {picture.address.key}, after:"
        yield from (f"    {line}" for line in picture.after.splitlines())
