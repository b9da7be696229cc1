"""`rictl undo`: turns a run of the journal into the plan of its reversal, which is saved, or asked about and carried out."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.approvals import LIMIT, RiskLimit, check_groups, parse_approvals
from reconciler.cli.options import journal_option, shared
from reconciler.cli.output import Wanted, format_option, save
from reconciler.cli.step_summary import tell_build_server
from reconciler.model.change import RISKS, Risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.cli.connect import Connections
    from reconciler.cli.policies import Demands
    from reconciler.cli.workspace import Workspace
    from reconciler.model.desired import DesiredEnvironment


@click.command(cls=RiskLimit)
@click.argument("run", metavar="RUN")
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--auto-approve", is_flag=True, help="Do not ask; --auto-approve=low (or medium) only up to that risk.")
@click.option(LIMIT, "limit", type=click.Choice(RISKS), hidden=True)
@click.option(
    "--approved-by",
    "approvals",
    metavar="GROUP=WHO",
    multiple=True,
    callback=parse_approvals,
    help="Record who gave an approval that a policy requires. May be given several times.",
)
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
    limit: Risk | None,
    approvals: dict[str, str],
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
    from reconciler.cli.apply import Mandate, carry_out
    from reconciler.cli.connect import Connections
    from reconciler.cli.journals import Journals, folder_of
    from reconciler.cli.policies import demands_of
    from reconciler.cli.undoing import wishes_of
    from reconciler.cli.workspace import find_workspace

    if out is None and not auto_approve and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("there is nobody to ask here: use --auto-approve, or save the plan with --out FILE and apply it")
    workspace = find_workspace(Path.cwd())
    demands = demands_of(workspace, waivers)
    check_groups(approvals, demands.groups)
    folder = folder_of(workspace, journal)
    desired = wishes_of(run, environments, frozenset(overwrites), folder)
    connections = Connections(workspace, CATALOG, os.environ, frozenset(hosts))
    try:
        if out is not None:
            return _save(out, desired, connections, demands, waivers, parallelism, workspace, details=details)
        journals = None if no_journal else Journals.of_new_run(folder, workspace)
        mandate = Mandate(demands, waivers, approvals, auto_approve, limit)
        code = carry_out(desired, connections, None, mandate, parallelism, formats, journals, details=details)
    finally:
        connections.close()
    _tell_what_next(desired)
    return code


def _save(
    out: Path,
    desired: Sequence[DesiredEnvironment],
    connections: Connections,
    demands: Demands,
    waivers: dict[str, str],
    parallelism: int,
    workspace: Workspace,
    *,
    details: bool,
) -> int:
    from reconciler.cli.git import checkout_of
    from reconciler.cli.output import deliver
    from reconciler.cli.planning import plan_all
    from reconciler.cli.policies import ruled_run
    from reconciler.report.plan_document import document_json, document_of
    from reconciler.report.verdict import plan_verdict

    planned = asyncio.run(plan_all(desired, connections, parallelism=parallelism, waivers=waivers))
    planned = replace(ruled_run(planned, desired, demands), source=checkout_of(workspace.root))
    save(out, f"{document_json(document_of(planned))}\n")
    deliver(planned, (), details=details)
    click.echo(f"Saved the plan to {out}. To carry it out, with the same journal at hand: rictl apply {out}", err=True)
    _tell_what_next(desired)
    verdict = plan_verdict(planned.plans, detailed=False, failed=len(planned.unreadable))
    tell_build_server(planned, verdict)
    return verdict


def _tell_what_next(desired: Sequence[DesiredEnvironment]) -> None:
    names = " ".join(wish.name for wish in desired)
    said = "The files still ask for what was undone: the next plan shows it again. Change them, or see it with: rictl plan"
    click.echo(f"{said} {names}", err=True)
