"""Turns a name that was not found into the three names most like it, with their ids. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

OFFERED = 3


def nearest(name: str, candidates: Iterable[tuple[str, str]]) -> str:
    """A hint that offers the nearest of `candidates`, (id, name); the same for any order of them."""
    wanted = name.casefold()
    ranked = sorted(candidates, key=lambda pair: (-_likeness(wanted, pair[1].casefold()), pair[1], pair[0]))
    if not ranked:
        return "there is none to choose from"
    return "did you mean " + ", ".join(f'"{found}" {{id: {row}}}' for row, found in ranked[:OFFERED]) + "?"


def _likeness(wanted: str, found: str) -> float:
    # Long names would make the comparison quadratic; names in Dataverse are at most a few hundred characters.
    return SequenceMatcher(None, wanted[:200], found[:200], autojunk=False).ratio()
