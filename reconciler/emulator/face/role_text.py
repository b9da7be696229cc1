"""Turns the stored selection of security roles into a list and back, in the spelling in which it was found. Pure.

How the service stores the selection is not public: what is here are the spellings that this embedded Dataverse can be filled with.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Literal

Spelling = Literal["json", "comma", "names"]


@dataclass(frozen=True, slots=True)
class Selection:
    """`roles` are lower-case ids, or names when the spelling is `names`. `readable` is false for text that is no list of roles."""

    roles: tuple[str, ...] = ()
    spelling: Spelling = "json"
    readable: bool = True


def selection_of(text: str | None) -> Selection:
    """Reads the stored text; nothing stored is an empty selection."""
    stored = (text or "").strip()
    if not stored:
        return Selection()
    if stored.startswith(("[", "{")):
        return _from_json(stored)
    parts = tuple(part.strip() for part in stored.split(",") if part.strip())
    ids = tuple(_id(part) for part in parts)
    if all(ids):
        return Selection(tuple(id or "" for id in ids), "comma")
    return Selection(parts, "names")


def text_of(selection: Selection) -> str:
    """The text to store."""
    if selection.spelling == "json":
        return json.dumps(list(selection.roles))
    return (", " if selection.spelling == "names" else ",").join(selection.roles)


def _from_json(stored: str) -> Selection:
    try:
        found = json.loads(stored)
    except (ValueError, RecursionError):
        return Selection(readable=False)
    if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
        return Selection(readable=False)
    return Selection(tuple(_id(part) or part for part in found))


def _id(text: str) -> str | None:
    try:
        return str(uuid.UUID(text.strip("{}")))
    except ValueError:
        return None
