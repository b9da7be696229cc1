"""Turns what surrounds a change into lines under it: its risk, its cause, what its author says, and where a person sees it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.change import Cause, Change, SettingsChange
from reconciler.model.note import Note
from reconciler.model.words import cause_in_words, note_in_words
from reconciler.report.layout import wrapped

_BELOW = " " * 6


def cause_words(change: Change) -> str:
    """What moved since the base commit, for the whole change; empty without one."""
    causes = {cause for cause, _ in _causes(change)}
    if not causes:
        return ""
    return cause_in_words(causes.pop() if len(causes) == 1 else "both")


def margin_lines(change: Change) -> Iterator[str]:
    """Risk where there is one, causes where a base commit was given, notes, and the link last."""
    if change.risk != "low":
        yield from wrapped(f"risk {change.risk}: {change.risk_because}", indent=_BELOW, hanging="  ")
    groups: dict[Cause, list[str]] = {}
    for cause, name in _causes(change):
        groups.setdefault(cause, []).append(name)
    for cause, names in groups.items():
        which = f": {', '.join(names)}" if len(groups) > 1 else ""
        yield from wrapped(f"{cause_in_words(cause)}{which}", indent=_BELOW, hanging="  ")
    for note in dict.fromkeys(_notes(change)):
        if said := note_in_words(note):
            where = f" ({note.where.file}:{note.where.line})" if note.where is not None else ""
            yield from wrapped(f"{note.section}: {said}{where}", indent=_BELOW, hanging="  ")
    if change.link is not None:
        yield from wrapped(f"a person sees it at {change.link}", indent=_BELOW, hanging="  ")


def _causes(change: Change) -> list[tuple[Cause, str]]:
    if isinstance(change, SettingsChange):
        return [(field.cause, field.field) for field in change.fields if field.cause is not None]
    return [] if change.cause is None else [(change.cause, change.address.key)]


def _notes(change: Change) -> list[Note]:
    notes = [field.note for field in change.fields] if isinstance(change, SettingsChange) else [change.note]
    return [note for note in notes if note is not None]
