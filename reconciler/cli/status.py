"""`rictl status`: one row an environment, from plans and journals that are only read. Writes nothing to any environment."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import connecting, journal_option
from reconciler.model.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.desired import DesiredEnvironment
    from reconciler.model.run import PlanRun
    from reconciler.report.status import StatusRow


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What is printed.")
@journal_option
@connecting
def status(environments: tuple[str, ...], format: str, journal: Path | None, hosts: tuple[str, ...], parallelism: int) -> int:
    """Show features, roles, consent, widgets, drift, last run and who is next, one row an environment. Writes nothing there.

    ENV is the name of an environment or a file; none means every environment under environments/. Exits 1 when something could not
    be read.
    """
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.choosing import chosen
    from reconciler.cli.connect import Connections
    from reconciler.cli.journals import folder_of
    from reconciler.cli.planning import plan_all
    from reconciler.report.status_document import status_json
    from reconciler.report.status_text import status_text

    workspace, desired = chosen(environments, CATALOG)
    connections = Connections(workspace, CATALOG, os.environ, frozenset(hosts))
    try:
        run = asyncio.run(plan_all(desired, connections, parallelism=parallelism, waivers={}))
    finally:
        connections.close()
    rows = _rows(desired, run, folder_of(workspace, journal))
    click.echo(status_json(rows, run.made_at, run.tool_version) if format == "json" else status_text(rows))
    return DONE if all(row.is_readable for row in rows) else FAILED


def _rows(desired: Sequence[DesiredEnvironment], run: PlanRun, folder: Path) -> list[StatusRow]:
    """The rows in the order in which the environments were named; what is wrong with a journal goes to stderr."""
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.undoing import damage_line, readings_in
    from reconciler.report.status_rows import status_row

    plans = {plan.environment: plan for plan in run.plans}
    lost = {unreadable.environment: unreadable for unreadable in run.unreadable}
    rows = []
    for wish in desired:
        (reading,) = readings_in(folder, [wish.name])
        line = damage_line(folder, reading)
        if line is not None:
            click.echo(line, err=True)
        rows.append(status_row(wish, plans[wish.name] if wish.name in plans else lost[wish.name], reading, CATALOG))
    return rows
