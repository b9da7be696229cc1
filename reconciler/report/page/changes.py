"""Turns one change into what its block of the page shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import assert_never

from reconciler.catalog.book import Catalog
from reconciler.model.change import Change, FieldChange, Placement, SettingsChange, WidgetChange
from reconciler.model.fact import Known, Ref
from reconciler.model.note import Note
from reconciler.model.plan import Plan
from reconciler.model.words import in_words, value_in_words
from reconciler.report.change_text import certainty, place, placement_words
from reconciler.report.symbols import LEGEND, symbol_of

CAUSES = {"git": "changed in git", "environment": "changed in the environment", "both": "changed in git and in the environment"}
_RISING = tuple(symbol for symbol, _ in LEGEND)


@dataclass(frozen=True, slots=True)
class Value:
    """One line of a change: what moves from what to what. For sets `gone` and `come` say it instead.

    lives   table and column; asked: file and line; sure: how certain the binding is; cause: what moved, where that is known;
    word: on whose word it is written; told: what the setting is
    """

    name: str
    before: str
    after: str
    asked: str = ""
    sure: str = ""
    lives: str = ""
    cause: str = ""
    word: str = ""
    told: str = ""
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One change as the page shows it: the title for people, the address for programs.

    stands   where a widget that comes or goes stands, and how it looks
    said     what holds for the whole change: who wrote it last, or who asks for it
    """

    change: Change
    symbol: str
    title: str
    values: tuple[Value, ...]
    stands: tuple[str, ...]
    notes: tuple[Note, ...]
    said: str


def blocks_of(plan: Plan, catalog: Catalog | None) -> tuple[Block, ...]:
    """The changes; what takes something away first."""
    ordered = sorted(plan.changes, key=lambda change: _RISING.index(symbol_of(change)))
    return tuple(_block(change, catalog) for change in ordered)


def _block(change: Change, catalog: Catalog | None) -> Block:
    match change:
        case SettingsChange():
            told = {(kind.name, field.name): field.description for kind, field in catalog.fields()} if catalog is not None else {}
            values = tuple(replace(_field(field), told=told.get((change.address.kind, field.field), "")) for field in change.fields)
            notes = _notes([field.note for field in change.fields])
            return Block(change, symbol_of(change), _kind(change, catalog), values, (), notes, _written(change))
        case WidgetChange():
            values, notes = tuple(_moved(change)), _notes([change.note])
            return Block(change, symbol_of(change), _widget(change, catalog), values, _stands(change), notes, _asked(change))
        case _:
            assert_never(change)


def _kind(change: SettingsChange, catalog: Catalog | None) -> str:
    titles = {kind.name: kind.title for kind in catalog.kinds} if catalog is not None else {}
    return titles.get(change.address.kind, change.address.kind)


def _widget(change: WidgetChange, catalog: Catalog | None) -> str:
    form, _, name = change.address.key.rpartition("/")
    titles = {widget.name: widget.title for widget in catalog.widgets} if catalog is not None else {}
    table, _, form = form.partition("/")
    return f"{titles.get(name, name)} on the form {form} of {table}"


def _field(field: FieldChange) -> Value:
    lives, sure = f"{field.table}.{field.column}", certainty(field.certainty, field.acceptance)
    cause = CAUSES[field.cause] if field.cause else ""
    before, after = in_words(field.before), value_in_words(field.after)
    if not isinstance(field.after, tuple):
        return Value(field.field, before, after, place(field.origin), sure, lives, cause, _word(field))
    held = field.before.value if isinstance(field.before, Known) else ()
    now = held if isinstance(held, tuple) else ()
    gone, come = _names(set(now) - set(field.after)), _names(set(field.after) - set(now))
    return Value(field.field, before, after, place(field.origin), sure, lives, cause, _word(field), gone=gone, come=come, is_set=True)


def _names(refs: set[Ref]) -> tuple[str, ...]:
    return tuple(sorted(ref.name or ref.id for ref in refs))


def _word(field: FieldChange) -> str:
    """On whose word the field is written, where nobody may write it without one."""
    word = field.vouched
    if word is None:
        return ""
    where = f" ({word.where.file}:{word.where.line})" if word.where is not None else ""
    return f"rests on attestations.{word.attestation}: {word.by}, {word.date.isoformat()}{where}"


def _stands(change: WidgetChange) -> tuple[str, ...]:
    only = change.after if change.before is None else change.before if change.after is None else None
    return placement_words(only) if only is not None else ()


def _asked(change: WidgetChange) -> str:
    cause = f", {CAUSES[change.cause]}" if change.cause else ""
    return f"Asked for in {place(change.origin)}{cause}; {certainty(change.certainty, change.acceptance)}"


def _moved(change: WidgetChange) -> Iterator[Value]:
    """Every part of the placement that moves."""
    if change.before is None or change.after is None:
        return
    for part in fields(Placement):
        before, after = getattr(change.before, part.name), getattr(change.after, part.name)
        if before != after:
            yield Value(part.name.replace("_", " "), _part(before), _part(after))


def _part(part: object) -> str:
    if isinstance(part, bool):
        return "yes" if part else "no"
    if isinstance(part, tuple):
        return ", ".join(str(each) for each in part) or "none"
    return "" if part is None else str(part)


def _written(change: SettingsChange) -> str:
    who = f" by {change.modified_by.name}{' (service)' if change.modified_by.is_service else ''}" if change.modified_by else ""
    when = f" on {change.modified_on:%Y-%m-%d %H:%M} UTC" if change.modified_on else ""
    return f"Last written{who}{when}" if who or when else ""


def _notes(notes: Sequence[Note | None]) -> tuple[Note, ...]:
    return tuple(dict.fromkeys(note for note in notes if note is not None))
