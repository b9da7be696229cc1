"""Turns the main forms of an environment into the text and the JSON of `rictl forms list`. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from reconciler.forms.locate import FormUnreadable
from reconciler.forms.picture_grid import grid_of
from reconciler.forms.picture_words import Standing, standings
from reconciler.forms.values import WidgetSpec
from reconciler.live.main_forms import ListedForm, MainForms
from reconciler.model.fact import Unknown
from reconciler.model.live import LiveForm
from reconciler.report.escape import escape

LEGEND = "* placed by rictl    o placed by somebody else"


def is_whole(listed: MainForms) -> bool:
    """Whether every table could be read."""
    return not any(isinstance(found, Unknown) for found in listed.tables.values())


def as_text(environment: str, listed: MainForms, known: Sequence[WidgetSpec]) -> str:
    """A heading a table, a line a form, a line a widget."""
    lines = [escape(f"{environment}  {listed.organization.name}  labels in language {listed.caller.language or 'unknown'}")]
    for table, found in listed.tables.items():
        lines += ["", table]
        if isinstance(found, Unknown):
            lines.append(escape(f"  not known: {found.reason}"))
            continue
        if not found:
            lines.append("  (no main forms)")
        for each in found:
            lines.append(f"  {escape(each.form.name)}  {each.form.id}  {', '.join(_traits(each))}")
            lines += [f"    {line}" for line in _widget_lines(each.form, known)]
    return "\n".join([*lines, "", LEGEND])


def as_json(environment: str, listed: MainForms, known: Sequence[WidgetSpec]) -> str:
    """The same as a document. A table that could not be read has `unknown` instead of `forms`."""
    tables = [
        {"table": table, "unknown": found.reason}
        if isinstance(found, Unknown)
        else {"table": table, "forms": [_document(each, known) for each in found]}
        for table, found in listed.tables.items()
    ]
    organization = {"id": listed.organization.id, "name": listed.organization.name}
    document = {"environment": environment, "organization": organization, "language": listed.caller.language, "tables": tables}
    return json.dumps(document, indent=2)


def titled(form: LiveForm, language: int, *, published: bool) -> str:
    """The lines above a picture."""
    draft = form.published is not None and form.published != form.unpublished
    copy = "as published" if published else "with changes that are not published" if draft or form.published is None else "as published"
    kind = "managed" if form.is_managed else "unmanaged"
    locked = "" if form.is_customizable else ", not customizable"
    return f"{escape(f'{form.table} / {form.name}')}\n{form.id}  {kind}{locked}, {copy}, labels in language {language}"


def _traits(each: ListedForm) -> list[str]:
    return [
        "managed" if each.form.is_managed else "unmanaged",
        *([] if each.form.is_customizable else ["not customizable"]),
        *([] if each.is_active else ["inactive"]),
        *(["unpublished changes"] if each.has_pending else []),
    ]


def _widget_lines(form: LiveForm, known: Sequence[WidgetSpec]) -> list[str]:
    found = _widgets(form, known)
    if isinstance(found, str):
        return [escape(f"cannot be read: {found}")]
    return [_line(each) for each in found]


def _line(each: Standing) -> str:
    mark = "*" if each.widget.is_ours else "o"
    notes = [*(["half there"] if each.widget.is_half else []), *(["hidden"] if each.is_hidden else [])]
    marks = f" ({', '.join(notes)})" if notes else ""
    return f"{mark} {each.widget.name:<22} {escape(each.where)}{marks}"


def _document(each: ListedForm, known: Sequence[WidgetSpec]) -> dict[str, Any]:
    found = _widgets(each.form, known)
    widgets = {"unreadable": found} if isinstance(found, str) else {"widgets": [_placed(standing) for standing in found]}
    return {
        "id": each.form.id,
        "name": each.form.name,
        "managed": each.form.is_managed,
        "customizable": each.form.is_customizable,
        "active": each.is_active,
        "unpublishedChanges": each.has_pending,
        **widgets,
    }


def _placed(each: Standing) -> dict[str, Any]:
    place = {"where": each.where} if each.tab is None else {"tab": each.tab, "column": each.column, "section": each.section}
    return {
        "widget": each.widget.name,
        "placedBy": "rictl" if each.widget.is_ours else "somebody else",
        "half": each.widget.is_half,
        "hidden": each.is_hidden,
        **place,
    }


def _widgets(form: LiveForm, known: Sequence[WidgetSpec]) -> tuple[Standing, ...] | str:
    """The widgets of a form, or why it cannot be read."""
    try:
        return tuple(standings(grid_of(form.unpublished, known, form.id)))
    except FormUnreadable as error:
        return str(error)
