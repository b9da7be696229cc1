"""Turns the written fields of a wish into splices on a widget that is there; what was not written is not looked at. Pure."""

from __future__ import annotations

from reconciler.forms.anchor import is_shown
from reconciler.forms.compose import FORM_FACTORS, Part, custom_control, labels, layout_in, layout_of, render
from reconciler.forms.draft import Draft
from reconciler.forms.insert import last_child
from reconciler.forms.locate import Cell, label_of
from reconciler.forms.placement import factors_of, is_visible
from reconciler.forms.recognise import Appearance
from reconciler.forms.splice import Splice, attribute_set, cut
from reconciler.forms.tree import Element
from reconciler.forms.withdraw import height_of, resized
from reconciler.model.desired import DesiredWidget


def adjustments(draft: Draft, appearance: Appearance, wish: DesiredWidget) -> list[Splice]:
    """The splices that give label, rows, visibility and form factors their written values; none when they have them."""
    cell = appearance.cell
    if cell is None:
        return []
    own = draft.seen.own_section(cell.section)
    section = own.section.element if own is not None and own.widget == appearance.widget else None
    splices: list[Splice] = []
    if wish.label is not None:
        for element in (section, cell.element):
            if element is not None and label_of(element, draft.setting.language) != wish.label:
                splices.append(_labelled(element, wish.label, draft.setting.language))
    if wish.rows is not None and wish.rows != height_of(cell.element):
        splices += resized(cell, wish.rows)
    if wish.visible is not None and wish.visible != is_visible(cell):
        splices += (
            _shown(cell, section) if wish.visible else [attribute_set(cell.element if section is None else section, "visible", "false")]
        )
    if wish.form_factors is not None and set(wish.form_factors) != set(factors_of(draft, appearance)):
        splices += _described(draft, appearance, wish.form_factors)
    return splices


def _labelled(element: Element, text: str, language: int) -> Splice:
    """Gives an element a label in one language and leaves those in others."""
    holder = element.child("labels")
    if holder is None:
        lead = render(labels(text, language), layout_of(element).inner)
        return Splice(element.open_end, element.open_end, lead.encode())
    for each in holder.children:
        if each.tag == "label" and each.get("languagecode") == str(language):
            return attribute_set(each, "description", text)
    return last_child(holder, labels(text, language).children[0])


def _shown(cell: Cell, section: Element | None) -> list[Splice]:
    """Shows the cell and, when it is ours, its section; a section of somebody else's stays hidden."""
    splices = [] if is_shown(cell) else [attribute_set(cell.element, "visible", "true")]
    if section is not None and cell.section is not None and not is_shown(cell.section):
        splices.append(attribute_set(section, "visible", "true"))
    return splices


def _described(draft: Draft, appearance: Appearance, factors: tuple[str, ...]) -> list[Splice]:
    """Takes the custom controls of other form factors out and adds the missing ones, with the parameters that the first one has."""
    controls = draft.setting.spec(appearance.widget).controls
    description = next(each for each in appearance.descriptions if any(name in controls for name in each.names))
    present = [each for each in description.element.children if each.tag == "customControl" and each.get("name") in controls]
    there = {each.get("formFactor") for each in present}
    asked = [str(code) for name, code in FORM_FACTORS.items() if name in factors]
    parameters = present[0].child("parameters")
    inner = Part("parameters") if parameters is None else Part("parameters", raw=draft.xml[parameters.start : parameters.end].decode())
    layout = layout_in(description.element)
    missing = (custom_control(code, present[0].get("name") or controls[0], inner) for code in asked if code not in there)
    end = description.element.children[-1].end
    splices = [cut(each) for each in present if each.get("formFactor") not in asked]
    return [*splices, Splice(end, end, "".join(render(each, layout) for each in missing).encode())]
