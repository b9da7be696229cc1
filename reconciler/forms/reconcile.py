"""Turns a form and the widgets wanted on it into the form that carries them, byte for byte the same elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.forms.anchor import NoPlace
from reconciler.forms.check import confirm
from reconciler.forms.draft import Draft, Setting
from reconciler.forms.findings import findings_of
from reconciler.forms.identity import stem
from reconciler.forms.meaning import meaning
from reconciler.forms.placement import placement_of, placements_of
from reconciler.forms.recognise import Appearance
from reconciler.forms.settle import is_movable, settle
from reconciler.forms.tree import FormUnreadable
from reconciler.forms.values import Edit, Finding, Problem, Reconciled, WidgetSpec
from reconciler.forms.wishes import wish_problems
from reconciler.forms.withdraw import appearance_out, guests_of, section_out
from reconciler.model.change import Placement
from reconciler.model.desired import DesiredWidget

__all__ = ["Edit", "Finding", "Problem", "Reconciled", "WidgetSpec", "differs_only_by_ours", "reconcile"]


def reconcile(
    xml: bytes,
    *,
    form_id: str,
    wanted: Sequence[DesiredWidget],
    known: Sequence[WidgetSpec],
    language: int,
    exclusive: bool = False,
) -> Reconciled:
    """The form with exactly the wanted widgets of ours on it.

    `wanted` is the whole set: ours that is not in it goes. Somebody else's copy of a wanted widget counts as present; it is
    moved or removed only when `exclusive`. What a wish leaves open is not compared. The result of the result has no edits.
    With any problem the bytes come back as they were. Deterministic.
    """
    setting = Setting(form_id, known, language, tuple(wish.widget for wish in wanted))
    try:
        before = Draft.of(xml, setting)
    except FormUnreadable as error:
        problem = Problem("form-unreadable", str(error), "repair the form in the form designer; nothing of it was changed", None)
        return Reconciled(xml, (), (), (problem,), {})
    at_first = placements_of(before)
    problems = wish_problems(wanted, known)
    if problems:
        return Reconciled(xml, (), (), problems, at_first)
    draft, edits = _cleared(before, exclusive=exclusive)
    actions = {}
    found: list[Problem] = []
    for wish in arranged(wanted):
        try:
            settled = settle(draft, wish, exclusive=exclusive)
        except NoPlace as error:
            found.append(Problem(error.code, f"{wish.widget}: {error.message}", error.hint, wish.origin.span))
            continue
        draft = settled.draft
        if settled.action is not None:
            actions[wish.widget] = settled.action
    if found:
        return Reconciled(xml, (), (), tuple(found), at_first)
    if exclusive:
        draft, duplicates = _without_duplicates(draft, wanted)
        edits += duplicates
    confirm(before, draft, exclusive=exclusive)
    at_last = placements_of(draft)
    edits += [
        Edit(wish.widget, actions[wish.widget], at_first.get(wish.widget), at_last.get(wish.widget), wish.origin)
        for wish in wanted
        if wish.widget in actions
    ]
    return Reconciled(draft.xml, tuple(edits), findings_of(draft, wanted, exclusive=exclusive), (), at_last)


def differs_only_by_ours(left: bytes, right: bytes, *, form_id: str, known: Sequence[WidgetSpec]) -> bool:
    """Whether two copies of a form mean the same once our widgets are taken off both. Unreadable copies must be equal bytes."""
    if left == right:
        return True
    try:
        stripped = [_stripped(each, form_id, known) for each in (left, right)]
    except FormUnreadable:
        return False
    return meaning(stripped[0]) == meaning(stripped[1])


def arranged(wanted: Sequence[DesiredWidget]) -> list[DesiredWidget]:
    """The wishes in the order of the file, but a widget that is placed beside another one of them comes after it."""
    waiting, done = list(wanted), list[DesiredWidget]()
    while waiting:
        open_names = {name for wish in waiting for name in (wish.widget, stem(wish.widget))}
        beside = {wish.widget: (wish.at.after or wish.at.before) if wish.at else None for wish in waiting}
        ready = next((wish for wish in waiting if beside[wish.widget] not in open_names), waiting[0])
        waiting.remove(ready)
        done.append(ready)
    return done


def _stripped(xml: bytes, form_id: str, known: Sequence[WidgetSpec]) -> bytes:
    draft, _ = _cleared(Draft.of(xml, Setting(form_id, known, 0, ())), exclusive=False)
    return draft.xml


def _cleared(draft: Draft, *, exclusive: bool) -> tuple[Draft, list[Edit]]:
    """The draft without the widgets that are known and not wanted: ours, and everybody's when `exclusive`."""
    edits = list[Edit]()
    for spec in draft.setting.known:
        if spec.name in draft.setting.order:
            continue
        while (found := next(_removable(draft, spec.name, exclusive=exclusive), None)) is not None:
            edits.append(Edit(spec.name, "remove", placement_of(draft, found), None, None))
            draft = draft.edited(appearance_out(draft, found))
        for own in list(draft.seen.sections):
            if own.widget == spec.name and not guests_of(draft, own):
                edits.append(Edit(spec.name, "remove", Placement(section=own.section.name), None, None))
                draft = draft.edited([section_out(next(each for each in draft.seen.sections if each.section.name == own.section.name))])
    return draft, edits


def _removable(draft: Draft, widget: str, *, exclusive: bool) -> Iterator[Appearance]:
    yield from draft.seen.of(widget, ours=True)
    if exclusive:
        yield from (each for each in draft.seen.of(widget, ours=False) if is_movable(each))


def _without_duplicates(draft: Draft, wanted: Sequence[DesiredWidget]) -> tuple[Draft, list[Edit]]:
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
    return movable[-1] if len(movable) > 1 else None
