"""Turns the grid of a form into words: where each widget stands, and what a picture shows to those who cannot see it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.forms.picture_grid import DrawnWidget, Grid, heading

MOST_TOLD = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """A widget and its place. `is_hidden`: by itself or by what surrounds it. Without tab, column and section, `where` says it all."""

    widget: DrawnWidget
    where: str
    is_hidden: bool
    tab: str | None = None
    column: int | None = None
    section: str | None = None


def standings(grid: Grid) -> Iterator[Standing]:
    """The widgets of a form, in the order in which the form has them."""
    for tab in grid.tabs:
        for number, column in enumerate(tab.columns, 1):
            for section in column:
                names = heading(tab.name or tab.label, ""), heading(section.name or section.label, "")
                for each in section.widgets:
                    hidden = tab.is_hidden or section.is_hidden or each.is_hidden
                    yield Standing(each, f"{names[0]} / {number} / {names[1]}", hidden, names[0], number, names[1])
    yield from (Standing(each, "header or footer", each.is_hidden) for each in grid.outside)
    yield from (Standing(each, "no cell", False) for each in grid.nowhere)


def described(grid: Grid) -> str:
    """How many tabs and sections there are, and where each widget stands."""
    sections = sum(len(column) for tab in grid.tabs for column in tab.columns)
    told = [f"{each.widget.name} ({', '.join(_marks(each))}) in {each.where}" for each in standings(grid)]
    more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    widgets = "; ".join([*told[:MOST_TOLD], *more]) or "none"
    return f"{counted(len(grid.tabs), 'tab')}, {counted(sections, 'section')}. Widgets: {widgets}."


def counted(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def _marks(standing: Standing) -> Iterator[str]:
    yield "placed by rictl" if standing.widget.is_ours else "placed by somebody else"
    if standing.widget.is_half:
        yield "half there"
    if standing.is_hidden:
        yield "hidden"
