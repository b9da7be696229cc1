"""Turns an appearance of a widget into where it sits and how it looks. Pure."""

from __future__ import annotations

from reconciler.forms.anchor import is_shown, shown_name
from reconciler.forms.compose import FORM_FACTORS
from reconciler.forms.draft import Draft
from reconciler.forms.locate import Cell, label_of
from reconciler.forms.recognise import Appearance
from reconciler.forms.withdraw import height_of
from reconciler.model.change import Placement

SHOWN_ORDER = ("web", "tablet", "phone")


def placement_of(draft: Draft, appearance: Appearance) -> Placement | None:
    """Where the appearance sits; None when only its description is there."""
    cell = appearance.cell
    if cell is None:
        return None
    section = cell.section
    label, rows, factors = label_in(draft, cell), height_of(cell.element), factors_of(draft, appearance)
    if section is None:
        return Placement(label=label, rows=rows, visible=is_visible(cell), form_factors=factors)
    language = draft.setting.language
    siblings = section.column.sections
    return Placement(
        tab=shown_name(section.column.tab, language),
        column=section.column.number,
        section=shown_name(section, language),
        after=shown_name(siblings[section.index - 1], language) if section.index else None,
        before=shown_name(siblings[section.index + 1], language) if section.index + 1 < len(siblings) else None,
        label=label,
        rows=rows,
        visible=is_visible(cell),
        form_factors=factors,
    )


def placements_of(draft: Draft) -> dict[str, Placement]:
    """One placement for every known widget on the form: ours first, else the first of others."""
    ordered = sorted(draft.seen.appearances, key=lambda each: not each.ours)
    found: dict[str, Placement] = {}
    for each in ordered:
        placement = placement_of(draft, each)
        if placement is not None:
            found.setdefault(each.widget, placement)
    return found


def label_in(draft: Draft, cell: Cell) -> str | None:
    """What people read above the widget: the heading of a section of ours, else the label of the cell."""
    own = draft.seen.own_section(cell.section)
    heading = label_of(own.section.element, draft.setting.language) if own is not None else None
    return heading if heading is not None else label_of(cell.element, draft.setting.language)


def is_visible(cell: Cell) -> bool:
    """Whether neither the cell nor its section is hidden by default; the tab is not looked at."""
    return is_shown(cell) and (cell.section is None or is_shown(cell.section))


def factors_of(draft: Draft, appearance: Appearance) -> tuple[str, ...]:
    """The form factors for which a description names a custom control of the widget."""
    controls = draft.setting.spec(appearance.widget).controls
    named = (each for description in appearance.descriptions for each in description.element.children)
    codes = {each.get("formFactor") for each in named if each.tag == "customControl" and each.get("name") in controls}
    return tuple(name for name in SHOWN_ORDER if str(FORM_FACTORS[name]) in codes)
