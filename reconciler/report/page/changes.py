"""Turns one change into what its block of the page shows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import assert_never

from reconciler.catalog.book import Catalog
from reconciler.model.change import Change, FieldChange, Placement, SettingsChange, WidgetChange
from reconciler.model.fact import Known, Ref
from reconciler.model.note import Note
from reconciler.model.plan import Plan
from reconciler.model.words import in_words, value_in_words
from reconciler.report.change_text import certainty, place
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
    asked: str
    sure: str
    lives: str = ""
    cause: str = ""
    word: str = ""
    told: str = ""
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One change as the page shows it: the title for people, the address for programs."""

    change: Change
    symbol: str
    title: str
    values: tuple[Value, ...]
    notes: tuple[Note, ...]
    written: str


def blocks_of(plan: Plan, catalog: Catalog | None) -> tuple[Block, ...]:
    """The changes; what takes something away first."""
    ordered = sorted(plan.changes, key=lambda change: _RISING.index(symbol_of(change)))
    return tuple(_block(change, catalog) for change in ordered)


def _block(change: Change, catalog: Catalog | None) -> Block:
    match change:
        case SettingsChange():
            values = tuple(_field(field) for field in change.fields)
            return Block(
                change, symbol_of(change), _kind(change, catalog), values, _notes([f.note for f in change.fields]), _written(change)
            )
        case WidgetChange():
            return Block(change, symbol_of(change), _widget(change, catalog), tuple(_placed(change)), _notes([change.note]), "")
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


def _placed(change: WidgetChange) -> list[Value]:
    """Every part of the placement that moves, or that is there only on one side."""
    asked, sure = place(change.origin), certainty(change.certainty, change.acceptance)
    cause = CAUSES[change.cause] if change.cause else ""
    moved = []
    for part in fields(Placement):
        before, after = getattr(change.before, part.name, None), getattr(change.after, part.name, None)
        if before != after:
            moved.append(Value(part.name.replace("_", " "), _part(before), _part(after), asked, sure, cause=cause))
    return moved or [Value("XML of the widget", "not as it should be", "repaired", asked, sure, cause=cause)]


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
