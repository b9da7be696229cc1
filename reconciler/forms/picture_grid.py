"""Turns FormXml into the grid that every picture of it shows: tabs, columns, sections, and the known widgets in them. Pure.

Texts are clean when they stand in the grid: no control, no bidirectional override, no line break, and not longer than `LONGEST`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.forms.locate import Cell, Column, Section, Tab, locate
from reconciler.forms.recognise import Appearance, recognise
from reconciler.forms.tree import Element
from reconciler.forms.values import WidgetSpec

LONGEST = 400
MOST_COLUMNS = 5
"""The schema allows three; what a hostile form has beyond these is counted and not drawn."""


@dataclass(frozen=True, slots=True)
class DrawnWidget:
    """A known widget. `is_hidden` speaks of its own cell, not of what surrounds it; half: its control or its description is missing."""

    name: str
    is_ours: bool
    is_half: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class DrawnSection:
    """A section. `fields` counts its controls that are no known widgets."""

    name: str
    label: str
    is_hidden: bool
    fields: int
    widgets: tuple[DrawnWidget, ...]


@dataclass(frozen=True, slots=True)
class DrawnTab:
    """A tab with its columns from left to right; `left_out` counts the columns that are too many to draw."""

    name: str
    label: str
    is_hidden: bool
    columns: tuple[tuple[DrawnSection, ...], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One form. `outside` are the widgets in header and footer, `nowhere` those of ours of which only a description is left."""

    tabs: tuple[DrawnTab, ...]
    outside: tuple[DrawnWidget, ...]
    nowhere: tuple[DrawnWidget, ...]


_Inside = Mapping[int, Sequence[Appearance]]


def grid_of(xml: bytes, known: Sequence[WidgetSpec], form_id: str | None) -> Grid:
    """The grid of one form. Without `form_id` ours are known by their sections alone. Raises FormUnreadable as `locate` does."""
    form = locate(xml)
    inside: dict[int, list[Appearance]] = defaultdict(list)
    outside, nowhere = [], []
    for each in recognise(form, known, form_id).appearances:
        if each.cell is None:
            nowhere.append(_widget(each))
        elif each.cell.section is None:
            outside.append(_widget(each))
        else:
            inside[id(each.cell.section)].append(each)
    return Grid(tuple(_tab(tab, inside) for tab in form.tabs), tuple(outside), tuple(nowhere))


def heading(name: str, label: str) -> str:
    """Name and label, or whichever of them there is."""
    return f'{name} "{label}"' if name and label and label != name else name or label or "(no name)"


def clean(text: str) -> str:
    """The text without anything that moves a cursor, turns the reading order or breaks a line; what is beyond `LONGEST` is cut."""
    return "".join(
        each for each in text[:LONGEST] if unicodedata.category(each)[0] != "C" and unicodedata.category(each) not in ("Zl", "Zp")
    )


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: none for combining marks, two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def shortened(text: str, width: int) -> str:
    """A clean text in at most so many columns, with an ellipsis where something is missing."""
    if columns_of(text) <= width:
        return text
    while text and columns_of(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def _tab(tab: Tab, inside: _Inside) -> DrawnTab:
    drawn = tuple(_column(column, inside) for column in tab.columns[:MOST_COLUMNS])
    return DrawnTab(*_names(tab.element, tab.name), _is_hidden(tab.element), drawn, len(tab.columns) - len(drawn))


def _column(column: Column, inside: _Inside) -> tuple[DrawnSection, ...]:
    return tuple(_section(section, inside) for section in column.sections)


def _section(section: Section, inside: _Inside) -> DrawnSection:
    widgets = inside.get(id(section), ())
    controls = sum(cell.control is not None for cell in section.cells)
    return DrawnSection(
        *_names(section.element, section.name),
        _is_hidden(section.element),
        controls - len(widgets),
        tuple(_widget(each) for each in widgets),
    )


def _widget(each: Appearance) -> DrawnWidget:
    cell: Cell | None = each.cell
    return DrawnWidget(each.widget, each.ours, not each.whole, cell is not None and _is_hidden(cell.element))


def _names(element: Element, name: str) -> tuple[str, str]:
    """Name and label; where there is neither, the id is the name."""
    labels = element.child("labels")
    label = next((each.get("description") or "" for each in labels.children if each.tag == "label"), "") if labels else ""
    return clean(name or ("" if label else element.get("id") or "")), clean(label)


def _is_hidden(element: Element) -> bool:
    return (element.get("visible") or "true").lower() in ("false", "0")
