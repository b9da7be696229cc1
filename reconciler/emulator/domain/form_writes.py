"""Turns a written form into what is stored of it: checked, with the labels of other languages, marked as unpublished. Writes rows."""

from __future__ import annotations

from reconciler.emulator.context import Context, DataverseError, Row
from reconciler.emulator.domain import notes
from reconciler.emulator.domain.customization_lock import refuse_customizing
from reconciler.emulator.domain.form_labels import merged
from reconciler.emulator.domain.form_text import check_form
from reconciler.emulator.domain.guards import is_false
from reconciler.emulator.domain.layers import note_customization
from reconciler.emulator.domain.people import FALLBACK_LANGUAGE, language_of

LOCKDOWN = "IsLockdownOfUnmanagedCustomizationEnabled"
_UNPUBLISHED = 1
_REFUSED = "0x80040203"


def written_form(context: Context, before: Row | None, changes: Row) -> Row:
    """What is stored of a form; an empty dict when the form may not be customized, for the service accepts such a write and forgets it."""
    if _is_locked_down(context):
        raise DataverseError(400, _REFUSED, "This environment doesn't allow unmanaged customizations.")
    refuse_customizing(context)
    if before is not None and is_false(before.get("iscustomizable")):
        return {}
    text = changes.get("formxml")
    if text is not None:
        controls = frozenset(row["name"] for row in context.rows.all("customcontrol"))
        problem = check_form(text, controls)
        if problem is not None:
            raise DataverseError(400, *problem)
        stored = (before or {}).get("formxml")
        if stored:
            text = merged(text, stored, language_of(context.rows, context.caller["systemuserid"]))
        changes = {**changes, "formxml": text}
    if before is not None:
        note_customization(context, before)
    return {**changes, "componentstate": _UNPUBLISHED}


def _is_locked_down(context: Context) -> bool:
    """Whether the organization blocks unmanaged customizations. The text is the service's; where the switch stands is an assumption."""
    settings = "".join(row.get("orgdborgsettings") or "" for row in context.rows.all("organization"))
    return f"<{LOCKDOWN}>true</{LOCKDOWN}>" in settings


def base_language(context: Context) -> int:
    """The base language of the organization."""
    return int(context.rows.note(notes.LANGUAGE) or FALLBACK_LANGUAGE)
