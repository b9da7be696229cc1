"""Turns outcomes into the text of an apply: what is done, failed, not reached, unknown, what remains and for whom. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.outcome import Outcome, StepOutcome
from reconciler.model.words import step_title
from reconciler.report.escape import escape
from reconciler.report.layout import wrapped
from reconciler.report.plan_sections import people_section
from reconciler.report.symbols import symbol_of

_WORDS = (("done", "done"), ("failed", "failed"), ("unknown", "effect unknown"), ("not-reached", "not reached"))

_STEP_COUNTS = (("failed", "failed"), ("unknown", "of unknown effect"), ("not-reached", "not reached"))


def outcome_text(outcomes: Sequence[Outcome], *, details: bool = True) -> str:
    """All outcomes, one after the other, and the last line of the run. Without `details`, what is done is only counted."""
    lines: list[str] = []
    for outcome in outcomes:
        lines += [*_outcome_lines(outcome, details), ""]
    lines.append(apply_line(outcomes))
    return "\n".join(escape(line) for line in lines)


def apply_line(outcomes: Sequence[Outcome]) -> str:
    """The line that programs read; frozen by a test."""
    environments = "environment" if len(outcomes) == 1 else "environments"
    converged = sum(outcome.converged for outcome in outcomes)
    statuses: list[str] = [step.status for outcome in outcomes for step in outcome.steps]
    counts = [(statuses.count(status), word) for status, word in _STEP_COUNTS]
    rest = [f"{count} {'step' if count == 1 else 'steps'} {word}" for count, word in counts if count]
    rest += [f"{count} interrupted" for count in [sum(outcome.interrupted for outcome in outcomes)] if count]
    return f"Apply: {converged} of {len(outcomes)} {environments} converged{'; ' if rest else ''}{', '.join(rest)}."


def _outcome_lines(outcome: Outcome, details: bool) -> Iterator[str]:
    plan = outcome.plan
    yield f"{plan.environment}  {plan.target.organization}  {plan.target.url}"
    yield f"  {_verdict(outcome)}"
    if outcome.failure is not None:
        yield from wrapped(f"why: {outcome.failure}", indent="  ", hanging="  ")
    for status, word in _WORDS:
        steps = [step for step in outcome.steps if step.status == status]
        if steps and status == "done" and not details:
            yield f"  {word}: {len(steps)} of {len(outcome.steps)} steps"
        elif steps:
            yield f"  {word}:"
            yield from (line for step in steps for line in _step_lines(step))
    yield from _remaining(outcome)
    if outcome.remaining is not None:
        yield from people_section(outcome.remaining)


def _verdict(outcome: Outcome) -> str:
    if outcome.converged:
        return "converged: every step is done, and planning again finds nothing to change"
    if outcome.interrupted:
        return "interrupted: the steps below that are done stay done; run apply again to go on"
    if not outcome.wrote:
        return "nothing was written"
    return "not converged: apply again after the cause is settled; what is done stays done"


def _step_lines(outcome: StepOutcome) -> Iterator[str]:
    yield f"    {step_title(outcome.step)}"
    if outcome.detail is not None:
        yield from wrapped(outcome.detail, indent=" " * 6)


def _remaining(outcome: Outcome) -> Iterator[str]:
    if outcome.remaining is None or outcome.converged:
        return
    yield "  remaining:"
    yield from (f"    {symbol_of(change)} {change.address}  {change.action}" for change in outcome.remaining.changes)
    yield from (f"    ? {gap.address} {gap.field}: {gap.reason}" for gap in outcome.remaining.unread)
    yield from (f"    ? {problem.code}: {problem.summary}" for problem in outcome.remaining.problems)
    yield from (f"    ! {objection.code}: {objection.message}" for objection in outcome.remaining.standing_objections)
    if not outcome.remaining.changes:
        yield from (f"    {step_title(step)}" for step in outcome.remaining.steps)
