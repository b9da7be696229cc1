"""Turns what is no longer wanted into splices that take it away and close what was opened for it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.forms.compose import Part, layout_of, render
from reconciler.forms.draft import Draft
from reconciler.forms.locate import Cell, Description
from reconciler.forms.recognise import Appearance, OwnSection
from reconciler.forms.splice import Splice, attribute_set, closed, cut
from reconciler.forms.tree import Element


def section_out(own: OwnSection) -> Splice:
    """Takes a section of ours away; when nothing else is in its container, that is closed again as the letters say."""
    element = own.section.element
    column = own.section.column
    container = column.container
    if container is None or not _holds_only(container, [element]):
        return cut(element)
    if "s" in own.letters:
        return closed(container)
    if "c" in own.letters and _holds_only(column.element, [container]):
        return closed(column.element)
    return cut(container) if "a" in own.letters or "c" in own.letters else cut(element)


def descriptions_out(draft: Draft, descriptions: Sequence[Description]) -> list[Splice]:
    """Takes control descriptions away; when no other is left, their container is closed or removed as ours remember."""
    elements = [each.element for each in descriptions]
    container = draft.form.container
    if elements and container is not None and _holds_only(container, elements):
        if "d" in draft.form_letters:
            return [closed(container)]
        if "n" in draft.form_letters:
            return [cut(container)]
    return [cut(each) for each in elements]


def cell_out(cell: Cell, *, keep_row: bool) -> list[Splice]:
    """Takes a cell away with the empty rows that only it extends over. The row goes too when nothing else is in it, unless it is kept."""
    others = _others(cell)
    spare = _empty_rows(cell)[: height_of(cell.element) - 1][_tallest(others) - 1 :]
    first = cut(cell.element) if keep_row or others else cut(cell.row)
    return [first, *(cut(row) for row in spare)]


def resized(cell: Cell, height: int) -> list[Splice]:
    """Gives a cell another height and as many empty rows after its own as the tallest cell of that row needs."""
    belonging = _empty_rows(cell)[: height_of(cell.element) - 1]
    needed = max(height, _tallest(_others(cell))) - 1
    splices = [attribute_set(cell.element, "rowspan", str(height)), *(cut(row) for row in belonging[needed:])]
    if len(belonging) < needed:
        end = belonging[-1].end if belonging else cell.row.end
        splices.append(Splice(end, end, render(Part("row"), layout_of(cell.row)).encode() * (needed - len(belonging))))
    return splices


def height_of(cell: Element) -> int:
    """Over how many rows a cell extends; 1 when it does not say a sensible number."""
    text = cell.get("rowspan") or "1"
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def guests_of(draft: Draft, own: OwnSection) -> tuple[Cell, ...]:
    """The cells in a section of ours whose control is not the widget's own."""
    mine = {id(each.cell) for each in draft.seen.of(own.widget, ours=True)}
    return tuple(cell for cell in own.section.cells if cell.control is not None and id(cell) not in mine)


def orphaned_by(draft: Draft, appearance: Appearance) -> tuple[Description, ...]:
    """The descriptions that nothing else on the form needs once this appearance is gone."""
    others = [each for each in draft.seen.appearances if each is not appearance]
    return tuple(each for each in appearance.descriptions if not any(each in other.descriptions for other in others))


def appearance_out(draft: Draft, appearance: Appearance) -> list[Splice]:
    """Takes one appearance of a widget away: ours with its section or its row, somebody else's without touching the row."""
    splices = descriptions_out(draft, orphaned_by(draft, appearance))
    cell = appearance.cell
    if cell is None:
        return splices
    own = draft.seen.own_section(cell.section)
    if own is not None and own.widget == appearance.widget and not guests_of(draft, own) and _is_only_one(draft, own):
        return [*splices, section_out(own)]
    return [*splices, *cell_out(cell, keep_row=not appearance.ours)]


def _is_only_one(draft: Draft, own: OwnSection) -> bool:
    """Whether at most one control of the widget stands in its section."""
    return len([each for each in draft.seen.of(own.widget, ours=True) if each.cell and each.cell.section is own.section]) <= 1


def _holds_only(container: Element, elements: Sequence[Element]) -> bool:
    """Whether nothing but white space is left in the container without those children."""
    if container.is_self_closed or {id(each) for each in container.children} != {id(each) for each in elements}:
        return False
    position, rest = container.open_end, b""
    for each in elements:
        rest += container.source[position : each.start]
        position = each.end
    return not (rest + container.source[position : container.close_start]).strip()


def _others(cell: Cell) -> list[Element]:
    return [each for each in cell.row.children if each is not cell.element]


def _tallest(cells: Sequence[Element]) -> int:
    return max((height_of(each) for each in cells), default=1)


def _empty_rows(cell: Cell) -> list[Element]:
    """The rows directly after the cell's own that hold nothing at all."""
    rows = cell.row.parent.children if cell.row.parent is not None else []
    found = []
    for row in rows[rows.index(cell.row) + 1 :]:
        if row.tag != "row" or not (row.is_self_closed or _holds_only(row, [])):
            break
        found.append(row)
    return found
