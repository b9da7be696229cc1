"""Turns a finished draft and the wishes into what a reviewer should know of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.forms.anchor import holds, is_shown, listed, shown_name
from reconciler.forms.draft import Draft
from reconciler.forms.locate import Cell
from reconciler.forms.placement import is_visible
from reconciler.forms.recognise import Appearance
from reconciler.forms.settle import is_movable
from reconciler.forms.values import Finding
from reconciler.forms.withdraw import guests_of
from reconciler.model.desired import DesiredWidget


def findings_of(draft: Draft, wanted: Sequence[DesiredWidget], *, exclusive: bool) -> tuple[Finding, ...]:
    """What is worth knowing, widget by widget in the order of the file, then of the form."""
    return tuple(
        [each for wish in wanted for each in _of_wish(draft, wish)] + list(_kept(draft)) + (list(_bound(draft)) if exclusive else [])
    )


def _of_wish(draft: Draft, wish: DesiredWidget) -> Iterator[Finding]:
    ours, foreign = draft.seen.of(wish.widget, ours=True), draft.seen.of(wish.widget, ours=False)
    for each in ours:
        if each.cell is not None and wish.visible is not False and (where := _hidden_by(draft, each.cell)):
            yield Finding("widget-in-hidden-section", f"it stands in {where}, which is hidden by default", wish.widget)
    if ours and foreign:
        places = listed([_place(draft, each) for each in foreign])
        yield Finding("foreign-widget-duplicate", f"the form carries it a second time, placed by somebody else: {places}", wish.widget)
    if ours:
        return
    if foreign and wish.at is not None and not any(each.cell and holds(draft.scene, wish.at, each.cell.section) for each in foreign):
        message = f"somebody else placed it elsewhere than asked: {listed([_place(draft, each) for each in foreign])}"
        yield Finding("foreign-widget-elsewhere", message, wish.widget)
    if foreign and wish.visible is not False and all(each.cell and _hidden_by(draft, each.cell) for each in foreign):
        yield Finding("foreign-widget-hidden", "somebody else placed it, and it is hidden by default there", wish.widget)


def _kept(draft: Draft) -> Iterator[Finding]:
    for own in draft.seen.sections:
        guests = guests_of(draft, own)
        if guests and not any(each.cell and each.cell.section is own.section for each in draft.seen.of(own.widget, ours=True)):
            names = listed([cell.control.get("id") or "" for cell in guests if cell.control is not None])
            message = f"section {own.section.name!r} stays on the form because other controls were put into it: {names}"
            yield Finding("our-section-kept", message, own.widget)


def _bound(draft: Draft) -> Iterator[Finding]:
    for each in draft.seen.appearances:
        if not each.ours and not is_movable(each):
            message = f"somebody else bound it to a column, so it stays where it is: {_place(draft, each)}"
            yield Finding("foreign-widget-bound", message, each.widget)


def _hidden_by(draft: Draft, cell: Cell) -> str:
    """What hides the cell by default, in words; empty when nothing does."""
    if cell.section is not None and not is_shown(cell.section.column.tab):
        return f"tab {shown_name(cell.section.column.tab, draft.setting.language)[:80]!r}"
    if not is_visible(cell):
        return f"section {shown_name(cell.section, draft.setting.language)[:80]!r}" if cell.section is not None else "a cell of the header"
    return ""


def _place(draft: Draft, appearance: Appearance) -> str:
    section = appearance.cell.section if appearance.cell is not None else None
    if section is None:
        return "header"
    tab = section.column.tab
    return f"{shown_name(tab, draft.setting.language)} / {section.column.number} / {shown_name(section, draft.setting.language)}"
