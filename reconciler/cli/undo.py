"""`rictl undo`: turns a run of the journal into the plan of its reversal, which is saved, or asked about and carried out."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import journal_option, shared
from reconciler.cli.output import Wanted, format_option, save

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.cli.connect import Connections
    from reconciler.model.desired import DesiredEnvironment


@click.command()
@click.argument("run", metavar="RUN")
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Save the plan instead of carrying it out.")
@click.option("--overwrite", "overwrites", metavar="FIELD", multiple=True, help="Set FIELD back although somebody changed it since.")
@format_option("apply")
@journal_option
@click.option("--no-journal", is_flag=True, help="Keep no journal of the undoing.")
@shared
def undo(
    run: str,
    environments: tuple[str, ...],
    auto_approve: bool,
    out: Path | None,
    overwrites: tuple[str, ...],
    formats: tuple[Wanted, ...],
    journal: Path | None,
    no_journal: bool,
    waivers: dict[str, str],
    hosts: tuple[str, ...],
    details: bool,
    parallelism: int,
) -> int:
    """Put everything back that a run changed, as a plan.

    RUN is the id of a run, or the beginning of one that is unambiguous. ENV limits it to these environments. A field that somebody
    changed since the run stays, and the plan says so. Forms are put back byte for byte when nobody touched them since.
    """
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.apply import carry_out
    from reconciler.cli.connect import Connections
    from reconciler.cli.journals import Journals, folder_of
    from reconciler.cli.undoing import wishes_of
    from reconciler.cli.workspace import find_workspace

    if out is None and not auto_approve and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("there is nobody to ask here: use --auto-approve, or save the plan with --out FILE and apply it")
    workspace = find_workspace(Path.cwd())
    folder = folder_of(workspace, journal)
    desired = wishes_of(run, environments, frozenset(overwrites), folder)
    connections = Connections(workspace, CATALOG, os.environ, frozenset(hosts))
    try:
        if out is not None:
            return _save(out, desired, connections, waivers, parallelism, details=details)
        journals = None if no_journal else Journals.of_new_run(folder, workspace)
        code = carry_out(desired, connections, None, waivers, parallelism, formats, journals, details=details, ask=not auto_approve)
    finally:
        connections.close()
    _tell_what_next(desired)
    return code


def _save(
    out: Path,
    desired: Sequence[DesiredEnvironment],
    connections: Connections,
    waivers: dict[str, str],
    parallelism: int,
    *,
    details: bool,
) -> int:
    from reconciler.cli.output import deliver
    from reconciler.cli.planning import plan_all
    from reconciler.report.plan_document import document_json, document_of
    from reconciler.report.verdict import plan_verdict

    planned = asyncio.run(plan_all(desired, connections, parallelism=parallelism, waivers=waivers))
    save(out, f"{document_json(document_of(planned))}\n")
    deliver(planned, (), details=details)
    click.echo(f"Saved the plan to {out}. To carry it out, with the same journal at hand: rictl apply {out}", err=True)
    _tell_what_next(desired)
    return plan_verdict(planned.plans, detailed=False, failed=len(planned.unreadable))


def _tell_what_next(desired: Sequence[DesiredEnvironment]) -> None:
    names = " ".join(wish.name for wish in desired)
    said = "The files still ask for what was undone: the next plan shows it again. Change them, or see it with: rictl plan"
    click.echo(f"{said} {names}", err=True)
