"""Turns the grid of a form into one paragraph: what a picture shows, for those who cannot see it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.forms.picture_grid import DrawnWidget, Grid, heading

MOST_TOLD = 40


def described(grid: Grid) -> str:
    """How many tabs and sections there are, and where each widget stands."""
    sections = sum(len(column) for tab in grid.tabs for column in tab.columns)
    told = list(_places(grid))
    more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    widgets = "; ".join([*told[:MOST_TOLD], *more]) or "none"
    return f"{_counted(len(grid.tabs), 'tab')}, {_counted(sections, 'section')}. Widgets: {widgets}."


def _places(grid: Grid) -> Iterator[str]:
    for tab in grid.tabs:
        for number, column in enumerate(tab.columns, 1):
            for section in column:
                hidden = tab.is_hidden or section.is_hidden
                where = f"{heading(tab.name, tab.label)}, column {number}, {heading(section.name, section.label)}"
                yield from (f"{_widget(each, hidden=hidden)} in {where}" for each in section.widgets)
    yield from (f"{_widget(each, hidden=False)} in header or footer" for each in grid.outside)
    yield from (f"{_widget(each, hidden=False)} in no cell" for each in grid.nowhere)


def _widget(widget: DrawnWidget, *, hidden: bool) -> str:
    marks = ["placed by rictl" if widget.is_ours else "placed by somebody else"]
    marks += ["half there"] if widget.is_half else []
    marks += ["hidden"] if widget.is_hidden or hidden else []
    return f"{widget.name} ({', '.join(marks)})"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
