"""Turns the message of a rule into pieces of text and expressions, and these into the text for one plan. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.policy.language import Complaint, Program, Unevaluable, compiled, value_of

LONGEST = 500
"""Characters of a message whose values are filled in; the rest is cut."""

_PIECE = re.compile(r"\{([^{}]*)\}")
_SHOWN = ("string", "int", "uint", "double", "bool", "dyn")


@dataclass(frozen=True, slots=True)
class Message:
    """Text and programs in their order."""

    pieces: tuple[str | Program, ...]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A complaint about the expression that begins at this offset of the message."""

    offset: int
    complaint: Complaint


def message_of(text: str) -> Message | tuple[Misplaced, ...]:
    """The message, or everything that is wrong with the expressions in it. Braces stand for nothing else."""
    pieces: list[str | Program] = []
    wrong: list[Misplaced] = []
    end = 0
    for found in _PIECE.finditer(text):
        pieces.append(text[end : found.start()])
        end = found.end()
        program = compiled(found[1])
        if isinstance(program, tuple):
            wrong += [Misplaced(found.start(1), complaint) for complaint in program]
        elif program.result not in _SHOWN:
            wrong.append(Misplaced(found.start(1), Complaint(f"a {program.result} cannot be shown in a message", is_type=True)))
        else:
            pieces.append(program)
    pieces.append(text[end:])
    rest = "".join(piece for piece in pieces if isinstance(piece, str))
    if "{" in rest or "}" in rest:
        at = next(offset for offset, character in enumerate(_PIECE.sub(lambda piece: " " * len(piece[0]), text)) if character in "{}")
        wrong.append(Misplaced(at, Complaint("this brace has no partner")))
    return tuple(wrong) if wrong else Message(tuple(pieces))


def filled(message: Message, variables: Mapping[str, object]) -> str:
    """The text for these variables. Raises Unevaluable when a value cannot be told or cannot be shown."""
    parts = [piece if isinstance(piece, str) else _shown(value_of(piece, variables)) for piece in message.pieces]
    text = "".join(parts)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    raise Unevaluable("a placeholder of the message is neither text nor a number")
