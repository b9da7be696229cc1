"""`rictl plan`: reads the environments and prints what would change. Writes nothing but the file of --out."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import shared
from reconciler.cli.output import Wanted, deliver, format_option, save
from reconciler.model.exit_codes import CHANGES, DONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.plan import Plan


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when changes are pending, 0 when there are none.")
@format_option("plan")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Save the plan, to apply exactly it.")
@shared
def plan(
    environments: tuple[str, ...],
    detailed_exitcode: bool,
    formats: tuple[Wanted, ...],
    out: Path | None,
    waivers: dict[str, str],
    hosts: tuple[str, ...],
    details: bool,
    parallelism: int,
) -> int:
    """Show what would change in the environments. Writes nothing there.

    ENV is the name of an environment or a file; none means every environment under environments/.
    """
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.choosing import chosen
    from reconciler.cli.connect import Connections
    from reconciler.cli.planning import plan_all
    from reconciler.report.formats.book import Style, render
    from reconciler.report.verdict import plan_verdict

    workspace, desired = chosen(environments, CATALOG)
    connections = Connections(workspace, CATALOG, os.environ, frozenset(hosts))
    try:
        run = asyncio.run(plan_all(desired, connections, parallelism=parallelism, waivers=waivers))
    finally:
        connections.close()
    if out is not None:
        save(out, render("json", run, Style()))
    if run.plans or formats:
        deliver(run, formats, details=details)
    verdict = plan_verdict(run.plans, detailed=detailed_exitcode, failed=len(run.unreadable))
    click.echo(_what_next(run.plans, out, is_applicable=verdict in (DONE, CHANGES)), err=True, nl=False)
    return verdict


def _what_next(plans: Sequence[Plan], out: Path | None, *, is_applicable: bool) -> str:
    if out is not None and is_applicable:
        return f"Saved the plan to {out}. To apply exactly it: rictl apply {out}\n"
    if out is not None:
        return f"Saved the plan to {out}, to be read: as it is, it cannot be applied.\n"
    if is_applicable and any(made.steps for made in plans):
        return "The plan was not saved: a later apply makes a new one. Use --out FILE to apply exactly this one.\n"
    return ""
