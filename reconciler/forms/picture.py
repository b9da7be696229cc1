"""Turns FormXml into a drawing of its grid: tabs, columns and sections, with the known widgets marked. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

from reconciler.forms.anchor import is_shown
from reconciler.forms.locate import Column, FormMap, Section, Tab, locate
from reconciler.forms.recognise import Recognised, recognise
from reconciler.forms.tree import Element
from reconciler.forms.values import WidgetSpec

MOST_LINES = 400
NARROWEST = 24
LONGEST = 400


def picture(xml: bytes, *, known: Sequence[WidgetSpec], width: int = 78) -> str:
    """The grid as plain text, no line wider than `width`. Raises FormUnreadable as `locate` does."""
    form = locate(xml)
    seen = recognise(form, known, None)
    room = max(width, NARROWEST)
    lines = [line for tab in form.tabs for line in _tab(tab, seen, room)] or ["(no tabs)"]
    lines += _others(form, seen, room)
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines"]
    return "\n".join(lines)


def _tab(tab: Tab, seen: Recognised, width: int) -> list[str]:
    """A heading, and a box with one compartment a column."""
    hidden = "" if is_shown(tab) else " (hidden)"
    heading = _fitted(f"[{_named(tab)}]{hidden}", width).rstrip()
    if not tab.columns:
        return [heading, "(no columns)"]
    count = len(tab.columns)
    inner = max(1, (width - 1) // count - 3)
    rule = "+" + "+".join("-" * (inner + 2) for _ in tab.columns) + "+"
    stacks = [_column(column, seen) for column in tab.columns]
    rows = ("| " + " | ".join(_fitted(text, inner) for text in row) + " |" for row in zip_longest(*stacks, fillvalue=""))
    return [heading, rule, *rows, rule]


def _column(column: Column, seen: Recognised) -> list[str]:
    return [line for section in column.sections for line in _section(section, seen)] or ["(empty)"]


def _section(section: Section, seen: Recognised) -> list[str]:
    """The section's name and, indented, the widgets in it."""
    hidden = "" if is_shown(section) else " (hidden)"
    inside = [each for each in seen.appearances if each.cell is not None and each.cell.section is section]
    marks = [f"  {'*' if each.ours else 'o'} {each.widget}{'' if each.whole else ' (half)'}" for each in inside]
    return [f"{_named(section)}{hidden}", *(mark if "* " in mark else f"{mark} (not ours)" for mark in marks)]


def _others(form: FormMap, seen: Recognised, width: int) -> list[str]:
    """The widgets in header and footer."""
    inside = [each for each in seen.appearances if each.cell is not None and any(each.cell is cell for cell in form.others)]
    return [_fitted(f"[header] o {each.widget} (not ours)", width).rstrip() for each in inside]


def _named(part: Section | Tab) -> str:
    """Name and label, or whichever of them there is."""
    label = _first_label(part.element)
    if not part.name:
        return label or part.element.get("id") or "(no name)"
    return f'{part.name} "{label}"' if label and label != part.name else part.name


def _first_label(element: Element) -> str:
    labels = element.child("labels")
    return next((each.get("description") or "" for each in labels.children if each.tag == "label"), "") if labels else ""


def _fitted(text: str, width: int) -> str:
    """The text in exactly so many terminal columns, shortened with an ellipsis; nothing that moves the cursor stays in it."""
    clean = "".join(
        each for each in text[:LONGEST] if unicodedata.category(each)[0] != "C" and unicodedata.category(each) not in ("Zl", "Zp")
    )
    if _columns(clean) > width:
        while clean and _columns(clean) > width - 1:
            clean = clean[:-1]
        clean += "…"
    return clean + " " * (width - _columns(clean))


def _columns(text: str) -> int:
    """How many terminal columns a text takes: none for combining marks, two for wide characters."""
    return sum(0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
