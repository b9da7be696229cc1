"""Turns facts, values and steps into the words that people read. Pure."""

from __future__ import annotations

from typing import assert_never

from reconciler.model.fact import Absent, Fact, Known, Ref, Wanted
from reconciler.model.plan import AwaitActivation, Publish, Step, WriteForm, WriteRow


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
