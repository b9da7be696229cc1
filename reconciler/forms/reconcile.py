"""Turns a form and the widgets wanted on it into the form that carries them, byte for byte the same elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.forms.check import confirm
from reconciler.forms.clear import cleared
from reconciler.forms.converge import circle_problems, converged
from reconciler.forms.draft import Draft, Setting
from reconciler.forms.findings import findings_of
from reconciler.forms.meaning import meaning
from reconciler.forms.placement import placements_of
from reconciler.forms.tree import FormUnreadable
from reconciler.forms.values import Edit, Finding, Problem, Reconciled, WidgetSpec
from reconciler.forms.wishes import crowd_problems, wish_problems
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
    problems = wish_problems(wanted, known) or circle_problems(wanted) or crowd_problems(before)
    if problems:
        return Reconciled(xml, (), (), problems, at_first)
    reached = converged(before, wanted, exclusive=exclusive)
    if reached.problems:
        return Reconciled(xml, (), (), reached.problems, at_first)
    draft, edits = reached.draft, list(reached.removals)
    if draft is not before:
        confirm(before, draft, exclusive=exclusive)
    at_last = placements_of(draft)
    for wish in wanted:
        if (action := reached.actions.get(wish.widget)) is not None:
            edits.append(Edit(wish.widget, action, at_first.get(wish.widget), at_last.get(wish.widget), wish.origin))
    return Reconciled(draft.xml, tuple(edits), findings_of(draft, wanted, exclusive=exclusive), (), at_last)


def differs_only_by_ours(left: bytes, right: bytes, *, form_id: str, known: Sequence[WidgetSpec]) -> bool:
    """Whether two copies of a form mean the same once our widgets are taken off both.

    Copies that cannot be read, or that are too crowded to be edited, are the same only when their bytes are.
    """
    if left == right:
        return True
    setting = Setting(form_id, known, 0, ())
    try:
        drafts = [Draft.of(each, setting) for each in (left, right)]
    except FormUnreadable:
        return False
    if any(crowd_problems(draft) for draft in drafts):
        return False
    stripped = [cleared(draft, exclusive=False)[0].xml for draft in drafts]
    return meaning(stripped[0]) == meaning(stripped[1])
