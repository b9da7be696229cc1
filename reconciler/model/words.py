"""Turns facts, values, steps and what is known of a change into the words that people read. Pure."""

from __future__ import annotations

from typing import assert_never

from reconciler.model.change import Cause
from reconciler.model.fact import Absent, Fact, Known, Ref, Wanted
from reconciler.model.note import Note
from reconciler.model.plan import AwaitActivation, PeopleImpact, Publish, Step, WriteForm, WriteRow


def in_words(fact: Fact) -> str:
    """A fact for people."""
    if isinstance(fact, Known):
        return value_in_words(fact.value)
    return "not set" if isinstance(fact, Absent) else f"unknown ({fact.reason})"


def value_in_words(value: Wanted) -> str:
    """A value for people: on and off, names instead of ids."""
    if isinstance(value, Absent):
        return "not set"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Ref):
        return value.name or value.id
    if isinstance(value, tuple):
        return ", ".join(ref.name or ref.id for ref in value) or "none"
    return str(value)


_CAUSES: dict[Cause, str] = {
    "git": "changed in git",
    "environment": "changed in the environment",
    "both": "changed in git and in the environment",
}


def cause_in_words(cause: Cause) -> str:
    """What moved since the base commit, for people."""
    return _CAUSES[cause]


def note_in_words(note: Note) -> str:
    """What somebody wrote about a section: why, who answers for it, where it was decided, until when; empty when none of it is said."""
    said = [note.why, f"owner {note.owner}" if note.owner else None, note.ticket, f"until {note.expires}" if note.expires else None]
    return "; ".join(part for part in said if part)


def impact_in_words(impact: PeopleImpact) -> str:
    """How many people a change concerns: more and fewer of them, today and afterwards, and why a number is missing or too low."""
    numbers = (impact.added, impact.removed, impact.before, impact.after)
    why = impact.not_counted or "nobody counted"
    if all(number is None for number in numbers):
        return f"{impact.what}: not counted ({why})"
    more, fewer, today, then = ("an unknown number" if number is None else f"{number:,}" for number in numbers)
    limits = "at least; " if impact.is_at_least else ""
    because = f" ({limits}{why})" if limits or None in numbers else ""
    return f"{impact.what}: {more} more, {fewer} fewer; {today} today, {then} afterwards{because}"


def step_title(step: Step) -> str:
    """One step in a few words, the same in plans, progress and outcomes."""
    match step:
        case WriteRow():
            verb = "create the row of" if step.row_id is None else "write"
            kinds = dict.fromkeys(write.kind for write in step.fields)
            moved = [f"{kind} ({', '.join(write.field for write in step.fields if write.kind == kind)})" for kind in kinds]
            return f"{verb} {step.table}: {', '.join(moved)}"
        case AwaitActivation():
            return f"wait until {step.kind} is {step.target}, at most {step.timeout_seconds // 60} min"
        case WriteForm():
            return f'write the form "{step.form_name}" of {step.table}'
        case Publish():
            return f"publish {step.table}"
        case _:
            assert_never(step)
