"""`rictl show`: a saved plan in any format, offline. Reads the file; writes stdout and the files of --format."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import click

from reconciler.cli.output import Wanted, deliver, format_option
from reconciler.model.exit_codes import DONE


@click.command()
@click.argument("plan_file", metavar="PLAN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option("plan")
@click.option("--details/--no-details", default=True, help="Every change in full, or only the table.  [default: details]")
def show(plan_file: Path, formats: tuple[Wanted, ...], details: bool) -> int:
    """Print a saved plan, as it was when it was made. Asks no environment.

    PLAN is a file of `rictl plan --out`. An altered one is refused; an expired one is shown, for reading does no harm.
    """
    from reconciler.cli.saved import read_document
    from reconciler.report.plan_document import run_of, saved_as

    document, sha256 = read_document(plan_file)
    deliver(replace(run_of(document), saved=saved_as(document, sha256)), formats, details=details)
    over = document.expires_at <= dt.datetime.now(dt.UTC)
    until = f"{'expired at' if over else 'may be applied until'} {document.expires_at:%Y-%m-%d %H:%M} UTC"
    signed = (
        f"claims a signature of key {document.signature.key_id!r}, which apply --verify checks"
        if document.signature is not None
        else "not signed"
    )
    click.echo(f"{plan_file}: sha256 {sha256}, made by rictl {document.tool_version!r}, {until}, {signed}", err=True)
    return DONE
