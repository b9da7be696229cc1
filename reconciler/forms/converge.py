"""Turns a draft and all wishes into the draft that needs nothing more, pass by pass. Pure.

One pass is nearly always enough. What one widget does can leave something to do for another only where people have put
controls into sections of ours; the passes end when one of them changes nothing, and such a pass reads nothing again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reconciler.forms.anchor import NoPlace
from reconciler.forms.clear import cleared, without_duplicates
from reconciler.forms.draft import Draft
from reconciler.forms.identity import stem
from reconciler.forms.settle import WEIGHT, settle
from reconciler.forms.splice import SpliceBroken
from reconciler.forms.values import Action, Edit, Problem
from reconciler.model.desired import DesiredWidget

MOST_PASSES = 10


@dataclass(slots=True)
class Reached:
    """The draft so far, what was taken away, what was done for each wanted widget, and what stands in the way."""

    draft: Draft
    removals: list[Edit] = field(default_factory=list)
    actions: dict[str, Action] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def converged(draft: Draft, wanted: Sequence[DesiredWidget], *, exclusive: bool) -> Reached:
    """The draft in which every wish holds, or the problems of the first pass that has any."""
    reached = Reached(draft)
    for _ in range(MOST_PASSES):
        start = reached.draft
        _pass(reached, wanted, exclusive=exclusive)
        if reached.problems or reached.draft is start:
            return reached
    raise SpliceBroken("the wishes do not come to rest")


def _pass(reached: Reached, wanted: Sequence[DesiredWidget], *, exclusive: bool) -> None:
    """Removes, then places and changes every widget, then removes what is there twice."""
    reached.draft, removed = cleared(reached.draft, exclusive=exclusive)
    reached.removals += removed
    problems = list[Problem]()
    for wish in arranged(wanted)[0]:
        try:
            settled = settle(reached.draft, wish, exclusive=exclusive)
        except NoPlace as error:
            problems.append(Problem(error.code, f"{wish.widget}: {error.message}", error.hint, wish.origin.span))
            continue
        reached.draft = settled.draft
        if settled.action is not None:
            earlier = reached.actions.get(wish.widget, settled.action)
            reached.actions[wish.widget] = max(earlier, settled.action, key=WEIGHT.index)
    reached.problems = tuple(problems)
    if exclusive and not problems:
        reached.draft, removed = without_duplicates(reached.draft, wanted)
        reached.removals += removed


def arranged(wanted: Sequence[DesiredWidget]) -> tuple[list[DesiredWidget], list[DesiredWidget]]:
    """The wishes in the order of the file, but a widget placed beside another one comes after it; then those that wait in a circle."""
    waiting, done = list(wanted), list[DesiredWidget]()
    while waiting:
        open_names = {name for wish in waiting for name in (wish.widget, stem(wish.widget))}
        ready = next((wish for wish in waiting if _beside(wish) not in open_names), None)
        if ready is None:
            break
        waiting.remove(ready)
        done.append(ready)
    return done, waiting


def circle_problems(wanted: Sequence[DesiredWidget]) -> tuple[Problem, ...]:
    """Widgets that are to stand beside each other, none of them beside anything that is there already."""
    return tuple(
        Problem(
            "anchors-in-a-circle",
            f"{wish.widget} is to stand beside {_beside(wish)}, which is itself placed by this one",
            "place one of them beside a section of the form",
            wish.origin.span,
        )
        for wish in arranged(wanted)[1]
    )


def _beside(wish: DesiredWidget) -> str | None:
    return (wish.at.after or wish.at.before) if wish.at is not None else None
