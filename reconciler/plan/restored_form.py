"""Turns a form that a run changed into what it is when the run is undone: the very bytes, or only our widgets taken back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Literal, cast

from reconciler.forms.reconcile import Reconciled, WidgetSpec, reconcile
from reconciler.model.change import Placement
from reconciler.model.desired import Anchor, DesiredWidget
from reconciler.model.live import LiveForm
from reconciler.model.source import Origin
from reconciler.model.undo import Restoration

_ANYWHERE, _COLUMN, _PLACE = range(3)

_NOWHERE = Origin(None, "as it was before the run")


def is_exact(restoration: Restoration, form: LiveForm) -> bool:
    """Whether nobody touched the form since the run, so that the very bytes of before can be put back."""
    return sha256(form.unpublished).hexdigest() in restoration.written


def restored(restoration: Restoration, form: LiveForm, spliced: Reconciled) -> Reconciled:
    """What becomes of the form. `spliced` is the form with our widgets as they were before; it is taken where others edited the form."""
    if sha256(form.unpublished).hexdigest() == restoration.sha256:
        return Reconciled(form.unpublished, (), (), (), spliced.placements)
    if is_exact(restoration, form):
        return replace(spliced, xml=restoration.xml.encode("utf-8"), findings=(), problems=())
    return spliced


def surgical(restoration: Restoration, form: LiveForm, known: Sequence[WidgetSpec], language: int) -> tuple[DesiredWidget, ...]:
    """Our widgets that were on the form before the run, each where it was, as nearly as the form of today allows."""
    found: tuple[DesiredWidget, ...] = ()
    for detail in (_PLACE, _COLUMN, _ANYWHERE):
        found = widgets_before(restoration, form.id, known, language, detail)
        if not reconcile(form.unpublished, form_id=form.id, wanted=found, known=known, language=language).problems:
            break
    return found


def widgets_before(
    restoration: Restoration, form_id: str, known: Sequence[WidgetSpec], language: int, detail: int = _ANYWHERE
) -> tuple[DesiredWidget, ...]:
    """Our widgets that were on the form before the run; `detail` says how much of their places."""
    before = reconcile(restoration.xml.encode("utf-8"), form_id=form_id, wanted=(), known=known, language=language)
    return tuple(_wish(edit.widget, edit.before or Placement(), detail) for edit in before.edits if edit.action == "remove")


def _wish(widget: str, before: Placement, detail: int) -> DesiredWidget:
    at = None
    if before.tab is not None and detail != _ANYWHERE:
        beside = detail == _PLACE and before.after is not None
        position: Literal["first", "last"] | None = "first" if detail == _PLACE and not beside else None
        at = Anchor(before.tab, before.column, position=position, after=before.after if beside else None)
    factors = cast(tuple[Literal["web", "tablet", "phone"], ...] | None, before.form_factors or None)
    return DesiredWidget(widget, at, before.label, before.rows, before.visible, factors, _NOWHERE)
