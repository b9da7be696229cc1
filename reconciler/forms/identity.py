"""Turns a form and a widget into the names and ids that ours carry on it. Pure.

Ids follow from the form and the widget, so that two machines write the same and a second apply finds its own work.
A section's name also carries what was opened for it, as letters after two underscores, and every further section of
ours copies them, so that whichever goes last knows what to close again:

    ri_widget        nothing had to be opened
    ri_widget__s     <sections/> of its column was self-closed
    ri_widget__a     its column had no <sections>
    ri_widget__c     its column was self-closed
    ri_widget__d     <controlDescriptions/> was self-closed
    ri_widget__n     there was no <controlDescriptions>
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import count
from uuid import UUID, uuid5

from reconciler.forms.locate import plain
from reconciler.forms.values import WidgetSpec

NAMESPACE = UUID("3d0a3cd6-5ca4-5b5e-8c0e-3f5d0f8f7a41")
PREFIX = "ri_"
COLUMN_LETTERS = "sac"
FORM_LETTERS = "dn"
SPARE_IDS = 4


def stem(widget: str) -> str:
    """Name of a widget's own section before any letters, and of its control."""
    return PREFIX + widget.replace("-", "_")


def section_name(widget: str, letters: Collection[str]) -> str:
    """Name of a widget's own section, with the letters in their fixed order."""
    kept = "".join(letter for letter in COLUMN_LETTERS + FORM_LETTERS if letter in letters)
    return f"{stem(widget)}__{kept}" if kept else stem(widget)


def owner_of(name: str, known: Sequence[WidgetSpec]) -> tuple[str, str] | None:
    """Widget and letters of a section's name, or None when the name is not one of ours."""
    if not name.startswith(PREFIX):
        return None
    for spec in known:
        own = stem(spec.name)
        if name == own:
            return spec.name, ""
        letters = name.removeprefix(f"{own}__")
        if letters != name and letters and not letters.strip(COLUMN_LETTERS + FORM_LETTERS):
            return spec.name, letters
    return None


def identifier(form_id: str, widget: str, role: str, attempt: int = 0) -> str:
    """The id of one part of a widget on one form: braced, lower case."""
    tail = f"/{attempt}" if attempt else ""
    return f"{{{uuid5(NAMESPACE, f'{plain(form_id)}/{widget}/{role}{tail}')}}}"


def fresh_identifier(form_id: str, widget: str, role: str, is_taken: Callable[[str], bool]) -> str:
    """The first such id that is not taken."""
    candidates = (identifier(form_id, widget, role, attempt) for attempt in count())
    return next(each for each in candidates if not is_taken(each))


def fresh_control_name(widget: str, is_taken: Callable[[str], bool]) -> str:
    """The first control id for a widget that is not taken."""
    candidates = (stem(widget) if attempt == 1 else f"{stem(widget)}_{attempt}" for attempt in count(1))
    return next(each for each in candidates if not is_taken(each))


def control_links(form_id: str, widget: str) -> frozenset[str]:
    """The plain ids by which a control and its description may be linked when both are ours."""
    return frozenset(plain(identifier(form_id, widget, "control", attempt)) for attempt in range(SPARE_IDS))
