"""Turns wishes that no form can fulfil into problems, before any form is touched. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reconciler.forms.draft import Draft
from reconciler.forms.values import Problem, WidgetSpec
from reconciler.model.desired import DesiredWidget

MOST_ROWS = 100
MOST_APPEARANCES = 50

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def wish_problems(wanted: Sequence[DesiredWidget], known: Sequence[WidgetSpec]) -> tuple[Problem, ...]:
    """Everything that is wrong with the wishes themselves."""
    return tuple(problem for index, wish in enumerate(wanted) for problem in _of(wish, wanted[:index], known))


def crowd_problems(draft: Draft) -> tuple[Problem, ...]:
    """A form that carries our widgets dozens of times was not made by people; every edit reads the form again, so it is refused."""
    count = len(draft.seen.appearances) + len(draft.seen.sections)
    if count <= MOST_APPEARANCES:
        return ()
    message = f"the form carries these widgets and sections for them {count} times; {MOST_APPEARANCES} is the most that is edited"
    return (Problem("too-many-widgets", message, "remove the copies in the form designer", None),)


def _of(wish: DesiredWidget, earlier: Sequence[DesiredWidget], known: Sequence[WidgetSpec]) -> Iterator[Problem]:
    def problem(code: str, message: str, hint: str) -> Problem:
        return Problem(code, message, hint, wish.origin.span)

    names = [spec.name for spec in known]
    if wish.widget not in names:
        yield problem("widget-unknown", f"there is no widget {wish.widget[:60]!r}", f"name one of {', '.join(names)}")
    if any(each.widget == wish.widget for each in earlier):
        yield problem(
            "widget-declared-twice", f"{wish.widget} is declared twice for this form", "declare it once; a form carries a widget once"
        )
    if wish.rows is not None and not 1 <= wish.rows <= MOST_ROWS:
        yield problem("rows-out-of-range", f"{wish.widget} cannot be {wish.rows} rows high", f"write a number from 1 to {MOST_ROWS}")
    if wish.label is not None and (not wish.label.strip() or _NOT_XML.search(wish.label)):
        yield problem(
            "label-unwritable", f"the label of {wish.widget} is empty or holds characters that XML cannot carry", "write a plain label"
        )
    if wish.form_factors == ():
        yield problem(
            "form-factors-empty", f"{wish.widget} is for no form factor at all", "name web, tablet or phone, or leave the widget out"
        )
