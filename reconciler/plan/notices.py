"""Turns a case into what a reviewer should know beside its changes: one function a reason. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.catalog.generation import generation_of
from reconciler.model.address import Address
from reconciler.model.fact import Known, Unknown
from reconciler.model.live import LiveRow
from reconciler.model.plan import Consent, Notice
from reconciler.plan import codes
from reconciler.plan.case import Case
from reconciler.plan.form_guards import others_pending
from reconciler.plan.form_steps import tables_to_publish
from reconciler.plan.forms import FormCase


def notices_of(case: Case, forms: Sequence[FormCase], consent: Consent | None) -> tuple[Notice, ...]:
    """Everything worth knowing, each said once."""
    found = (
        *generation_differs(case),
        *activation_notices(case),
        *off_cause_unknown(case, consent),
        *widget_will_not_show(case, forms),
        *labels_in_language(case, forms),
        *publishes_pending(case, forms),
        *findings(forms),
    )
    return tuple(dict.fromkeys(found))


def generation_differs(case: Case) -> tuple[Notice, ...]:
    """The file says one generation, the organization's version another."""
    by_version = generation_of(case.live.organization.version)
    if by_version is None or case.generation == by_version:
        return ()
    message = f"the file says {case.generation}, the organization's version {case.live.organization.version} says {by_version}"
    return (Notice(codes.GENERATION_DIFFERS, message),)


def activation_notices(case: Case) -> tuple[Notice, ...]:
    """Where a switch is as wished, but its status says something else."""
    found = []
    for kind in case.catalog.kinds:
        activation = kind.activation
        wish = case.wish(kind.name, activation.switch) if activation is not None else None
        if activation is None or wish is None or not isinstance(wish.value, bool) or wish.fact != Known(wish.value):
            continue
        status = case.live.activations.get(kind.name)
        here = case.address(kind)
        if status == activation.deactivating or (wish.value and status in (activation.none, activation.activating)):
            message = f"{kind.title}: the service is still switching it ({activation.column} is {status}); nothing to change"
            found.append(Notice(codes.IN_PROGRESS, message, here))
        elif not wish.value and status == activation.activating:
            message = f"{kind.title} is switched off while the service is still switching it on ({activation.column} is {status})"
            found.append(Notice(codes.IN_PROGRESS, message, here))
        elif wish.value and status == activation.counts_as_on:
            message = f"{kind.title}: {activation.column} is {status} (switching off failed), which counts as on"
            found.append(Notice(codes.COUNTS_AS_ON, message, here))
        elif not wish.value and status in (activation.on, activation.counts_as_on):
            message = f"{kind.title} is switched off, but {activation.column} is still {status}"
            found.append(Notice(codes.STATUS_DIFFERS, message, here))
    return tuple(found)


def off_cause_unknown(case: Case, consent: Consent | None) -> tuple[Notice, ...]:
    """Off, last written by the service, and yet no known lapse."""
    if consent is not None and consent.state == "lapsed":
        return ()
    return tuple(
        Notice(
            codes.OFF_CAUSE_UNKNOWN,
            f"{wish.kind.title} is off and was last written by {row.modified_by.name}; the cause is not known",
            case.address(wish.kind),
        )
        for wish in case.wishes
        if wish.field.consent
        and wish.value is True
        and wish.fact == Known(False)
        and isinstance(row := case.live.rows.get(wish.binding.table), LiveRow)
        and row.modified_by is not None
        and row.modified_by.is_service
    )


def widget_will_not_show(case: Case, forms: Sequence[FormCase]) -> tuple[Notice, ...]:
    """Declared widgets whose feature stays off."""
    found = []
    for form in forms:
        for wanted in form.wish.widgets:
            widget = case.catalog.widget(wanted.widget)
            kind = case.catalog.kind(widget.shown_when[0])
            why = _why_hidden(case, *widget.shown_when)
            if why is not None:
                address = Address(form.address.environment, form.address.kind, f"{form.address.key}/{wanted.widget}")
                found.append(Notice(codes.WIDGET_WILL_NOT_SHOW, f"{kind.title} {why}", address))
    return tuple(found)


def _why_hidden(case: Case, kind: str, field: str) -> str | None:
    """What keeps the widget of a feature hidden after this plan, or None when the feature is on then."""
    wish = case.wish(kind, field)
    fact = wish.fact if wish is not None else case.outlook(kind, field)
    if isinstance(fact, Unknown):
        return f"is not known to be on ({fact.reason}), so the widget may stay hidden"
    if wish is not None and wish.value is True:
        return None
    if fact == Known(True):
        return None if wish is None else "will be off after this plan, so the widget will be hidden"
    return "is off, and this plan does not switch it on, so the widget stays hidden"


def labels_in_language(case: Case, forms: Sequence[FormCase]) -> tuple[Notice, ...]:
    """Labels are written in one language only: the caller's."""
    if not any(change.action != "remove" for form in forms for change in form.changes):
        return ()
    message = f"labels on forms are read and written in the caller's language only (LCID {case.live.caller.language})"
    return (Notice(codes.LABELS_IN_LANGUAGE, message),)


def publishes_pending(case: Case, forms: Sequence[FormCase]) -> tuple[Notice, ...]:
    """Other people's pending changes that are carried along because the file says so."""
    found = []
    for table in tables_to_publish(forms):
        others = others_pending(case, table, forms)
        allowed = [form for form in forms if form.live.table == table and form.wish.publish_pending]
        if others and allowed:
            message = f"publishing {table} also publishes pending changes of others: {', '.join(others)}"
            found.append(Notice(codes.PUBLISHES_PENDING, message, allowed[0].address))
    return tuple(found)


def findings(forms: Sequence[FormCase]) -> tuple[Notice, ...]:
    """What the form engine noticed, such as widgets that others placed."""
    return tuple(
        Notice(
            finding.code,
            finding.message,
            Address(form.address.environment, form.address.kind, f"{form.address.key}/{finding.widget}")
            if finding.widget
            else form.address,
        )
        for form in forms
        for finding in form.result.findings
    )
