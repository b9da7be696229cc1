"""Turns wishes into differences, field by field: only what is declared, only where both sides are known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, assert_never

from reconciler.model.change import FieldChange, SettingsChange, Vouched
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.fact import Absent, Known, Ref, Unknown, Wanted
from reconciler.model.live import LiveRow
from reconciler.plan.case import Case, Wish


def diff(wishes: Iterable[Wish]) -> tuple[Wish, ...]:
    """The wishes that are not fulfilled. An unknown fact is never a difference."""
    return tuple(wish for wish in wishes if not _is_settled(wish))


def _is_settled(wish: Wish) -> bool:
    match wish.fact:
        case Unknown():
            return True
        case Absent():
            # Nothing is on where nothing is stored: switching that off would write a row for the sake of it.
            return isinstance(wish.value, Absent) or (wish.value is False and wish.field.default is False)
        case Known(value=value):
            return is_same(value, wish.value)
        case _:
            assert_never(wish.fact)


def is_same(held: Wanted, value: Wanted) -> bool:
    """Whether two canonical values are one. Sets compare as sets, on/off is never the number 1 or 0."""
    if isinstance(held, tuple) and isinstance(value, tuple):
        return _ids(held) == _ids(value)
    if isinstance(held, Ref) and isinstance(value, Ref):
        return held.id.lower() == value.id.lower()
    return type(held) is type(value) and held == value


def _ids(refs: Iterable[Ref]) -> set[str]:
    return {ref.id.lower() for ref in refs}


def settings_changes(case: Case, differences: Sequence[Wish]) -> tuple[SettingsChange, ...]:
    """The differences for people: one change a kind, in the order of the file format."""
    changes = []
    for kind in case.catalog.kinds:
        mine = [wish for wish in differences if wish.kind.name == kind.name]
        if not mine:
            continue
        row = case.live.rows.get(mine[0].binding.table)
        author, moment = (row.modified_by, row.modified_on) if isinstance(row, LiveRow) else (None, None)
        fields = tuple(_field_change(wish, case.desired) for wish in mine)
        changes.append(SettingsChange(case.address(kind), _action(mine), fields, author, moment))
    return tuple(changes)


def _action(differences: Sequence[Wish]) -> Literal["enable", "disable", "change"]:
    # A switch is a flag that is written before the options; whichever way it moves names the whole change.
    switches = [wish for wish in differences if wish.field.phase in ("switch", "on") and isinstance(wish.value, bool)]
    if not switches:
        return "change"
    return "enable" if any(wish.value for wish in switches) else "disable"


def _field_change(wish: Wish, desired: DesiredEnvironment) -> FieldChange:
    binding = wish.binding
    # The entry under which it is written: none when the team accepts none, which is an objection of its own.
    acceptance = binding.acceptance if binding.certainty != "documented" and binding.acceptance in desired.accept else None
    return FieldChange(
        wish.field.name,
        wish.fact,
        wish.value,
        binding.table,
        binding.column,
        binding.certainty,
        acceptance,
        wish.origin,
        _vouched(wish, desired),
    )


def _vouched(wish: Wish, desired: DesiredEnvironment) -> Vouched | None:
    """On whose word a switch is set that stands for a person's yes."""
    word = desired.attested(wish.field.attestation) if wish.field.attestation is not None and wish.value is True else None
    return None if word is None else Vouched(word.name, word.by, word.date, word.where)
