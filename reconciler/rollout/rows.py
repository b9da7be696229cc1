"""Carries out one write of a settings row: read, compare, write, read back. Touches the remote side through `LiveWriter`."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.fact import Absent, Fact, Known
from reconciler.model.plan import FieldWrite, WriteRow
from reconciler.model.ports import LiveWriter, RowReading
from reconciler.model.words import in_words, value_in_words
from reconciler.rollout.errors import Stale, StepFailed


async def write_row(step: WriteRow, writer: LiveWriter, created: dict[str, str]) -> None:
    """Writes the row only if it is still as the plan found it, and proves that the values stuck.

    `created` remembers the rows that this run created (table -> id), for a later step on the same row: what the service filled in
    by itself there is no reason to stop. Raises Stale before, StepFailed after the write.
    """
    creates, fresh = step.row_id is None, step.table in created
    if fresh and step.row_id is None:
        step = replace(step, row_id=created[step.table])
    current = await writer.current_row(step)
    if step.row_id is None:
        if current is not None:
            raise Stale(f"{step.table} had no row when the plan was made and has one now; plan again")
        await _confirm_limits(step, writer, created)
        await writer.write_row(step, None)
    else:
        if current is None:
            raise Stale(f"the row of {step.table} is gone; plan again")
        if not fresh:
            _compare(step, current)
        await _confirm_limits(step, writer, created)
        await writer.write_row(step, current.etag if step.guarded else None)
    after = await writer.current_row(step)
    if after is None:
        raise StepFailed(f"{step.table} was written and answered with success, but the row is not there")
    if creates:
        created.setdefault(step.table, after.id)
    _prove(step, after)


async def _confirm_limits(step: WriteRow, writer: LiveWriter, created: dict[str, str]) -> None:
    """Reads what limits a switch right before the switch goes on, however long ago it was planned or written."""
    for limit in step.limits:
        wanted = FieldWrite(limit.kind, limit.field, limit.column, Known(limit.holds), limit.holds, limit.encoding)
        row_id = limit.row_id or created.get(limit.table)
        reading = await writer.current_row(WriteRow(step.phase, limit.table, row_id, None, False, (wanted,)))
        fact: Fact = reading.facts.get((limit.kind, limit.field), Absent()) if reading is not None else Absent()
        if fact != wanted.before:
            raise Stale(
                f"{limit.field} ({limit.table}.{limit.column}) no longer stands: it was to hold {value_in_words(limit.holds)}, "
                f"it is {in_words(fact)}. Nothing was opened; plan again"
            )


def _compare(step: WriteRow, current: RowReading) -> None:
    moved = [
        f"{write.field} ({step.table}.{write.column}) was {in_words(write.before)}, is {in_words(fact)}"
        for write in step.fields
        if (fact := current.facts.get((write.kind, write.field), Absent())) != write.before
    ]
    if moved:
        who = f", last written by {current.modified_by}" if current.modified_by else ""
        when = f" on {current.modified_on:%Y-%m-%d %H:%M:%S} UTC" if current.modified_on else ""
        raise Stale(f"changed since the plan was made{who}{when}: {'; '.join(moved)}. Nothing was written here; plan again")


def _prove(step: WriteRow, after: RowReading) -> None:
    lost = [
        f"{write.field}: wrote {value_in_words(write.after)}, reads {in_words(fact)}"
        for write in step.fields
        if not _stuck(write, fact := after.facts.get((write.kind, write.field), Absent()))
    ]
    if lost:
        raise StepFailed(f"{step.table} answered with success but did not keep the values: {'; '.join(lost)}")


def _stuck(write: FieldWrite, fact: Fact) -> bool:
    return fact == (write.after if isinstance(write.after, Absent) else Known(write.after))
