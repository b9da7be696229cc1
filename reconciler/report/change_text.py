"""Turns one change into the lines that a reviewer reads: before, after, who asks, how sure, who wrote last. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import assert_never

from reconciler.model.change import Certainty, Change, FieldChange, Placement, SettingsChange, WidgetChange
from reconciler.model.fact import Known, Ref
from reconciler.model.source import Origin
from reconciler.model.words import in_words, value_in_words
from reconciler.report.change_margin import margin_lines
from reconciler.report.layout import folded, wrapped
from reconciler.report.symbols import symbol_of

_BELOW = " " * 6
_VALUES = " " * 8


def change_lines(change: Change) -> list[str]:
    """The change with everything that is known of it, its address first."""
    head = f"  {symbol_of(change)} {change.address}  {change.action}"
    match change:
        case SettingsChange():
            return [head, *_settings_lines(change), *margin_lines(change)]
        case WidgetChange():
            return [head, *_widget_lines(change), *margin_lines(change)]
        case _:
            assert_never(change)


def _settings_lines(change: SettingsChange) -> Iterator[str]:
    """The fields under one line a table and certainty, so that what they share is said once."""
    groups: dict[tuple[str, str], list[FieldChange]] = {}
    for field in change.fields:
        groups.setdefault((field.table, certainty(field.certainty, field.acceptance)), []).append(field)
    for (table, how), group in groups.items():
        yield from _group_lines(f"{table}: {how}", group)
    if change.modified_by is not None or change.modified_on is not None:
        who = f" by {change.modified_by.name}{' (service)' if change.modified_by.is_service else ''}" if change.modified_by else ""
        when = f" on {change.modified_on:%Y-%m-%d %H:%M} UTC" if change.modified_on else ""
        yield f"{_BELOW}last written{who}{when}"


def _group_lines(head: str, group: Sequence[FieldChange]) -> Iterator[str]:
    """Every value with its column and the place that asks for it, as file:line whole, for editors and logs make links of that."""
    yield from wrapped(head, indent=_BELOW, hanging="  ")
    yield from folded([row for field in group for row in _rows(field, place(field.origin))], indent=_VALUES)
    yield from _word_lines(group)


def _rows(field: FieldChange, where: str) -> list[Sequence[str]]:
    return [(field.field, _movement(field), field.column, where), *(("", line) for line in _set_movement(field))]


def _word_lines(group: Sequence[FieldChange]) -> Iterator[str]:
    """On whose word the fields are written that nobody may write without one."""
    for word in dict.fromkeys(field.vouched for field in group if field.vouched is not None):
        resting = [field.field for field in group if field.vouched == word]
        where = f" ({word.where.file}:{word.where.line})" if word.where is not None else ""
        said = f"attestations.{word.attestation}: attested by {word.by} on {word.date.isoformat()}{where}"
        yield from wrapped(f"{', '.join(resting)} {'rests' if len(resting) == 1 else 'rest'} on {said}", indent=_VALUES, hanging="  ")


def _movement(field: FieldChange) -> str:
    if isinstance(field.after, tuple):
        return f"{len(field.after)} {'role' if len(field.after) == 1 else 'roles'}"
    return f"{in_words(field.before)} -> {value_in_words(field.after)}"


def _set_movement(field: FieldChange) -> list[str]:
    """What goes out of a set and what comes in; what stays is not printed."""
    if not isinstance(field.after, tuple):
        return []
    held = field.before.value if isinstance(field.before, Known) else ()
    before = held if isinstance(held, tuple) else ()
    lines = [f"- {name}" for name in _names(set(before) - set(field.after))]
    return lines + [f"+ {name}" for name in _names(set(field.after) - set(before))]


def _names(refs: set[Ref]) -> list[str]:
    return sorted(ref.name or ref.id for ref in refs)


def _widget_lines(change: WidgetChange) -> Iterator[str]:
    match (change.before, change.after):
        case (Placement() as before, Placement() as after):
            moved = [(f.name, getattr(before, f.name), getattr(after, f.name)) for f in fields(Placement)]
            rows = [(name.replace("_", " "), f"{_word(old)} -> {_word(new)}") for name, old, new in moved if old != new]
            yield from folded(rows, indent=_BELOW)
        case (Placement() as only, None) | (None, Placement() as only):
            for words in placement_words(only):
                yield from wrapped(words, indent=_BELOW, hanging="  ")
    yield from wrapped(f"{place(change.origin)}; {certainty(change.certainty, change.acceptance)}", indent=_BELOW, hanging="  ")


def placement_words(placed: Placement) -> tuple[str, str]:
    """Where a widget stands, and how it looks."""
    return _whereabouts(placed), _looks(placed)


def _whereabouts(placed: Placement) -> str:
    """Where it stands, from the outside in; one neighbour is enough to find it."""
    neighbours = (("after", placed.after), ("before", placed.before))
    beside = next((f"{side} {section}" for side, section in neighbours if section), None)
    column = f"column {placed.column}" if placed.column is not None else None
    return " / ".join(part for part in (f"tab {placed.tab or 'without a name'}", column, beside, f"section {placed.section}") if part)


def _looks(placed: Placement) -> str:
    shown = f"shown on {_word(placed.form_factors)}" if placed.visible is not False else "hidden by default"
    return f'label "{placed.label or ""}", {placed.rows or "an unknown number of"} rows, {shown}'


def _word(part: object) -> str:
    if isinstance(part, bool):
        return "yes" if part else "no"
    if isinstance(part, tuple):
        return ", ".join(str(element) for element in part) or "none"
    return "-" if part is None else str(part)


def place(origin: Origin) -> str:
    """Where the wish is written, and how it follows when it is not literal there."""
    where = f"{origin.span.file}:{origin.span.line}" if origin.span is not None else "not written in a file"
    return f"{where} ({origin.because})" if origin.because else where


def certainty(how: Certainty, acceptance: str | None) -> str:
    """How sure it is that the thing lives there, and under which acceptance it is written."""
    if how == "documented":
        return "documented"
    return f"{how}, accepted: {acceptance}" if acceptance is not None else f"{how}, not accepted"
