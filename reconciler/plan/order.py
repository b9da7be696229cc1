"""Turns differences into steps in the order of an apply. Pure.

    close -> off -> (await off) -> roles -> switch -> on -> (await on) -> options -> forms -> publish

Closing comes first and the roles come before anything is opened, so that nobody's data is exposed in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from reconciler.catalog.table import Table
from reconciler.model.fact import Known
from reconciler.model.live import LiveRow, TableMetadata
from reconciler.model.plan import AwaitActivation, FieldWrite, Limit, Phase, WriteRow
from reconciler.plan.case import Case, Wish

PATIENCE_SECONDS = 900
"""How long an activation may take. No public source gives a number."""

PHASES: tuple[Phase, ...] = get_args(Phase)


def phase_of(wish: Wish) -> Phase:
    """When the field is written."""
    return wish.field.off_phase if wish.value is False and wish.field.off_phase is not None else wish.field.phase


def settings_steps(case: Case, differences: Sequence[Wish]) -> tuple[WriteRow | AwaitActivation, ...]:
    """One write a row and phase, and a wait after each phase that moved a switch."""
    steps: list[WriteRow | AwaitActivation] = []
    for phase in PHASES:
        due = [wish for wish in differences if phase_of(wish) == phase]
        for table in case.catalog.tables:
            fields = [wish for wish in due if wish.binding.table == table.name]
            if fields:
                steps.append(_write(case, phase, table, fields))
        steps += [wait for wish in due if (wait := _wait(case, phase, wish)) is not None]
    return tuple(steps)


def _write(case: Case, phase: Phase, table: Table, wishes: Sequence[Wish]) -> WriteRow:
    row = case.live.rows.get(table.name)
    row_id, etag = (row.id, row.etag) if isinstance(row, LiveRow) else (None, None)
    writes = tuple(
        FieldWrite(
            wish.kind.name,
            wish.field.name,
            wish.binding.column,
            wish.fact,
            wish.value,
            case.live.encodings.get((wish.kind.name, wish.field.name)),
        )
        for wish in wishes
    )
    return WriteRow(phase, table.name, row_id, etag, is_guarded(case, table.name), writes, _limits(case, wishes))


def _limits(case: Case, wishes: Sequence[Wish]) -> tuple[Limit, ...]:
    """What has to stand when these are written: nobody may have taken it away since it was read."""
    opened = {(wish.kind.name, wish.field.name) for wish in wishes if wish.value is True}
    found = []
    for kind, field in case.catalog.fields():
        outlook = case.outlook(kind.name, field.name) if field.limits in opened else None
        if field.binding is not None and isinstance(outlook, Known):
            row = case.live.rows.get(field.binding.table)
            row_id = row.id if isinstance(row, LiveRow) else None
            encoding = case.live.encodings.get((kind.name, field.name))
            found.append(Limit(kind.name, field.name, field.binding.table, row_id, field.binding.column, outlook.value, encoding))
    return tuple(found)


def is_guarded(case: Case, table: str) -> bool:
    """Whether the environment's own metadata says that the table takes If-Match."""
    metadata = case.live.metadata.get(table)
    return isinstance(metadata, TableMetadata) and metadata.optimistic_concurrency


def _wait(case: Case, phase: Phase, wish: Wish) -> AwaitActivation | None:
    activation = wish.kind.activation
    if activation is None or wish.field.name != activation.switch:
        return None
    row = case.live.rows.get(activation.table)
    row_id = row.id if isinstance(row, LiveRow) else None
    return AwaitActivation(phase, wish.kind.name, activation.table, row_id, "on" if wish.value is True else "off", PATIENCE_SECONDS)
