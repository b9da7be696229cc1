"""What two environments say of the same thing, ready to be compared and to be shown in one place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reconciler.catalog.book import Catalog
from reconciler.desired.annotations import section_words
from reconciler.desired.settings import path_of
from reconciler.model.desired import DesiredEnvironment, DesiredValue, Selector
from reconciler.model.fact import Absent
from reconciler.model.note import PlacedNotes, nearest_note, placed
from reconciler.model.source import SourceSpan


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that an environment declares. `what` is equal for equal wishes; `is_explained`: its section says why."""

    name: str
    what: object
    shown: str
    where: SourceSpan | None
    is_explained: bool


def settings_said(environment: DesiredEnvironment, catalog: Catalog) -> Iterator[tuple[tuple[str, str], Said]]:
    """Every declared setting by (kind, field). Lists of roles are sets."""
    notes = placed(environment.notes)
    for setting in environment.settings:
        kind = catalog.kind(setting.kind)
        path = path_of(kind, kind.field(setting.field))
        what = frozenset(setting.value) if isinstance(setting.value, tuple) else setting.value
        yield (setting.kind, setting.field), _said(notes, section_words(path), what, _shown(setting.value), setting.origin.span)


def forms_said(environment: DesiredEnvironment) -> Iterator[tuple[tuple[str, str], Said]]:
    """Every declared form by (table, selector)."""
    notes = placed(environment.notes)
    for index, form in enumerate(environment.forms):
        widgets = ", ".join(widget.widget for widget in form.widgets) or "no widget"
        said = _said(notes, section_words(("forms", index)), form, f"with {widgets}", form.origin.span)
        yield (form.table, str(form.form)), said


def widgets_said(environment: DesiredEnvironment) -> Iterator[tuple[tuple[str, str], Said]]:
    """Every declared widget by (table, widget), once for each form that carries it."""
    notes = placed(environment.notes)
    for index, form in enumerate(environment.forms):
        for position, widget in enumerate(form.widgets):
            said = _said(notes, section_words(("forms", index, "widgets", position)), widget, "", widget.origin.span)
            yield (form.table, widget.widget), replace(said, name=f"{widget.widget} on {form.table}")


def place_of(environment: DesiredEnvironment, where: SourceSpan | None) -> SourceSpan | None:
    """The place itself, where the environment's own file says it; else its connection, which every environment has."""
    return where if where is not None and where.file == environment.file else environment.connection.where


def _said(notes: PlacedNotes, name: str, what: object, shown: str, where: SourceSpan | None) -> Said:
    note = nearest_note(notes, name, where.file if where is not None else None)
    return Said(name, what, shown, where, note is not None and note.why is not None)


def _shown(value: DesiredValue) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Absent():
            return "not set"
        case tuple():
            return "[" + ", ".join(sorted(str(selector) for selector in value)) + "]"
        case Selector() | int() | str():
            return str(value)
