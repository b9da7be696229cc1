"""Turns plans into the numbers that every output shows: one count for text, JSON and exit codes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.model.about import about
from reconciler.model.plan import Plan
from reconciler.report.symbols import symbol_of


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a run. A kind or a widget counts once, whatever number of its fields moves."""

    environments: int = about("How many environments were asked for.", 4)
    changing: int = about("Of them, how many would change.", 2)
    enable: int = about("Kinds that go on and widgets that are added.", 3)
    change: int = about("Kinds and widgets that stay on and change.", 1)
    disable: int = about("Kinds that go off and widgets that are removed.", 0)
    people: int = about("Tasks that only a person can do.", 1)
    refused: int = about("Environments with an objection that nobody waived.", 0)
    incomplete: int = about("Environments of which something could not be read or resolved.", 0)
    failed: int = about("Environments that could not be read at all.", 0)


def summary_of(plans: Sequence[Plan], failed: int = 0) -> Summary:
    """Counts the plans; `failed` environments have none."""
    symbols = [symbol_of(change) for plan in plans for change in plan.changes]
    return Summary(
        environments=len(plans) + failed,
        changing=sum(not plan.is_empty for plan in plans),
        enable=symbols.count("+"),
        change=symbols.count("~"),
        disable=symbols.count("-"),
        people=sum(len(plan.tasks) for plan in plans),
        refused=sum(bool(plan.standing_objections) for plan in plans),
        incomplete=sum(not plan.is_complete for plan in plans),
        failed=failed,
    )


def last_line(summary: Summary) -> str:
    """The line that programs read. Its form is frozen by a test; new counts may only be added behind the semicolon."""
    rest = [f"{count} {word}" for count, word in _exceptions(summary) if count]
    people = f"{summary.people} needs a person" if summary.people == 1 else f"{summary.people} need a person"
    environments = "environment" if summary.environments == 1 else "environments"
    if not summary.changing:
        tail = [*([people] if summary.people else []), *rest]
        return f"Plan: {_unchanged(summary, environments)}{'; ' if tail else ''}{', '.join(tail)}."
    verb = "changes" if summary.changing == 1 else "change"
    counts = f"{summary.enable} to enable, {summary.change} to change, {summary.disable} to disable, {people}"
    tail_text = f"; {', '.join(rest)}" if rest else ""
    return f"Plan: {summary.changing} of {summary.environments} {environments} {verb}: {counts}{tail_text}."


def _unchanged(summary: Summary, environments: str) -> str:
    """No changes is said only of environments that were read and resolved in full."""
    certain = summary.environments - summary.incomplete - summary.failed
    if certain == summary.environments:
        return f"no changes in {summary.environments} {environments}"
    if certain:
        return f"no changes in {certain} of {summary.environments} {environments}"
    return f"nothing can be said of {summary.environments} {environments}"


def _exceptions(summary: Summary) -> tuple[tuple[int, str], ...]:
    return ((summary.refused, "refused"), (summary.incomplete, "incomplete"), (summary.failed, "failed"))
