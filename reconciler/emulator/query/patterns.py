"""Matches text against a pattern of SQL Server's LIKE, in bounded time whatever the pattern. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from reconciler.emulator.errors import bad_request

_MAX_LENGTH = 4000
_RANGE = re.compile(r"(.)(?:-(.))?", re.DOTALL)
_PIECE = re.compile(r"\[[^\]]*\]|.", re.DOTALL)


def is_like(text: str, pattern: str) -> bool:
    """Whether the whole text fits, letter case aside: `%` is any text, `_` one character, `[a-f]` and `[^x]` one of a set.

    >>> [is_like("Contoso", pattern) for pattern in ("con%", "%t_s%", "[a-d]%o", "[^c]%", "contos", "[z-a]%")]
    [True, True, True, False, False, False]
    """
    first, *others = _parts(pattern)
    found = first.match(text)
    # Leftmost is always best, for every part has a fixed length; one expression with several `.*` would try every combination.
    for part in others:
        if found is None:
            return False
        found = part.search(text, found.end())
    return found is not None


@lru_cache(maxsize=256)
def _parts(pattern: str) -> tuple[re.Pattern[str], ...]:
    if len(pattern) > _MAX_LENGTH:
        raise bad_request(f"A text in $filter is longer than {_MAX_LENGTH:,} characters.")
    parts = [""]
    for piece in _PIECE.findall(pattern):
        if piece == "%":
            parts.append("")
        else:
            parts[-1] += _one_character(piece)
    parts[-1] += r"\Z"
    return tuple(re.compile(part, re.IGNORECASE | re.DOTALL) for part in parts)


def _one_character(piece: str) -> str:
    if piece == "_":
        return "."
    if len(piece) < 3:
        return re.escape(piece)
    is_negated = piece[1] == "^" and len(piece) > 3
    ranges = _RANGE.findall(piece[2 if is_negated else 1 : -1])
    inside = "".join(f"{re.escape(first)}-{re.escape(last)}" if last else re.escape(first) for first, last in ranges)
    one_of = f"[{'^' if is_negated else ''}{inside}]"
    try:
        re.compile(one_of)
    except re.error:
        # A range that runs backwards holds nothing.
        return "(?!)"
    return one_of
