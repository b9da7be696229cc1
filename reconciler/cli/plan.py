"""`rictl plan`: reads the environments and prints what would change. Writes nothing but the file of --out."""

from __future__ import annotations

import asyncio
import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import shared
from reconciler.cli.output import Wanted, deliver, format_option, save
from reconciler.cli.step_summary import tell_build_server
from reconciler.model.exit_codes import CHANGES, DONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.model.run import PlanRun, SavedPlan
    from reconciler.report.plan_document import PlanDocument


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when changes are pending, 0 when there are none.")
@click.option(
    "--base",
    metavar="REF",
    envvar="RICTL_BASE",
    show_envvar=True,
    help="Tell apart what changed in git since this commit and what changed in the environment.",
)
@click.option("--sign", "key", metavar="KEY", help="Sign the file of --out with this Ed25519 private key: a PEM file or env:NAME.")
@format_option("plan")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Save the plan, to apply exactly it.")
@shared
def plan(
    environments: tuple[str, ...],
    detailed_exitcode: bool,
    formats: tuple[Wanted, ...],
    out: Path | None,
    base: str | None,
    key: str | None,
    waivers: dict[str, str],
    hosts: tuple[str, ...],
    details: bool,
    parallelism: int,
) -> int:
    """Show what would change in the environments. Writes nothing there.

    ENV is the name of an environment or a file; none means every environment under environments/.
    """
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.base import base_of
    from reconciler.cli.choosing import chosen
    from reconciler.cli.connect import Connections
    from reconciler.cli.git import checkout_of
    from reconciler.cli.planning import plan_all
    from reconciler.cli.policies import demands_of, ruled_run
    from reconciler.report.verdict import plan_verdict

    if out is not None and out.suffix in (".yaml", ".yml"):
        raise click.UsageError(f"{out} would be an environment to every command: a plan is JSON, as in --out plan.json")
    sign = _signer(key, out)
    workspace, desired = chosen(environments, CATALOG)
    demands = demands_of(workspace, waivers)
    earlier = base_of(base, desired, workspace, CATALOG)
    connections = Connections(workspace, CATALOG, os.environ, frozenset(hosts))
    try:
        run = asyncio.run(plan_all(desired, connections, parallelism=parallelism, waivers=waivers, bases=earlier.wishes))
    finally:
        connections.close()
    run = ruled_run(run, desired, demands)
    if base or out or formats:
        run = replace(run, source=checkout_of(workspace.root, earlier.commit))
    if out is not None:
        run = replace(run, saved=_save(out, run, sign))
    if run.plans or formats:
        deliver(run, formats, details=details)
    verdict = plan_verdict(run.plans, detailed=detailed_exitcode, failed=len(run.unreadable))
    tell_build_server(run, verdict)
    click.echo(_what_next(run, out, is_applicable=verdict in (DONE, CHANGES)), err=True, nl=False)
    return verdict


def _signer(key: str | None, out: Path | None) -> Callable[[PlanDocument], PlanDocument]:
    """What signs the document. The key is read before anything else: a run should not end with a key that cannot be used."""
    if key is None:
        return lambda document: document
    if out is None:
        raise click.UsageError("--sign signs the file of --out: name one")
    from reconciler.cli.signing import private_key, signed

    private = private_key(key, os.environ)
    return lambda document: signed(document, private)


def _save(out: Path, run: PlanRun, sign: Callable[[PlanDocument], PlanDocument]) -> SavedPlan:
    """Writes the plan file and says what identifies it."""
    # Imported here: it brings the whole of pydantic, and most plans are only printed.
    from reconciler.report.plan_document import document_json, document_of, saved_as

    document = sign(document_of(run))
    text = f"{document_json(document)}\n"
    save(out, text)
    return saved_as(document, hashlib.sha256(text.encode()).hexdigest())


def _what_next(run: PlanRun, out: Path | None, *, is_applicable: bool) -> str:
    sha256 = run.saved.sha256 if run.saved is not None else ""
    if out is not None and is_applicable:
        return f"Saved the plan to {out} (sha256 {sha256}). To apply exactly it: rictl apply {out}\n"
    if out is not None:
        return f"Saved the plan to {out} (sha256 {sha256}), to be read: as it is, it cannot be applied.\n"
    if is_applicable and any(made.steps for made in run.plans):
        return "The plan was not saved: a later apply makes a new one. Use --out FILE to apply exactly this one.\n"
    return ""
