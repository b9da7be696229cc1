"""`rictl history`: the runs that the journals hold, and what one of them did. Reads the folder of the journals; asks no environment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import journal_option
from reconciler.model.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from reconciler.model.journal import JournalReading
    from reconciler.model.journal_runs import RunRecord

_FORMAT = click.option("--format", "format", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.command()
@click.argument("words", nargs=-1, metavar="[ENV]... | show RUN")
@_FORMAT
@journal_option
def history(words: tuple[str, ...], format: str, journal: Path | None) -> int:
    """List the runs of the environments, newest first; or show one run, step by step.

    ENV is the name of an environment; none means every journal there is. RUN is the id of a run, or its beginning.
    """
    from reconciler.cli.journals import folder_of
    from reconciler.cli.undoing import find_run, readings_in
    from reconciler.cli.workspace import find_workspace
    from reconciler.model.journal_runs import runs_of

    folder = journal if journal is not None else folder_of(find_workspace(Path.cwd()), None)
    showing = words[:1] == ("show",)
    if showing and len(words) != 2:
        raise click.UsageError("history show takes the id of one run, or the beginning of it")
    readings = readings_in(folder, () if showing else words)
    if showing:
        _print_runs(find_run(folder, words[1], readings).records, format)
    else:
        records = [record for reading in readings for record in runs_of(reading.lines)]
        _print_list(sorted(records, key=lambda record: (record.at, record.run), reverse=True), format)
    return _tell_damage(folder, readings)


def _print_list(records: Sequence[RunRecord], format: str) -> None:
    from reconciler.report.history_document import run_summary
    from reconciler.report.history_text import history_text

    click.echo(_json([run_summary(record) for record in records]) if format == "json" else history_text(records))


def _print_runs(records: Sequence[RunRecord], format: str) -> None:
    from reconciler.report.history_document import run_document
    from reconciler.report.history_text import run_text

    if format == "json":
        click.echo(_json([run_document(record) for record in records]))
    else:
        click.echo("\n\n".join(run_text(record) for record in records))


def _json(value: object) -> str:
    # ASCII only, so that no control character of a name can reach a terminal.
    return json.dumps(value, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f")


def _tell_damage(folder: Path, readings: Sequence[JournalReading]) -> int:
    from reconciler.cli.undoing import damage_line
    from reconciler.report.escape import escape

    lines = [line for reading in readings if (line := damage_line(folder, reading)) is not None]
    for reading in readings:
        if reading.cut:
            said = f"warning: {reading.environment}: the last line of the journal was cut: the process that wrote it ended in the middle"
            click.echo(escape(said), err=True)
    for line in lines:
        click.echo(line, err=True)
    return FAILED if lines else DONE
