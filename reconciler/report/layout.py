"""Turns rows of cells into aligned lines. Pure."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

WIDTH = 100
"""Columns of a line. Reports are read in logs and pull requests as well, so it does not follow the terminal."""

_NARROW = 40


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


def folded(rows: Sequence[Sequence[str]], *, indent: str, widest: int = 60, hanging: str = "    ") -> list[str]:
    """As `columns`, but nothing is longer than a line: wide cells push the rest instead, and what still does not fit goes on below."""
    aligned = columns(rows, indent=indent, widest=widest)
    if any(width_of(line) > WIDTH for line in aligned):
        aligned = columns(rows, indent=indent, widest=_NARROW)
    lines: list[str] = []
    for line, row in zip(aligned, rows, strict=True):
        below: list[str] = []
        while width_of(line) > WIDTH and len(below) < len(row) - 1:
            cell = row[len(row) - 1 - len(below)]
            line, below = line[: len(line) - len(cell)].rstrip(), [cell, *below]
        lines += [line, *(wrapped("  ".join(below), indent=indent + hanging) if below else ())]
    return lines


def _padded(cell: str, width: int, is_last: bool) -> str:
    return cell if is_last else cell + " " * max(0, width - width_of(cell))


def wrapped(text: str, *, indent: str, hanging: str = "") -> list[str]:
    """The text broken at blanks; further lines stand under the first, `hanging` deeper. Long words, such as links, stay whole."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + hanging, break_long_words=False, break_on_hyphens=False
    ) or [indent.rstrip()]
