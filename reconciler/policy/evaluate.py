"""Turns rules and the variables of a plan into rulings. Pure; an expression may cost what the runtime allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.policy import Rule, Ruling
from reconciler.policy.language import Complaint, Program, Unevaluable, compiled, value_of
from reconciler.policy.message import Message, filled, message_of


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule whose expressions are compiled; with an `error` they cannot be."""

    rule: Rule
    when: Program | None
    message: Message | None
    error: str | None = None


def prepared(rule: Rule) -> Ready:
    """The rule, ready to be asked about many plans. Never raises."""
    when, message = compiled(rule.when), message_of(rule.message)
    if isinstance(when, tuple):
        return Ready(rule, None, None, _said(when[0]))
    if isinstance(message, tuple):
        return Ready(rule, None, None, f"in the message: {_said(message[0].complaint)}")
    return Ready(rule, when, message)


def ruling(ready: Ready, variables: Mapping[str, object]) -> Ruling:
    """What the rule says of these variables. Never raises; what has no answer is an error of the ruling."""
    if ready.when is None or ready.message is None:
        return Ruling(ready.rule, False, error=ready.error)
    try:
        applies = value_of(ready.when, variables)
        if not isinstance(applies, bool):
            return Ruling(ready.rule, False, error="`when` is neither true nor false")
        return Ruling(ready.rule, applies, filled(ready.message, variables) if applies else "")
    except Unevaluable as error:
        return Ruling(ready.rule, False, error=str(error))


def _said(complaint: Complaint) -> str:
    return f"{complaint.said} (line {complaint.line}, column {complaint.column} of the expression)"
