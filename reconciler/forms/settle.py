"""Turns a draft and the wish for one widget into the draft in which it stands as wished. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.forms.adjust import adjustments
from reconciler.forms.anchor import Gap, gap_of, holds
from reconciler.forms.compose import FORM_FACTORS, Part, cell, description, rows_of
from reconciler.forms.compose import section as section_part
from reconciler.forms.draft import Draft
from reconciler.forms.identity import fresh_control_name, fresh_identifier, section_name
from reconciler.forms.insert import cell_splice, description_letters, description_splice, letters_splices, seat_in, section_splice
from reconciler.forms.locate import Description
from reconciler.forms.placement import is_visible, label_in
from reconciler.forms.recognise import Appearance, OwnSection
from reconciler.forms.splice import Splice, attribute_set, spliced
from reconciler.forms.values import Action
from reconciler.forms.withdraw import appearance_out, cell_out, descriptions_out, guests_of, height_of, section_out
from reconciler.model.desired import DesiredWidget

EVERY_FACTOR = tuple(FORM_FACTORS)
WEIGHT: tuple[Action, ...] = ("change", "move", "add", "repair")


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A draft, and the weightiest thing that had to be done for the widget; None when it stood as wished."""

    draft: Draft
    action: Action | None = None

    def after(self, action: Action, splices: list[Splice]) -> Settled:
        """The same after one more edit; nothing to splice is no edit."""
        return self.reached(self.draft.edited(splices), action) if splices else self

    def reached(self, draft: Draft, action: Action) -> Settled:
        """The same with another draft."""
        weightier = self.action is None or WEIGHT.index(action) > WEIGHT.index(self.action)
        return Settled(draft, action if weightier else self.action)


def settle(draft: Draft, wish: DesiredWidget, *, exclusive: bool) -> Settled:
    """Places, completes, moves and changes one wanted widget. Raises NoPlace when its anchor does not fit the form."""
    if wish.at is not None:
        mover = next((each.section for each in draft.seen.sections if each.widget == wish.widget), None)
        gap_of(draft.scene, wish.at, mover)
    state = _whole(Settled(draft), wish)
    if not state.draft.seen.of(wish.widget, ours=True):
        others = [each for each in state.draft.seen.of(wish.widget, ours=False) if is_movable(each)]
        foreign = state.draft.seen.of(wish.widget, ours=False)
        if foreign and not (exclusive and others and not any(suits(state.draft, each, wish) for each in others)):
            return _tidy(state, wish.widget)
        state = _taken_in(state, others[0], wish, "move") if foreign else _placed(state, wish)
    return _adjusted(state, wish)


def is_movable(appearance: Appearance) -> bool:
    """Whether somebody else's widget may be moved or removed: one that is bound to a column is the column's field, too."""
    return appearance.cell is not None and appearance.cell.control is not None and not appearance.cell.control.get("datafieldname")


def suits(draft: Draft, appearance: Appearance, wish: DesiredWidget) -> bool:
    """Whether an appearance is all that was written of it."""
    section = appearance.cell.section if appearance.cell is not None else None
    if wish.at is not None and not holds(draft.scene, wish.at, section):
        return False
    if wish.visible and appearance.cell is not None and not is_visible(appearance.cell):
        return False
    return not adjustments(draft, appearance, wish)


def _whole(state: Settled, wish: DesiredWidget) -> Settled:
    """Completes what of ours is half there, and keeps one of what is there twice."""
    while True:
        draft = state.draft
        ours = draft.seen.of(wish.widget, ours=True)
        alone = next((each for each in ours if each.cell is None), None)
        if alone is not None:
            state = state.after("repair", descriptions_out(draft, alone.descriptions))
        elif len(ours) > 1:
            state = state.after("repair", appearance_out(draft, ours[-1]))
        elif ours and not ours[0].whole:
            state = state.after("repair", _redescribed(draft, ours[0], wish))
        elif ours and len(ours[0].descriptions) > 1:
            state = state.after("repair", descriptions_out(draft, _surplus(draft, ours[0])))
        elif (empty := _spare_section(draft, wish.widget)) is not None:
            state = state.after("repair", [section_out(empty)])
        else:
            return state


def _surplus(draft: Draft, appearance: Appearance) -> list[Description]:
    """All descriptions of one control but the first that names a control of the widget."""
    controls = draft.setting.spec(appearance.widget).controls
    best = next(each for each in appearance.descriptions if any(name in controls for name in each.names))
    return [each for each in appearance.descriptions if each is not best]


def _spare_section(draft: Draft, widget: str) -> OwnSection | None:
    """An empty section of ours beside another one. A single one stays, even when its control was dragged away: it remembers."""
    mine = [each for each in draft.seen.sections if each.widget == widget]
    used = {id(each.cell.section) for each in draft.seen.of(widget, ours=True) if each.cell is not None}
    empty = [each for each in mine if id(each.section) not in used and not guests_of(draft, each)]
    return empty[-1] if empty and len(mine) > 1 else None


