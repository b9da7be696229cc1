"""Turns compared forms into the objections against writing or publishing them: one function a reason. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.change import WidgetChange
from reconciler.model.fact import Unknown
from reconciler.model.plan import Objection
from reconciler.plan import codes
from reconciler.plan.case import Case
from reconciler.plan.form_steps import tables_to_publish
from reconciler.plan.forms import MAIN_FORM, FormCase, by_table
from reconciler.plan.guards import not_accepted, objection

PLACED = ("add", "repair")
"""Actions that write the XML of a widget; a move carries along what is there."""


def form_objections(case: Case, forms: Sequence[FormCase]) -> tuple[Objection, ...]:
    """Every reason against the forms of this plan. A form that stays as it is gives none, unless it is no main form."""
    changed = [form for form in forms if form.is_changed]
    return (
        *form_not_main(forms),
        *unmanaged_blocked(case, forms),
        *form_not_customizable(changed),
        *managed_form(changed),
        *solution_unfit(case, changed),
        *control_not_registered(case, changed),
        *widget_not_for_table(case, changed),
        *widget_not_accepted(case, changed),
        *pending_changes_of_others(case, forms),
    )


def form_not_main(forms: Sequence[FormCase]) -> tuple[Objection, ...]:
    """Widgets live on main forms only."""
    return tuple(
        objection(
            codes.FORM_NOT_MAIN,
            f'"{form.live.name}" of {form.live.table} is of form type {form.live.type}, not a main form ({MAIN_FORM})',
            "name a main form",
            form.address,
        )
        for form in forms
        if form.live.type != MAIN_FORM
    )


def unmanaged_blocked(case: Case, forms: Sequence[FormCase]) -> tuple[Objection, ...]:
    """An environment that refuses unmanaged customizations."""
    if not case.live.organization.blocks_unmanaged or not any(form.needs_publishing for form in forms):
        return ()
    message = "this environment blocks unmanaged customizations, so no form can be changed in it"
    hint = "place the widgets in a development environment and bring them here in a managed solution"
    return (objection(codes.UNMANAGED_BLOCKED, message, hint),)


def form_not_customizable(changed: Sequence[FormCase]) -> tuple[Objection, ...]:
    """A form that its publisher locked."""
    return tuple(
        objection(
            codes.FORM_NOT_CUSTOMIZABLE,
            f'the form "{form.live.name}" of {form.live.table} is not customizable: a write would be accepted and dropped',
            "ask the publisher of its solution, or declare a copy of the form",
            form.address,
        )
        for form in changed
        if not form.live.is_customizable
    )


def managed_form(changed: Sequence[FormCase]) -> tuple[Objection, ...]:
    """A managed form gets an unmanaged layer by a write, which hides later updates of its solution."""
    return tuple(
        objection(
            codes.MANAGED_FORM,
            f'the form "{form.live.name}" of {form.live.table} is managed: an unmanaged layer would hide later updates of its solution',
            "declare a copy of the form, or write `allowUnmanagedLayer: true` for it",
            form.address,
        )
        for form in changed
        if form.live.is_managed and form.live.is_customizable and not form.wish.allow_unmanaged_layer
    )


def solution_unfit(case: Case, changed: Sequence[FormCase]) -> tuple[Objection, ...]:
    """The solution that should record the change is not there, or takes none."""
    found = []
    for form in changed:
        name = form.wish.solution
        state = case.live.solutions.get(name) if name is not None else None
        if state == "missing":
            message, hint = f"there is no solution {name} in this environment", "create it, or leave `solution` out"
            found.append(objection(codes.SOLUTION_MISSING, message, f"{hint} (unique name, not display name)", form.address))
        elif state == "managed":
            message, hint = f"the solution {name} is managed here and records no change", "name an unmanaged solution, or none"
            found.append(objection(codes.SOLUTION_MANAGED, message, hint, form.address))
    return tuple(found)


def control_not_registered(case: Case, changed: Sequence[FormCase]) -> tuple[Objection, ...]:
    """A widget whose control this environment does not have: its form would show an error in that place."""
    controls = case.live.controls
    if isinstance(controls, Unknown):
        return ()
    found = []
    for form in changed:
        for change, name in _placed(form):
            widget = case.catalog.widget(name)
            if widget.controls[0] not in controls:
                message = f"{widget.title}: the control {widget.controls[0]} is not registered in this environment"
                hint = "install or update Dynamics 365 Sales (Sales Insights), or leave the widget out"
                found.append(objection(codes.CONTROL_NOT_REGISTERED, message, hint, change.address))
    return tuple(found)


def widget_not_for_table(case: Case, changed: Sequence[FormCase]) -> tuple[Objection, ...]:
    """A widget on a table for which the service documents none."""
    found = []
    for form in changed:
        for change, name in _placed(form):
            widget = case.catalog.widget(name)
            if form.live.table not in widget.tables:
                message = f"{widget.title} is for {', '.join(widget.tables)}, not for {form.live.table}"
                hint = "leave it out; waive only if you saw it work there"
                found.append(objection(codes.WIDGET_NOT_FOR_TABLE, message, hint, change.address))
    return tuple(found)


def widget_not_accepted(case: Case, changed: Sequence[FormCase]) -> tuple[Objection, ...]:
    """Inferred XML is written only where the team accepts that by name."""
    needed: dict[str, list[str]] = {}
    for form in changed:
        for _, name in _placed(form):
            widget = case.catalog.widget(name)
            if widget.certainty != "documented" and widget.acceptance not in case.desired.accept:
                needed.setdefault(widget.acceptance, []).append(name)
    found = []
    for acceptance, names in needed.items():
        widgets = [case.catalog.widget(name) for name in dict.fromkeys(names)]
        titles = ", ".join(widget.title for widget in widgets)
        sources = "; ".join(dict.fromkeys(str(source) for widget in widgets for source in widget.sources))
        found.append(not_accepted(acceptance, f"the FormXml of {titles}", sources, changed[0].address))
    return tuple(found)


def pending_changes_of_others(case: Case, forms: Sequence[FormCase]) -> tuple[Objection, ...]:
    """A publish carries every pending change of the table along, also those that somebody is still working on."""
    found = []
    for table in tables_to_publish(forms):
        others = others_pending(case, table, forms)
        mine = by_table(forms)[table]
        if others and not any(form.wish.publish_pending for form in mine):
            message = f"publishing {table} would also publish pending changes of others: {', '.join(others)}"
            hint = "let their authors publish them first, or write `publishPending: true` for the form"
            found.append(objection(codes.PENDING_CHANGES_OF_OTHERS, message, hint, mine[0].address))
    return tuple(found)


def others_pending(case: Case, table: str, forms: Sequence[FormCase]) -> tuple[str, ...]:
    """Unpublished edits that are not ours: of other forms and views, and of declared forms that differ by more than our widgets."""
    theirs = [form.live.name for form in by_table(forms)[table] if not form.is_published and not form.only_ours_unpublished]
    listed = case.live.pending.get(table, ())
    return tuple(dict.fromkeys([*theirs, *(() if isinstance(listed, Unknown) else listed)]))


def _placed(form: FormCase) -> list[tuple[WidgetChange, str]]:
    """The changes that write a widget, each with the widget's name."""
    return [(change, change.address.key.rsplit("/", 1)[-1]) for change in form.changes if change.action in PLACED]
