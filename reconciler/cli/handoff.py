"""`rictl handoff`: prints the message for the administrator and writes the calendar file. Writes nothing to any environment."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import connecting
from reconciler.cli.output import save
from reconciler.model.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from reconciler.report.handoff import Handoff


@click.command()
@click.argument("environment", metavar="ENV")
@click.option("--ics", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the deadline as a calendar file, too.")
@connecting
def handoff(environment: str, ics: Path | None, hosts: tuple[str, ...], parallelism: int) -> int:
    """Write the ready message for the Microsoft 365 administrator: what, why, where, until when. Writes nothing to the environment.

    ENV is the name of an environment or a file. When nothing is to be handed over, that is said and the exit code is 0.
    """
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.choosing import chosen
    from reconciler.cli.connect import Connections
    from reconciler.cli.planning import plan_all
    from reconciler.report.handoff import handoff_of, handoff_text

    workspace, desired = chosen((environment,), CATALOG)
    connections = Connections(workspace, CATALOG, os.environ, frozenset(hosts))
    try:
        run = asyncio.run(plan_all(desired, connections, parallelism=parallelism, waivers={}))
    finally:
        connections.close()
    if not run.plans:
        return FAILED
    found = handoff_of(desired[0], run.plans[0], CATALOG)
    if found is None:
        click.echo(f"{desired[0].name}: nothing to hand over.")
    else:
        click.echo(handoff_text(found))
    if ics is not None:
        _write(ics, found)
    return DONE


def _write(file: Path, found: Handoff | None) -> None:
    """The calendar file; without a day there is nothing to put into it, and that is said."""
    if found is None or found.deadline is None:
        click.echo(f"{file} was not written: there is no deadline.", err=True)
        return
    from reconciler import __version__
    from reconciler.report.handoff_calendar import calendar_of

    save(file, calendar_of(found, found.deadline, __version__))
    click.echo(f"Wrote {file}.", err=True)