def _redescribed(draft: Draft, half: Appearance, wish: DesiredWidget) -> list[Splice]:
    """The splices that give a control of ours its description back."""
    control = half.cell.control if half.cell is not None else None
    if control is None:
        raise AssertionError("a half without a control has no cell")
    if half.descriptions:
        return descriptions_out(draft, half.descriptions)
    link = control.get("uniqueid")
    splices = []
    if not link:
        link = fresh_identifier(draft.setting.form_id, wish.widget, "control", draft.is_taken)
        splices.append(attribute_set(control, "uniqueid", link))
    splices.append(description_splice(draft, _description(draft, wish, link)))
    return [*splices, *letters_splices(draft, description_letters(draft))]


def _description(draft: Draft, wish: DesiredWidget, link: str) -> Part:
    return description(link, draft.setting.spec(wish.widget).controls[0], wish.form_factors or EVERY_FACTOR)


def _tidy(state: Settled, widget: str) -> Settled:
    """Takes away a section of ours that stands empty while somebody else's widget does the work."""
    draft = state.draft
    empty = next((each for each in draft.seen.sections if each.widget == widget and not guests_of(draft, each)), None)
    return state.after("repair", [section_out(empty)]) if empty is not None else state


def _placed(state: Settled, wish: DesiredWidget) -> Settled:
    """Adds the widget: in its own section if that still stands, else in a new one."""
    draft = state.draft
    setting = draft.setting
    spec = setting.spec(wish.widget)
    label, height = wish.label or spec.title, wish.rows or spec.default_rows
    ids = {role: fresh_identifier(setting.form_id, wish.widget, role, draft.is_taken) for role in ("cell", "control")}
    ids["name"] = fresh_control_name(wish.widget, draft.is_control)
    rows = rows_of(cell(ids, label, setting.language, height), height)
    described = description_splice(draft, _description(draft, wish, ids["control"]))
    standing = next((each for each in draft.seen.sections if each.widget == wish.widget), None)
    letters = description_letters(draft)
    splices = [described, *letters_splices(draft, letters)]
    if standing is not None:
        return state.after("add" if guests_of(draft, standing) else "repair", [*splices, cell_splice(standing, rows)])
    return state.after("add", [*splices, _section(draft, wish, rows, letters, label)])


def _section(draft: Draft, wish: DesiredWidget, rows: tuple[Part, ...], letters: str, label: str) -> Splice:
    """A new section of ours at the place that the wish names."""
    setting = draft.setting
    seat = seat_in(draft, gap_of(draft.scene, wish.at), wish.widget)
    identifier = fresh_identifier(setting.form_id, wish.widget, "section", draft.is_taken)
    name = section_name(wish.widget, seat.letters + letters)
    return section_splice(seat, section_part(identifier, name, label, setting.language, shown=wish.visible is not False, rows=rows))


def _taken_in(state: Settled, appearance: Appearance, wish: DesiredWidget, action: Action) -> Settled:
    """Moves the cell of a widget into a section of ours; ids and description stay. Somebody else's row stays behind, empty."""
    draft = state.draft
    taken = appearance.cell
    if taken is None:
        raise AssertionError("only a cell can be taken in")
    height = height_of(taken.element)
    label = wish.label or label_in(draft, taken) or draft.setting.spec(wish.widget).title
    raw = Part("cell", raw=draft.xml[taken.element.start : taken.element.end].decode())
    rows = rows_of(raw, height)
    state = state.after(action, cell_out(taken, keep_row=not appearance.ours))
    draft = state.draft
    standing = next((each for each in draft.seen.sections if each.widget == wish.widget), None)
    if standing is not None:
        return state.after(action, [cell_splice(standing, rows)])
    return state.after(action, [_section(draft, wish, rows, description_letters(draft), label)])


def _adjusted(state: Settled, wish: DesiredWidget) -> Settled:
    """Moves and changes ours until everything that was written holds."""
    ours = state.draft.seen.of(wish.widget, ours=True)[0]
    section = ours.cell.section if ours.cell is not None else None
    if wish.at is not None and not holds(state.draft.scene, wish.at, section):
        own = state.draft.seen.own_section(section)
        if own is not None and own.widget == wish.widget:
            state = _moved(state, own, wish)
        else:
            return _adjusted(_taken_in(state, ours, wish, "move"), wish)
    ours = state.draft.seen.of(wish.widget, ours=True)[0]
    return state.after("change", adjustments(state.draft, ours, wish))


def _moved(state: Settled, own: OwnSection, wish: DesiredWidget) -> Settled:
    """Moves our section as it stands: its bytes, its ids; only the letters in its name may differ at the new place."""
    draft = state.draft
    element = own.section.element
    left = draft.edited([section_out(own)])
    gap: Gap = gap_of(left.scene, wish.at)
    seat = seat_in(left, gap, wish.widget)
    name = section_name(wish.widget, seat.letters + description_letters(left, own.letters))
    raw = draft.xml[element.start : element.end]
    if name != own.section.name:
        there = attribute_set(element, "name", name)
        raw = spliced(raw, [Splice(there.start - element.start, there.end - element.start, there.text)])
    return state.reached(left.edited([section_splice(seat, Part("section", raw=raw.decode()))]), "move")
