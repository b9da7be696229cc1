"""Keeps publishes, imports and changes of forms from running at once: who holds the lock, until when. Writes notes."""

from __future__ import annotations

import datetime as dt

from reconciler.emulator.context import Context, DataverseError, Rows
from reconciler.emulator.domain import notes
from reconciler.emulator.domain.moments import kept, parsed

_CODE = "0x80071151"
_OF_SOLUTIONS = frozenset({"Import", "Uninstall"})
_SOLUTIONS = (
    " -- The solution installation or removal failed due to the installation or removal of another solution at the same time. Please try "
    "again later."
)


def lock(rows: Rows, operation: str, until: dt.datetime) -> None:
    """The operation runs until that moment; a lock that stood before is replaced."""
    rows.set_note(notes.LOCKED_UNTIL, kept(until))
    rows.set_note(notes.LOCKED_BY, operation)


def running(context: Context) -> str | None:
    """The operation that holds the lock now."""
    until = context.rows.note(notes.LOCKED_UNTIL)
    if until is None or context.now >= parsed(until):
        return None
    return str(context.rows.note(notes.LOCKED_BY) or "Import")


def refuse_publishing(context: Context, operation: str) -> None:
    """429 while something runs, without a Retry-After: none was seen in public reports, which are where the texts come from.

    https://github.com/microsoft/powerplatform-build-tools/issues/1384, read 2026-11-23.
    """
    other = running(context)
    if other is None:
        return
    text = f"Cannot start the requested operation [{operation}] because there is another [{other}] running at this moment."
    more = " Use Solution History for more details." + (_SOLUTIONS if other in _OF_SOLUTIONS else "")
    raise DataverseError(429, _CODE, text + more)


def refuse_customizing(context: Context) -> None:
    """429 for a change of a form while something runs."""
    other = running(context)
    if other is not None:
        text = f"Cannot start another [EntityCustomization] because there is a previous [{other}] running at this moment."
        raise DataverseError(429, _CODE, text)
