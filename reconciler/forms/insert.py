"""Turns a new element of ours and a place for it into splices, opening what is closed and remembering that. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.forms.anchor import Gap, index_in
from reconciler.forms.compose import Part, layout_in, layout_of, render
from reconciler.forms.draft import Draft
from reconciler.forms.identity import COLUMN_LETTERS, FORM_LETTERS, section_name
from reconciler.forms.locate import Column
from reconciler.forms.recognise import OwnSection
from reconciler.forms.splice import Splice, attribute_set, opened
from reconciler.forms.tree import Element


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a column, and what has to be remembered by whoever takes it."""

    column: Column
    index: int
    letters: str


def seat_in(draft: Draft, gap: Gap, widget: str) -> Seat:
    """The place of a widget's section in a gap."""
    column = gap.column
    index = index_in(draft.scene, gap, widget, draft.setting.order)
    if column.container is None:
        return Seat(column, index, "c" if column.element.is_self_closed else "a")
    if column.container.is_self_closed:
        return Seat(column, index, "s")
    here = "".join(each.letters for each in draft.seen.sections if each.section.column is column)
    return Seat(column, index, "".join(letter for letter in COLUMN_LETTERS if letter in here))


def section_splice(seat: Seat, section: Part) -> Splice:
    """Puts the section on its seat."""
    container = seat.column.container
    if container is None:
        outer = Part("sections", (), (section,))
        return _first_child(seat.column.element, outer)
    if container.is_self_closed or not seat.column.sections:
        return _first_child(container, section)
    position = container.open_end if seat.index == 0 else seat.column.sections[seat.index - 1].element.end
    return Splice(position, position, render(section, layout_in(container)).encode())


def description_letters(draft: Draft, carried: str = "") -> str:
    """What a further section of ours has to remember of `<controlDescriptions>`; `carried` comes with a section that moves."""
    container = draft.form.container
    if container is None:
        return "n"
    if container.is_self_closed:
        return "d"
    return "".join(letter for letter in FORM_LETTERS if letter in draft.form_letters + carried)


def letters_splices(draft: Draft, letters: str) -> list[Splice]:
    """Makes every section of ours remember those letters of `<controlDescriptions>`, and no stale ones."""
    splices = []
    for each in draft.seen.sections:
        name = section_name(each.widget, set(each.letters) - set(FORM_LETTERS) | set(letters))
        if name != each.section.name:
            splices.append(attribute_set(each.section.element, "name", name))
    return splices


def description_splice(draft: Draft, description: Part) -> Splice:
    """Adds a control description after the others, or right after the tabs when the form has none at all."""
    container = draft.form.container
    if container is not None:
        return last_child(container, description)
    outer = Part("controlDescriptions", (), (description,))
    tabs = draft.form.tabs_element
    if tabs is None:
        return _first_child(draft.form.root, outer)
    return Splice(tabs.end, tabs.end, render(outer, layout_of(tabs)).encode())


def cell_splice(own: OwnSection, rows: tuple[Part, ...]) -> Splice:
    """Puts rows at the end of a section of ours that is already there."""
    section = own.section.element
    holder = section.child("rows")
    if holder is None:
        return last_child(section, Part("rows", (), rows))
    layout = layout_in(holder)
    text = "".join(render(row, layout) for row in rows).encode()
    return _inside(holder, text)


def last_child(container: Element, part: Part) -> Splice:
    """Adds a part after the last child of an element."""
    return _inside(container, render(part, layout_in(container)).encode())


def _inside(container: Element, text: bytes) -> Splice:
    if container.is_self_closed:
        return opened(container, text + _closing(container))
    position = container.children[-1].end if container.children else container.open_end
    return Splice(position, position, text)


def _first_child(container: Element, part: Part) -> Splice:
    text = render(part, layout_in(container)).encode()
    if container.is_self_closed:
        return opened(container, text + _closing(container))
    return Splice(container.open_end, container.open_end, text)


def _closing(container: Element) -> bytes:
    """White space before the end tag of an element that is being opened."""
    return layout_of(container).closing.encode()
