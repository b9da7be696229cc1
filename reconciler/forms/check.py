"""Proves of two drafts that nothing but ours differs between them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reconciler.forms.draft import Draft
from reconciler.forms.splice import SpliceBroken
from reconciler.forms.tree import Element

PARTS = frozenset({"tab", "column", "section", "cell", "header", "footer", "controlDescription"})
"""What has an identity; rows and the containers come and go with what is in them."""


def confirm(before: Draft, after: Draft, *, exclusive: bool) -> None:
    """Raises SpliceBroken when a part of somebody else's was lost, doubled or changed, or one of ours is not unique."""
    if _foreign(before, exclusive=exclusive) != _foreign(after, exclusive=exclusive):
        raise SpliceBroken("something that is not ours changed")
    if len(before.form.tabs) != len(after.form.tabs):
        raise SpliceBroken("the number of tabs changed")
    there, here = _layout_ids(before), _layout_ids(after)
    if any(count > max(1, there[identifier]) for identifier, count in here.items()):
        raise SpliceBroken("an identifier of ours occurs twice")


def _foreign(draft: Draft, *, exclusive: bool) -> dict[object, int]:
    """Everything that is not ours; with `exclusive` other people's copies of our widgets count as ours."""
    guests = {id(each.section.element): [cell.element for cell in each.section.cells if cell.control] for each in draft.seen.sections}
    skipped = set()
    for each in draft.seen.appearances:
        if each.ours or exclusive:
            skipped |= {id(description.element) for description in each.descriptions}
            skipped |= {id(each.cell.element)} if each.cell is not None else set()
    return dict(Counter(_parts(draft.form.root, guests, skipped)))


def _parts(root: Element, guests: Mapping[int, Sequence[Element]], skipped: set[int]) -> Iterator[object]:
    """The start of each part of the grid, and the bytes of each element that is outside it. Of sections of ours only the guests."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if id(element) in guests:
            waiting.extend(guests[id(element)])
        elif not element.is_in_grid:
            yield element.source[element.start : element.end]
        elif id(element) not in skipped:
            if element.tag in PARTS:
                yield element.tag, tuple(element.attributes.items())
            waiting.extend(element.children)


def _layout_ids(draft: Draft) -> Counter[tuple[str, str]]:
    """How often each id of a section, cell and link occurs."""
    places = [("id", each.element) for each in draft.form.sections]
    places += [("id", cell.element) for cell in draft.form.cells]
    places += [(key, control) for control in draft.form.controls for key in ("id", "uniqueid")]
    places += [("forControl", each.element) for each in draft.form.descriptions]
    return Counter((f"{element.tag}/{key}", value) for key, element in places if (value := element.attributes.get(key)))
