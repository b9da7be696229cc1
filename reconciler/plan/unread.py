"""Turns a case into what could not be read and yet matters to it; anything here makes the plan incomplete. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.address import Address
from reconciler.model.fact import Known, Unknown
from reconciler.model.live import NoRow, TableMetadata
from reconciler.model.plan import Unread
from reconciler.plan.case import Case, Wish
from reconciler.plan.form_steps import tables_to_publish
from reconciler.plan.forms import FORM_KIND, FormCase, by_table


def unread_of(case: Case, differences: Sequence[Wish], forms: Sequence[FormCase]) -> tuple[Unread, ...]:
    """What the settings and forms of this plan rest on and nobody could tell."""
    found = (
        *case.unread,
        *_metadata(case, differences),
        *_activations(case),
        *_limits(case),
        *_controls(case, forms),
        *_solutions(case, forms),
        *_pending(case, forms),
    )
    return tuple(dict.fromkeys(found))


def _metadata(case: Case, differences: Sequence[Wish]) -> list[Unread]:
    """Nothing is written to a table that the environment's own metadata did not confirm."""
    found = []
    for wish in differences:
        metadata = case.live.metadata.get(wish.binding.table, Unknown("they were not read"))
        if not isinstance(metadata, TableMetadata | NoRow):
            reason = f"the metadata of {wish.binding.table} are unknown: {metadata.reason}"
            found.append(Unread(case.address(wish.kind), wish.field.name, reason))
    return found


def _activations(case: Case) -> list[Unread]:
    """A switch that is on already says nothing without its status."""
    found = []
    for wish in case.wishes:
        activation = wish.kind.activation
        if activation is None or wish.field.name != activation.switch or wish.value is not True or wish.fact != Known(True):
            continue
        status = case.live.activations.get(wish.kind.name, Unknown("it was not read"))
        if isinstance(status, Unknown):
            found.append(Unread(case.address(wish.kind), "status", f"{activation.column}: {status.reason}"))
    return found


def _limits(case: Case) -> list[Unread]:
    """Whether a switch is limited has to be known before it may be on."""
    found = []
    for kind, field in case.catalog.fields():
        if field.limits is None or case.desired.setting(kind.name, field.name) is not None:
            continue
        switch = case.wish(*field.limits)
        limit = case.outlook(kind.name, field.name)
        if switch is not None and switch.value is True and isinstance(limit, Unknown):
            found.append(Unread(case.address(kind), field.name, limit.reason))
    return found


def _controls(case: Case, forms: Sequence[FormCase]) -> list[Unread]:
    controls = case.live.controls
    if not isinstance(controls, Unknown):
        return []
    return [Unread(form.address, "controls", controls.reason) for form in forms if form.is_changed]


def _solutions(case: Case, forms: Sequence[FormCase]) -> list[Unread]:
    named = [form for form in forms if form.is_changed and form.wish.solution is not None]
    return [
        Unread(form.address, "solution", f"whether there is a solution {form.wish.solution} could not be read")
        for form in named
        if form.wish.solution not in case.live.solutions
    ]


def _pending(case: Case, forms: Sequence[FormCase]) -> list[Unread]:
    found = []
    for table in tables_to_publish(forms):
        listed = case.live.pending.get(table, Unknown("they were not read"))
        if isinstance(listed, Unknown) and not any(form.wish.publish_pending for form in by_table(forms)[table]):
            found.append(Unread(Address(case.desired.name, FORM_KIND, table), "pending changes", listed.reason))
    return found
