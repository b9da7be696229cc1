"""Finds runs in the journals, and turns them into the wish to undo them. Reads the folder of the journals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from reconciler.cli.output import annotate_refusal
from reconciler.cli.step_summary import tell_build_server
from reconciler.model.exit_codes import FAILED, REFUSED
from reconciler.report.escape import escape

if TYPE_CHECKING:
    from reconciler.model.desired import DesiredEnvironment
    from reconciler.model.journal import JournalReading
    from reconciler.model.journal_runs import RunRecord
    from reconciler.report.plan_document import PlanDocument


@dataclass(frozen=True, slots=True)
class Found:
    """One run: its whole id, and its record in each environment that it reached."""

    run: str
    records: tuple[RunRecord, ...]


def readings_in(folder: Path, environments: Sequence[str] = ()) -> tuple[JournalReading, ...]:
    """The journals of these environments, or of all that have one, by name."""
    from reconciler.rollout.journal_file import ENDING, read_journal

    names = environments or sorted(path.name.removesuffix(ENDING) for path in folder.glob(f"*{ENDING}"))
    return tuple(read_journal(folder, name) for name in names)


def damage_line(folder: Path, reading: JournalReading) -> str | None:
    """What is wrong with a journal, ready to be shown; None when it is whole."""
    from reconciler.rollout.journal_file import path_of

    if reading.damage is None:
        return None
    where = f"{path_of(folder, reading.environment)}:{reading.damage.line}"
    return escape(f"error[journal-damaged]: {where}: {reading.damage.why}; neither it nor any line after it is trusted")


def find_run(folder: Path, prefix: str, readings: Sequence[JournalReading]) -> Found:
    """The run whose id begins so. Exits 1 when there is none or more than one."""
    from reconciler.model.journal_runs import runs_of

    records = [record for reading in readings for record in runs_of(reading.lines) if record.run.startswith(prefix)]
    runs = list(dict.fromkeys(record.run for record in sorted(records, key=lambda record: record.at)))
    if not runs:
        _give_up(f"error[no-such-run]: no run in {folder} begins with {prefix[:60]!r}; rictl history lists them")
    if len(runs) > 1 and prefix not in runs:
        shown = ", ".join(runs[:5]) + (" and more" if len(runs) > 5 else "")
        _give_up(f"error[no-such-run]: {len(runs)} runs begin with {prefix[:60]!r}: {shown}; write more of it")
    run = prefix if prefix in runs else runs[0]
    return Found(run, tuple(record for record in records if record.run == run))


def undone(declared: DesiredEnvironment, record: RunRecord, overwrites: frozenset[str]) -> DesiredEnvironment:
    """The wish to undo what the run did in this environment. Exits 3 when the journal cannot tell."""
    from reconciler.catalog.register import CATALOG
    from reconciler.plan.undo_wish import undo_wish

    try:
        return undo_wish(record, declared, CATALOG, overwrites)
    except ValueError as error:
        _give_up(f"error[journal-damaged]: {declared.name}: run {record.run}: a form cannot be read: {error}", REFUSED)


def wishes_of(run: str, environments: Sequence[str], overwrites: frozenset[str], folder: Path) -> tuple[DesiredEnvironment, ...]:
    """The wishes to undo the run in every environment that it reached, or in the named ones.

    Exits 3 when a journal is damaged, 1 when there is no such run or an environment has no file any more.
    """
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.choosing import chosen

    every = readings_in(folder)
    found = find_run(folder, run, every)
    reached = {record.begun.environment: record for record in found.records}
    for name in environments:
        if name not in reached:
            _give_up(f"error[no-such-run]: run {found.run} did not reach {name[:200]!r}; it reached {', '.join(reached)}")
    names = environments or tuple(reached)
    refuse_damaged(folder, [reading for reading in every if reading.environment in names])
    _, declared = chosen(names, CATALOG)
    wishes = tuple(undone(wish, reached[wish.name], overwrites) for wish in declared)
    written = {field.name for wish in wishes if wish.undo is not None for field in wish.undo.fields}
    if overwrites - written:
        known = f"it wrote {', '.join(sorted(written))}" if written else "it wrote no field"
        raise click.UsageError(f"run {found.run} did not write {', '.join(sorted(overwrites - written))}; {known}")
    return wishes


def with_undoing(environments: Sequence[DesiredEnvironment], document: PlanDocument, folder: Path) -> tuple[DesiredEnvironment, ...]:
    """The wishes of a saved plan: those of its undoing plans come from the journals, not from the files."""
    plans = {made.environment: made.undoes for made in document.plans}
    found = []
    for declared in environments:
        undoes = plans.get(declared.name)
        found.append(declared if undoes is None else undone_run(declared, undoes.run, frozenset(undoes.overwrites), folder))
    return tuple(found)


def undone_run(declared: DesiredEnvironment, run: str, overwrites: frozenset[str], folder: Path) -> DesiredEnvironment:
    """The same by the id of the run, from the journal of the environment. Exits 3 when that is damaged, 1 when the run is not in it."""
    (reading,) = readings_in(folder, [declared.name])
    refuse_damaged(folder, [reading])
    return undone(declared, find_run(folder, run, [reading]).records[0], overwrites)


def refuse_damaged(folder: Path, readings: Sequence[JournalReading]) -> None:
    """Exits 3 when one of the journals is damaged: what such a journal says of before is no ground for a write."""
    lines = [line for reading in readings if (line := damage_line(folder, reading)) is not None]
    if lines:
        _give_up("\n".join(lines), REFUSED)


def _give_up(said: str, exit_code: int = FAILED) -> NoReturn:
    click.echo(escape(said) if "\n" not in said else said, err=True)
    click.echo("Nothing was written.", err=True)
    annotate_refusal(said)
    tell_build_server(None, exit_code, is_refused=True)
    raise click.exceptions.Exit(exit_code)
