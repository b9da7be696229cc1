"""Turns the wish to undo a run into one that leaves alone what somebody changed since, and says so. Pure.

A plan that undoes is a plan like any other: compared, ordered, guarded and proved by the same functions.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.catalog.book import Catalog
from reconciler.model.address import Address
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.fact import Absent, Fact, Known, Unknown
from reconciler.model.live import LiveForm, LiveState
from reconciler.model.plan import Notice, Objection, Undoing
from reconciler.model.undo import UndoneField
from reconciler.model.words import in_words, value_in_words
from reconciler.plan import codes
from reconciler.plan.case import live_fact
from reconciler.plan.diff import is_same
from reconciler.plan.forms import FORM_KIND
from reconciler.plan.restored_form import is_exact


def undoing(desired: DesiredEnvironment) -> Undoing | None:
    """What a plan says of itself when it undoes a run."""
    return None if desired.undo is None else Undoing(desired.undo.run, tuple(sorted(desired.undo.overwrites)))


def without_conflicts(desired: DesiredEnvironment, live: LiveState, catalog: Catalog) -> tuple[DesiredEnvironment, tuple[Notice, ...]]:
    """The wish without the fields that hold neither what the run found nor what it wrote; one notice a field."""
    if desired.undo is None:
        return desired, ()
    if desired.undo.organization_id != live.organization.id:
        return replace(desired, settings=(), forms=()), ()
    notices: list[Notice] = []
    left_out: set[tuple[str, str]] = set()
    for undone in desired.undo.fields:
        binding = catalog.kind(undone.kind).field(undone.field).binding
        fact = live_fact(live, undone.kind, undone.field, binding.table) if binding is not None else Absent()
        if isinstance(fact, Unknown) or _is_of_the_run(undone, fact) or desired.setting(undone.kind, undone.field) is None:
            continue
        message = f"{undone.name} was changed since the run: it wrote {_written(undone)}, there is {in_words(fact)}"
        if undone.name in desired.undo.overwrites:
            message += f". It is set back all the same: --overwrite {undone.name}"
        else:
            left_out.add((undone.kind, undone.field))
            message += f", so it stays. To set it back: --overwrite {undone.name}"
        notices.append(Notice(codes.CHANGED_SINCE, message, Address(desired.name, undone.kind)))
    settings = tuple(setting for setting in desired.settings if (setting.kind, setting.field) not in left_out)
    return replace(desired, settings=settings), (*notices, *_touched_forms(desired, live))


def undo_notices(desired: DesiredEnvironment) -> tuple[Notice, ...]:
    """What no write takes back."""
    cannot = desired.undo.cannot if desired.undo is not None else ()
    return tuple(Notice(codes.CANNOT_BE_UNDONE, f"{name} stays: {why}", Address(desired.name, name.split(".")[0])) for name, why in cannot)


def undo_objections(desired: DesiredEnvironment, live: LiveState) -> tuple[Objection, ...]:
    """A journal of another organization says nothing of this one."""
    undo = desired.undo
    if undo is None or undo.organization_id == live.organization.id:
        return ()
    message = f"run {undo.run} ran in organization {undo.organization_id}, this is {live.organization.id}"
    hint = "the connection of the environment was changed since: connect to the organization of the run"
    return (Objection(codes.JOURNAL_OF_ANOTHER_ORGANIZATION, message, hint),)


def _is_of_the_run(undone: UndoneField, fact: Fact) -> bool:
    """Whether the field holds what the run wrote, or what it had found: nobody else was there."""
    if isinstance(fact, Known):
        held = (*undone.written, *([undone.before.value] if isinstance(undone.before, Known) else []))
        return any(is_same(fact.value, value) for value in held)
    return isinstance(undone.before, Absent) or any(isinstance(value, Absent) for value in undone.written)


def _written(undone: UndoneField) -> str:
    return " and then ".join(value_in_words(value) for value in undone.written)


def _touched_forms(desired: DesiredEnvironment, live: LiveState) -> list[Notice]:
    found = []
    for wish in desired.forms:
        form = live.forms.get((wish.table, str(wish.form)))
        restoration = wish.restoration
        if not isinstance(form, LiveForm) or restoration is None or is_exact(restoration, form):
            continue
        if form.unpublished != restoration.xml.encode("utf-8"):
            message = f'the form "{form.name}" of {form.table} was changed since the run: only the widgets are put back, the rest stays'
            found.append(Notice(codes.CHANGED_SINCE, message, Address(desired.name, FORM_KIND, f"{form.table}/{form.name}")))
    return found
