"""Puts what the authors of the files say of a section on the changes that come from it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.model.change import Change, SettingsChange
from reconciler.model.note import Note, PlacedNotes, nearest_note, placed
from reconciler.model.source import Origin
from reconciler.plan.case import Case
from reconciler.plan.forms import FormCase


def with_notes(case: Case, forms: Sequence[FormCase], changes: Sequence[Change]) -> list[Change]:
    """The changes, each field and widget with the note of the innermost section around it that the same file explains."""
    if not case.desired.notes:
        return list(changes)
    notes = placed(case.desired.notes)
    paths = {form.address.key: f"forms[{case.desired.forms.index(form.wish)}]" for form in forms}
    widgets = {form.address.key: [widget.widget for widget in form.wish.widgets] for form in forms}
    noted: list[Change] = []
    for change in changes:
        if isinstance(change, SettingsChange):
            noted.append(_of_settings(case, notes, change))
        else:
            form, name = change.address.key.rsplit("/", 1)
            # A widget that goes stands in no list any more: its form speaks.
            inside = f".widgets[{widgets[form].index(name)}]" if name in widgets[form] else ""
            noted.append(replace(change, note=_note(notes, paths[form] + inside, change.origin)))
    return noted


def _of_settings(case: Case, notes: PlacedNotes, change: SettingsChange) -> SettingsChange:
    section = case.catalog.kind(change.address.kind).section
    fields = tuple(replace(field, note=_note(notes, ".".join((*section, field.field)), field.origin)) for field in change.fields)
    return replace(change, fields=fields)


def _note(notes: PlacedNotes, section: str, origin: Origin) -> Note | None:
    return nearest_note(notes, section, origin.span.file if origin.span is not None else None)
