"""Turns rows of cells into aligned lines. Pure."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

WIDTH = 110


def width_of(text: str) -> int:
    """How many terminal cells the text takes: wide letters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def columns(rows: Sequence[Sequence[str]], *, indent: str = "", widest: int = 60) -> list[str]:
    """The rows with their cells below each other; the last cell is never padded, a cell wider than `widest` pushes the rest."""
    count = max((len(row) for row in rows), default=0)
    widths = [max((width_of(row[n]) for row in rows if n < len(row) - 1 and width_of(row[n]) <= widest), default=0) for n in range(count)]
    return [indent + "  ".join(_padded(cell, widths[n], n == len(row) - 1) for n, cell in enumerate(row)).rstrip() for row in rows]


def _padded(cell: str, width: int, is_last: bool) -> str:
    return cell if is_last else cell + " " * max(0, width - width_of(cell))


def wrapped(text: str, *, indent: str, hanging: str = "") -> list[str]:
    """The text broken at blanks; further lines stand under the first, `hanging` deeper. Long words, such as links, stay whole."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + hanging, break_long_words=False, break_on_hyphens=False
    ) or [indent.rstrip()]
