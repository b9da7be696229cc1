"""Turns two canonical trees that should be equal into the places where they are not, in words. Pure."""

from __future__ import annotations

from typing import Any

_SHOWN = 5


def differences(expected: object, actual: object) -> list[str]:
    """Empty when equal; otherwise at most five places with both values, and how many more there are.

    Equality is tested first: only trees that differ are worth the costly walk.
    """
    if expected == actual:
        return []
    # Imported here: it takes a fifth of a second, and nearly every run finds the trees equal.
    from deepdiff import DeepDiff

    found = [_words(change) for _, changes in DeepDiff(expected, actual, view="tree").items() for change in changes]
    found.sort()
    if len(found) > _SHOWN:
        return [*found[:_SHOWN], f"and {len(found) - _SHOWN} more"]
    return found


def _words(change: Any) -> str:
    return f"{change.path()}: expected {_short(change.t1)}, found {_short(change.t2)}"


def _short(value: object) -> str:
    text = "nothing" if repr(value) == "not present" else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
