"""Turns an anchor of the file into a gap on the form, and tells whether a section already stands where the anchor asks. Pure.

Sections of ours are transparent: "first", "last", "before" and "after" speak of the sections that are not ours, or two
widgets with the same anchor would push each other away for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.forms.identity import stem
from reconciler.forms.locate import Cell, Column, FormMap, Section, Tab, label_of, plain
from reconciler.model.desired import Anchor

LISTED = 10


class NoPlace(Exception):
    """The anchor names nothing on this form, or more than one thing."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """Where a section may be inserted: before the section of `column` with an index from `low` to `high`."""

    column: Column
    low: int
    high: int


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The form that anchors are read against. `own` maps where a section of ours starts to its widget."""

    form: FormMap
    language: int
    own: Mapping[int, str]

    def is_own(self, section: Section) -> bool:
        """Whether that section is ours."""
        return section.element.start in self.own


def is_shown(*chain: Section | Tab | Cell) -> bool:
    """Whether none of these is hidden by default."""
    return all((part.element.get("visible") or "true").lower() not in ("false", "0") for part in chain)


def shown_name(part: Section | Tab, language: int) -> str:
    """What people call it: its name, else its label, else its id."""
    return part.name or label_of(part.element, language) or part.element.get("id") or ""


def gap_of(scene: Scene, anchor: Anchor | None, mover: Section | None = None) -> Gap:
    """The gap that the anchor names; `mover` is the section that will stand there. Raises NoPlace."""
    asked = anchor or Anchor()
    beside = asked.before if asked.after is None else asked.after
    if beside is not None:
        beacon = _section(scene, asked, beside, mover)
        column, index = beacon.column, beacon.index
        if asked.after is not None:
            return Gap(column, index + 1, _past_own(scene, column, index + 1))
        return Gap(column, _back_own(scene, column, index), index)
    column = _column(_tab(scene, asked.tab), asked.column, scene.language)
    if asked.position == "first":
        return Gap(column, 0, _past_own(scene, column, 0))
    return Gap(column, _back_own(scene, column, len(column.sections)), len(column.sections))


def index_in(scene: Scene, gap: Gap, widget: str, order: Sequence[str]) -> int:
    """Where in the gap: widgets of ours that share it stand in the order of the file."""
    earlier = frozenset(order[: order.index(widget)])
    behind = [i for i in range(gap.low, gap.high) if scene.own.get(gap.column.sections[i].element.start) in earlier]
    return behind[-1] + 1 if behind else gap.low


def holds(scene: Scene, anchor: Anchor, section: Section | None) -> bool:
    """Whether the section stands where the anchor asks; what the anchor leaves open is not looked at. Raises NoPlace."""
    gap = gap_of(scene, anchor)
    if section is None:
        return anchor == Anchor()
    if anchor.tab is not None and section.column.tab is not _tab(scene, anchor.tab):
        return False
    if anchor.column is not None and section.column.number != anchor.column:
        return False
    if anchor.position is None and anchor.after is None and anchor.before is None:
        return True
    if anchor.position is not None:
        end = 0 if anchor.position == "first" else len(section.column.sections) - 1
    else:
        if section.column is not gap.column:
            return False
        end = gap.low - 1 if anchor.after is not None else gap.high
        if (section.index <= end) if anchor.after is not None else (section.index >= end):
            return False
    between = section.column.sections[min(end, section.index) : max(end, section.index) + 1]
    beacon = None if anchor.position is not None else section.column.sections[end]
    return all(each is section or each is beacon or scene.is_own(each) for each in between)


def _past_own(scene: Scene, column: Column, index: int) -> int:
    while index < len(column.sections) and scene.is_own(column.sections[index]):
        index += 1
    return index


def _back_own(scene: Scene, column: Column, index: int) -> int:
    while index > 0 and scene.is_own(column.sections[index - 1]):
        index -= 1
    return index


def _tab(scene: Scene, asked: str | None) -> Tab:
    tabs = scene.form.tabs
    if not tabs:
        raise NoPlace("tab-not-found", "the form has no tabs", "give the form a tab first")
    if asked is None:
        return next((tab for tab in tabs if is_shown(tab)), tabs[0])
    found = [tab for tab in tabs if tab.name == asked != ""]
    found = found or [tab for tab in tabs if label_of(tab.element, scene.language) == asked != ""]
    found = found or [tab for tab in tabs if plain(tab.element.get("id")) == plain(asked) != ""]
    names = listed([shown_name(tab, scene.language) for tab in tabs])
    if not found:
        raise NoPlace("tab-not-found", f"the form has no tab {asked!r}; it has {names}", "name one of these tabs, by name, label or id")
    if len(found) > 1:
        ids = listed([tab.element.get("id") or "" for tab in found])
        raise NoPlace("tab-ambiguous", f"{len(found)} tabs are called {asked!r}, with the ids {ids}", "name the tab by its id")
    return found[0]


def _column(tab: Tab, number: int | None, language: int) -> Column:
    count = len(tab.columns)
    wanted = count if number is None else number
    if not 1 <= wanted <= count:
        name = shown_name(tab, language)
        what = f"tab {name!r} has {count} column{'' if count == 1 else 's'}"
        raise NoPlace("column-out-of-range", what if number is None else f"{what}, not {number}", f"name a column from 1 to {count}")
    return tab.columns[wanted - 1]


def _section(scene: Scene, anchor: Anchor, asked: str, mover: Section | None) -> Section:
    """The section that an anchor stands beside: anywhere on the form, or in its tab, or in its column."""
    if anchor.tab is not None:
        tab = _tab(scene, anchor.tab)
        candidates = list(tab.sections) if anchor.column is None else list(_column(tab, anchor.column, scene.language).sections)
    else:
        candidates = [each for each in scene.form.sections if anchor.column in (None, each.column.number)]
    candidates = [each for each in candidates if each is not mover]
    found = [each for each in candidates if each.name == asked != ""]
    found = found or [each for each in candidates if (own := scene.own.get(each.element.start)) and asked in (own, stem(own))]
    found = found or [each for each in candidates if label_of(each.element, scene.language) == asked != ""]
    found = found or [each for each in candidates if plain(each.element.get("id")) == plain(asked) != ""]
    if not found:
        names = listed([shown_name(each, scene.language) for each in candidates])
        raise NoPlace("section-not-found", f"there is no section {asked!r} there; there is {names}", _elsewhere(scene, asked))
    if len(found) > 1:
        ids = listed([each.element.get("id") or "" for each in found])
        raise NoPlace("section-ambiguous", f"{len(found)} sections are called {asked!r}, with the ids {ids}", "name the section by its id")
    return found[0]


def _elsewhere(scene: Scene, asked: str) -> str:
    """Where a section of that name does stand, else what can be named at all."""
    for section in scene.form.sections:
        if asked in (section.name, label_of(section.element, scene.language)):
            tab = shown_name(section.column.tab, scene.language)
            return f"a section of that name stands in tab {tab[:80]!r}, column {section.column.number}"
    return "name one of these sections, by name, label or id"


def listed(names: Sequence[str]) -> str:
    """At most ten names, quoted and shortened: they come from the form and may be anything."""
    if not names:
        return "none"
    shown = ", ".join(ascii_safe(name) for name in names[:LISTED])
    return shown if len(names) <= LISTED else f"{shown} and {len(names) - LISTED} more"


def ascii_safe(name: str) -> str:
    """A name from a form, quoted, without control characters and not longer than 60 characters."""
    return repr(name if len(name) <= 60 else name[:59] + "…")
