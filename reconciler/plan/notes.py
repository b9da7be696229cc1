"""Puts what the authors of the files say of a section on the changes that come from it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.model.change import Change, SettingsChange, WidgetChange
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.note import Note, nearest_note
from reconciler.model.source import Origin
from reconciler.plan.case import Case
from reconciler.plan.forms import FormCase


def with_notes(case: Case, forms: Sequence[FormCase], changes: Sequence[Change]) -> list[Change]:
    """The changes, each field and widget with the note of the innermost section around it that the same file explains."""
    if not case.desired.notes:
        return list(changes)
    return [
        _of_settings(case, change) if isinstance(change, SettingsChange) else _of_widget(case.desired, forms, change) for change in changes
    ]


def _of_settings(case: Case, change: SettingsChange) -> SettingsChange:
    section = case.catalog.kind(change.address.kind).section
    fields = tuple(replace(field, note=_note(case.desired, ".".join((*section, field.field)), field.origin)) for field in change.fields)
    return replace(change, fields=fields)


def _of_widget(desired: DesiredEnvironment, forms: Sequence[FormCase], change: WidgetChange) -> WidgetChange:
    form = next(form for form in forms if change in form.changes)
    path = f"forms[{desired.forms.index(form.wish)}]"
    widgets = [widget.widget for widget in form.wish.widgets]
    name = change.address.key.rsplit("/", 1)[-1]
    if name in widgets:
        path += f".widgets[{widgets.index(name)}]"
    return replace(change, note=_note(desired, path, change.origin))


def _note(desired: DesiredEnvironment, section: str, origin: Origin) -> Note | None:
    return nearest_note(desired.notes, section, origin.span.file if origin.span is not None else None)
