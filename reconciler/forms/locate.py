"""Turns FormXml into a map of its tabs, columns, sections, cells, controls and control descriptions. Pure.

Everything is found by its path, never by its order: the children of a form, a tab, a section and a cell may stand in any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.forms.tree import Element, FormUnreadable, parse

__all__ = ["Cell", "Column", "Description", "FormMap", "FormUnreadable", "Section", "Tab", "label_of", "locate", "plain"]


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell in a row of a section, or of the header or footer (then `section` is None)."""

    element: Element
    row: Element
    section: Section | None
    control: Element | None


@dataclass(slots=True, eq=False)
class Section:
    """A section and its place: `column` holds it at `index`."""

    element: Element
    column: Column
    index: int
    name: str
    cells: tuple[Cell, ...] = ()


@dataclass(slots=True, eq=False)
class Column:
    """A column of a tab; `number` counts from 1, `container` is its `<sections>`."""

    element: Element
    tab: Tab
    number: int
    container: Element | None
    sections: tuple[Section, ...] = ()


@dataclass(slots=True, eq=False)
class Tab:
    """A tab of the form."""

    element: Element
    name: str
    columns: tuple[Column, ...] = ()

    @property
    def sections(self) -> Iterator[Section]:
        """The sections of all columns."""
        return (section for column in self.columns for section in column.sections)


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """A control description: for which control (plain lower-case id), and which custom controls it names."""

    element: Element
    control: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FormMap:
    """Where everything is. `others` are the cells of header and footer; `container` is `<controlDescriptions>`."""

    root: Element
    tabs: tuple[Tab, ...]
    others: tuple[Cell, ...]
    tabs_element: Element | None
    container: Element | None
    descriptions: tuple[Description, ...]

    @property
    def sections(self) -> Iterator[Section]:
        """The sections of all tabs."""
        return (section for tab in self.tabs for section in tab.sections)

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell: those of the tabs, then those of header and footer."""
        yield from (cell for section in self.sections for cell in section.cells)
        yield from self.others

    @property
    def controls(self) -> Iterator[Element]:
        """Every control that sits in a cell."""
        return (cell.control for cell in self.cells if cell.control is not None)


def plain(identifier: str | None) -> str:
    """A GUID without braces and in lower case, so that two spellings of it are equal."""
    return (identifier or "").strip().strip("{}").lower()


def label_of(element: Element, language: int) -> str | None:
    """The label in that language, or None when there is none."""
    labels = element.child("labels")
    for label in labels.children if labels else ():
        if label.tag == "label" and label.get("languagecode") == str(language):
            return label.get("description")
    return None


def locate(xml: bytes) -> FormMap:
    """The map of one form. Raises FormUnreadable for bytes that are not well-formed, carry a DTD, or are too deep or too large."""
    root = parse(xml)
    if root.tag != "form":
        raise FormUnreadable(f"the root element is {root.tag[:40]!r}, not 'form'")
    tabs_element = root.child("tabs")
    container = root.child("controlDescriptions")
    others = tuple(cell for part in ("header", "footer") if (found := root.child(part)) for cell in _cells(found, None))
    tabs = tuple(_tab(each) for each in tabs_element.children if each.tag == "tab") if tabs_element else ()
    descriptions = tuple(_description(each) for each in container.children if each.tag == "controlDescription") if container else ()
    return FormMap(root, tabs, others, tabs_element, container, descriptions)


def _tab(element: Element) -> Tab:
    tab = Tab(element, element.get("name") or "")
    columns = element.child("columns")
    found = [each for each in columns.children if each.tag == "column"] if columns else []
    tab.columns = tuple(_column(each, tab, number) for number, each in enumerate(found, 1))
    return tab


def _column(element: Element, tab: Tab, number: int) -> Column:
    column = Column(element, tab, number, element.child("sections"))
    found = [each for each in column.container.children if each.tag == "section"] if column.container else []
    column.sections = tuple(_section(each, column, index) for index, each in enumerate(found))
    return column


def _section(element: Element, column: Column, index: int) -> Section:
    section = Section(element, column, index, element.get("name") or "")
    section.cells = tuple(_cells(element, section))
    return section


def _cells(element: Element, section: Section | None) -> Iterator[Cell]:
    rows = element.child("rows")
    for row in rows.children if rows else ():
        if row.tag == "row":
            for cell in row.children:
                if cell.tag == "cell":
                    yield Cell(cell, row, section, cell.child("control"))


def _description(element: Element) -> Description:
    names = (each.get("name") for each in element.children if each.tag == "customControl")
    return Description(element, plain(element.get("forControl")), tuple(name for name in names if name))
