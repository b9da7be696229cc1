"""Proves of two drafts that nothing but ours differs between them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reconciler.forms.draft import Draft
from reconciler.forms.splice import SpliceBroken
from reconciler.forms.tree import Element

FOREIGN = ("id", "uniqueid", "forControl", "labelid", "handlerUniqueId", "libraryUniqueId", "classid", "datafieldname")


def confirm(before: Draft, after: Draft, *, exclusive: bool) -> None:
    """Raises SpliceBroken when an id of somebody else's was lost, doubled or changed, or one of ours is not unique."""
    if _foreign(before, exclusive=exclusive) != _foreign(after, exclusive=exclusive):
        raise SpliceBroken("identifiers that are not ours changed")
    if len(before.form.tabs) != len(after.form.tabs):
        raise SpliceBroken("the number of tabs changed")
    there, here = _layout_ids(before), _layout_ids(after)
    if any(count > max(1, there[identifier]) for identifier, count in here.items()):
        raise SpliceBroken("an identifier of ours occurs twice")


def _foreign(draft: Draft, *, exclusive: bool) -> Counter[tuple[str, str, str]]:
    """Every identifying attribute outside what is ours; with `exclusive` other people's copies of our widgets count as ours."""
    mine = {id(each.section.element) for each in draft.seen.sections}
    skipped = set()
    for each in draft.seen.appearances:
        if each.ours or exclusive:
            skipped |= {id(description.element) for description in each.descriptions}
            skipped |= {id(each.cell.element)} if each.cell is not None else set()
    return Counter(_attributes(draft.form.root, mine, skipped))


def _attributes(root: Element, mine: set[int], skipped: set[int]) -> Iterator[tuple[str, str, str]]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if id(element) in skipped:
            continue
        if id(element) not in mine:
            for name in FOREIGN:
                value = element.attributes.get(name)
                if value is not None:
                    yield element.tag, name, value
        waiting.extend(element.children)


def _layout_ids(draft: Draft) -> Counter[tuple[str, str]]:
    """How often each id of a section, cell and link occurs."""
    places = [("id", each.element) for each in draft.form.sections]
    places += [("id", cell.element) for cell in draft.form.cells]
    places += [(key, control) for control in draft.form.controls for key in ("id", "uniqueid")]
    places += [("forControl", each.element) for each in draft.form.descriptions]
    return Counter((f"{element.tag}/{key}", value) for key, element in places if (value := element.attributes.get(key)))
