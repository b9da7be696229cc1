"""Finds the word that somebody most likely meant. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is closest, letter case aside, or None when none is close."""
    # Imported here: a run without mistakes does not need it.
    from difflib import get_close_matches

    by_lower = {name.lower().replace("_", "-"): name for name in known}
    matches = get_close_matches(word[:80].lower().replace("_", "-"), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The question with the nearest word, or None."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found is not None else None


def choices(known: Iterable[str]) -> str:
    """The words in a row."""
    return "one of: " + ", ".join(f"`{name}`" for name in known)
