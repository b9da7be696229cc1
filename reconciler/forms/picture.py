"""Turns FormXml into a drawing of its grid as plain text: tabs, columns and sections, with the known widgets marked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from reconciler.forms.picture_grid import DrawnSection, DrawnTab, DrawnWidget, columns_of, grid_of, heading, shortened
from reconciler.forms.values import WidgetSpec

MOST_LINES = 400
NARROWEST = 24


def picture(xml: bytes, *, known: Sequence[WidgetSpec], width: int = 78, form_id: str | None = None) -> str:
    """The grid as plain text, no line wider than `width`. Raises FormUnreadable as `locate` does."""
    grid = grid_of(xml, known, form_id)
    room = max(width, NARROWEST)
    lines = [line for tab in grid.tabs for line in _tab(tab, room)] or ["(no tabs)"]
    lines += [_mark("[header] ", each, room) for each in grid.outside]
    lines += [_mark("[nowhere] ", each, room) for each in grid.nowhere]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines"]
    return "\n".join(lines)


def _tab(tab: DrawnTab, width: int) -> list[str]:
    """A heading, and a box with one compartment a column."""
    title = _cut(f"[{heading(tab.name, tab.label)}]", width, " (hidden)" if tab.is_hidden else "")
    if not tab.columns:
        return [title, "(no columns)"]
    count = len(tab.columns)
    inner = (width - 1) // count - 3
    rule = "+" + "+".join("-" * (inner + 2) for _ in tab.columns) + "+"
    stacks = [[line for section in column for line in _section(section, inner)] or [_cut("(empty)", inner)] for column in tab.columns]
    rows = ("| " + " | ".join(_padded(text, inner) for text in row) + " |" for row in zip_longest(*stacks, fillvalue=""))
    more = [f"(and {tab.left_out} more columns)"] if tab.left_out else []
    return [title, rule, *rows, rule, *more]


def _section(section: DrawnSection, width: int) -> list[str]:
    """The section's name and, indented, the widgets in it."""
    title = _cut(heading(section.name, section.label), width, " (hidden)" if section.is_hidden else "")
    return [title, *(_mark("  ", each, width) for each in section.widgets)]


def _mark(before: str, widget: DrawnWidget, width: int) -> str:
    half, hidden = " (half)" if widget.is_half else "", " (hidden)" if widget.is_hidden else ""
    whose = "" if widget.is_ours else " (not ours)"
    return _cut(f"{before}{'*' if widget.is_ours else 'o'} {widget.name}", width, f"{half}{hidden}{whose}")


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns_of(text))


def _cut(text: str, width: int, note: str = "") -> str:
    """The text in at most so many columns; where there is room for it at all, the note behind it stays whole."""
    if len(note) * 2 > width:
        return shortened(f"{text}{note}", width).rstrip()
    return f"{shortened(text, width - len(note)).rstrip()}{note}"
