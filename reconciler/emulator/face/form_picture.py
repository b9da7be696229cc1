"""Turns the XML of a form into a picture: tabs, columns, sections, cells, and the widgets among them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.emulator.face.form_tree import Element, tree_of

_TWELFTHS = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands at one place of a section. `widget` is the title of a widget of the catalogue, `control` the custom control's name."""

    label: str
    rows: int
    widget: str
    control: str


@dataclass(frozen=True, slots=True)
class Section:
    """A box of cells."""

    label: str
    hidden: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Sections below each other; `twelfths` of the width of the tab."""

    twelfths: int
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """Columns beside each other."""

    label: str
    hidden: bool
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A form. `widgets` are the titles of the catalogue's widgets that stand on it, in order."""

    tabs: tuple[Tab, ...]

    @property
    def widgets(self) -> tuple[str, ...]:
        """The widgets that stand on the form."""
        cells = (cell for tab in self.tabs for column in tab.columns for section in column.sections for cell in section.cells)
        return tuple(cell.widget for cell in cells if cell.widget)


def picture_of(text: str, titles: Mapping[str, str]) -> Picture:
    """The picture of a form; `titles` are the widgets by custom-control name. ValueError as `tree_of`."""
    form = tree_of(text)
    controls = {
        description.attributes.get("forControl", "").strip("{}").lower(): control.attributes.get("name", "")
        for description in form.named("controlDescriptions", "controlDescription")
        for control in description.named("customControl")
    }
    return Picture(tuple(_tab(tab, controls, titles) for tab in form.named("tabs", "tab")))


def _tab(tab: Element, controls: Mapping[str, str], titles: Mapping[str, str]) -> Tab:
    columns = tuple(
        Column(_twelfths(column), tuple(_section(section, controls, titles) for section in column.named("sections", "section")))
        for column in tab.named("columns", "column")
    )
    return Tab(_label(tab), _is_hidden(tab), columns)


def _section(section: Element, controls: Mapping[str, str], titles: Mapping[str, str]) -> Section:
    cells = tuple(_cell(cell, controls, titles) for cell in section.named("rows", "row", "cell") if cell.children)
    return Section(_label(section), _is_hidden(section), cells)


def _cell(cell: Element, controls: Mapping[str, str], titles: Mapping[str, str]) -> Cell:
    id, unique = "", ""
    for control in cell.named("control"):
        id, unique = control.attributes.get("id", ""), control.attributes.get("uniqueid", "")
    custom = controls.get(unique.strip("{}").lower(), "") if unique else ""
    rows = cell.attributes.get("rowspan", "1")
    height = int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 4 else 1
    return Cell(_label(cell) or id, height, titles.get(custom, ""), custom)


def _label(element: Element) -> str:
    for label in element.named("labels", "label"):
        return label.attributes.get("description", "")
    return element.attributes.get("name", "")


def _is_hidden(element: Element) -> bool:
    return element.attributes.get("visible", "true").lower() == "false"


def _twelfths(column: Element) -> int:
    width = column.attributes.get("width", "").rstrip("%")
    share = float(width) if width.isascii() and width.replace(".", "", 1).isdigit() and len(width) < 9 else 100.0
    return max(1, min(_TWELFTHS, round(share * _TWELFTHS / 100)))
