"""Turns the map of a form into what of it is a known widget, and whose. Pure.

A widget is known by the custom control that a description names, never by our ids, so that what a person placed counts too.
It is ours when it stands in a section of ours, or when its link is the one that only we would have written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.forms.identity import control_links, owner_of, stem
from reconciler.forms.locate import Cell, Description, FormMap, Section, plain
from reconciler.forms.values import WidgetSpec

HOST_CLASS = "f9a8a302-114e-466a-b582-6771b2ae0d92"


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """One widget on the form. Whole when it has a cell and one of its descriptions names a known control; else half, and ours."""

    widget: str
    ours: bool
    cell: Cell | None
    descriptions: tuple[Description, ...]
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class OwnSection:
    """A section that carries our name: whose it is, and what was opened for it."""

    section: Section
    widget: str
    letters: str


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """Everything on the form that concerns known widgets."""

    appearances: tuple[Appearance, ...]
    sections: tuple[OwnSection, ...]

    def of(self, widget: str, *, ours: bool) -> tuple[Appearance, ...]:
        """The appearances of one widget that are ours, or that are somebody else's."""
        return tuple(each for each in self.appearances if each.widget == widget and each.ours == ours)

    def own_section(self, section: Section | None) -> OwnSection | None:
        """The section as one of ours, or None."""
        return next((each for each in self.sections if each.section is section), None)

    def owners(self) -> dict[int, str]:
        """Where each section of ours starts, and its widget."""
        return {each.section.element.start: each.widget for each in self.sections}


def recognise(form: FormMap, known: Sequence[WidgetSpec], form_id: str | None) -> Recognised:
    """What of the form is a known widget. Without `form_id` ours are known by the names of their sections alone."""
    sections = tuple(
        OwnSection(section, owner[0], owner[1]) for section in form.sections if (owner := owner_of(section.name, known)) is not None
    )
    return Recognised(tuple(_appearances(form, known, form_id, {id(each.section): each for each in sections})), sections)


def _appearances(form: FormMap, known: Sequence[WidgetSpec], form_id: str | None, own: dict[int, OwnSection]) -> Iterator[Appearance]:
    by_name = {control: spec.name for spec in known for control in spec.controls}
    links = {link: spec.name for spec in known for link in control_links(form_id, spec.name)} if form_id is not None else {}
    described: dict[str, list[Description]] = defaultdict(list)
    for description in form.descriptions:
        described[description.control].append(description)
    linked = set()
    for cell in form.cells:
        if cell.control is None:
            continue
        link = plain(cell.control.get("uniqueid"))
        linked.add(link)
        found = tuple(described[link]) if link and link in described else ()
        widget = next((by_name[name] for each in found for name in each.names if name in by_name), None)
        section = own.get(id(cell.section))
        if widget is not None:
            yield Appearance(widget, links.get(link) == widget or (section is not None and section.widget == widget), cell, found, True)
        elif link in links:
            yield Appearance(links[link], True, cell, found, False)
        elif section is not None and _is_bare_own(cell, section.widget) and not found:
            yield Appearance(section.widget, True, cell, (), False)
    for link, widget in links.items():
        if link in described and link not in linked:
            yield Appearance(widget, True, None, tuple(described[link]), False)


def _is_bare_own(cell: Cell, widget: str) -> bool:
    """Whether a control without a description is what is left of ours in our own section."""
    control = cell.control
    return control is not None and plain(control.get("classid")) == HOST_CLASS and (control.get("id") or "").startswith(stem(widget))
