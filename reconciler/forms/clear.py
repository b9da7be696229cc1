"""Turns a draft into one without the widgets that are not wanted, and tells what went. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.forms.draft import Draft
from reconciler.forms.placement import placement_of
from reconciler.forms.recognise import Appearance
from reconciler.forms.settle import is_movable, suits
from reconciler.forms.values import Edit
from reconciler.forms.withdraw import appearance_out, guests_of, section_out
from reconciler.model.change import Placement
from reconciler.model.desired import DesiredWidget


def cleared(draft: Draft, *, exclusive: bool) -> tuple[Draft, list[Edit]]:
    """The draft without the widgets that are known and not wanted: ours, and everybody's when `exclusive`."""
    edits = list[Edit]()
    for spec in draft.setting.known:
        if spec.name in draft.setting.order:
            continue
        while (found := next(_removable(draft, spec.name, exclusive=exclusive), None)) is not None:
            edits.append(Edit(spec.name, "remove", placement_of(draft, found), None, None))
            draft = draft.edited(appearance_out(draft, found))
        while (
            empty := next((each for each in draft.seen.sections if each.widget == spec.name and not guests_of(draft, each)), None)
        ) is not None:
            if not edits or edits[-1].widget != spec.name:
                edits.append(Edit(spec.name, "remove", Placement(section=empty.section.name), None, None))
            draft = draft.edited([section_out(empty)])
    return draft, edits


def _removable(draft: Draft, widget: str, *, exclusive: bool) -> Iterator[Appearance]:
    yield from draft.seen.of(widget, ours=True)
    if exclusive:
        yield from (each for each in draft.seen.of(widget, ours=False) if is_movable(each))


def without_duplicates(draft: Draft, wanted: Sequence[DesiredWidget]) -> tuple[Draft, list[Edit]]:
    """The draft with one of each wanted widget: ours, or the one of somebody else's that already suits."""
    edits = list[Edit]()
    for wish in wanted:
        while (extra := _extra(draft, wish)) is not None:
            edits.append(Edit(wish.widget, "remove", placement_of(draft, extra), None, wish.origin))
            draft = draft.edited(appearance_out(draft, extra))
    return draft, edits


def _extra(draft: Draft, wish: DesiredWidget) -> Appearance | None:
    movable = [each for each in draft.seen.of(wish.widget, ours=False) if is_movable(each)]
    if draft.seen.of(wish.widget, ours=True):
        return movable[0] if movable else None
    best = next((each for each in movable if suits(draft, each, wish)), movable[0] if movable else None)
    return next((each for each in reversed(movable) if each is not best), None)
