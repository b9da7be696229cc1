"""Turns the text of a CEL expression into something that can be evaluated, or into what is wrong with it. Pure.

The runtime is imported when the first expression is met: most checkouts have no policies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

LONGEST = 2_000
"""Characters of one expression. The runtime itself refuses more than 32 levels, and stops an evaluation after 10,000 iterations."""

VARIABLES: Mapping[str, str] = {
    "plan": "map<string, dyn>",
    "environment": "string",
    "labels": "map<string, string>",
    "risk": "string",
    "changes": "list<map<string, dyn>>",
    "fields": "list<map<string, dyn>>",
    "objections": "list<map<string, dyn>>",
    "tasks": "list<map<string, dyn>>",
    "impacts": "list<map<string, dyn>>",
}
"""What an expression may name, and its type in CEL."""

_PLACED = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): (.*)")
_STATUS = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]$")

_NOISE = re.compile(r" \(in container ''\)| \[[A-Z_]+\]$")

_UNKNOWN = re.compile(r"^undeclared reference to '([^']{1,60})'")

Runtime = Any
"""The CEL runtime: foreign code without type information of its own."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with an expression. Line and column count from 1 inside of it; `is_type` is a wrong type or name, not wrong syntax."""

    said: str
    line: int = 1
    column: int = 1
    is_type: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A checked expression. `result` is its type: `dyn` when only an evaluation can tell."""

    expression: Runtime
    result: str


class Unevaluable(Exception):
    """An expression has no value for these variables; the text says why."""


def compiled(text: str) -> Program | tuple[Complaint, ...]:
    """The expression with its type, or everything that is wrong with it. Never raises."""
    if len(text) > LONGEST:
        return (Complaint(f"the expression has {len(text):,} characters, {LONGEST:,} are allowed"),)
    if any("\ud800" <= character <= "\udfff" for character in text):
        return (Complaint("the expression holds half of a character"),)
    try:
        expression = _environment().compile(text)
    except RuntimeError as error:
        return _complaints(str(error))
    return Program(expression, expression.return_type().name().lower())


def value_of(program: Program, variables: Mapping[str, object]) -> object:
    """The plain value of the expression. Raises Unevaluable for whatever goes wrong, the runtime's bounds included."""
    try:
        value = program.expression.eval(data=dict(variables))
        if value.type().name() == "ERROR":
            raise Unevaluable(_STATUS.sub("", str(value.plain_value())))
        return value.plain_value()
    except (RuntimeError, TypeError, ValueError, OverflowError) as error:
        raise Unevaluable(_STATUS.sub("", _STATUS.sub("", str(error).split("\n", 1)[0]))) from error


def _complaints(said: str) -> tuple[Complaint, ...]:
    found = tuple(
        Complaint(_helped(_NOISE.sub("", message).strip()), max(1, int(line)), max(1, int(column)), is_type="yntax error" not in message)
        for line, column, message in _PLACED.findall(said)
        # What follows from another mistake helps nobody.
        if "*error*" not in message
    )
    return tuple(dict.fromkeys(found)) or (Complaint(_STATUS.sub("", _STATUS.sub("", said.strip()))),)


def _helped(message: str) -> str:
    """An unknown name with the nearest one that there is."""
    found = _UNKNOWN.search(message)
    if found is None:
        return message
    from difflib import get_close_matches

    near = get_close_matches(found[1], VARIABLES, n=1)
    return f"{message}; did you mean `{near[0]}`?" if near else message


@cache
def _environment() -> Runtime:
    from cel_expr_python import cel

    return cel.NewEnv(variables={name: cel.Type(signature) for name, signature in VARIABLES.items()})
