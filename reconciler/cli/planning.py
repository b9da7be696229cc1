"""Loads the chosen environments and plans them, several at once: the common half of `plan` and `apply`."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from reconciler import pipeline
from reconciler.catalog.book import Catalog
from reconciler.cli.connect import Connections
from reconciler.cli.failures import show_diagnostics, show_remote_error
from reconciler.cli.workspace import Workspace, find_workspace, select
from reconciler.live.reader import DataverseReader
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.errors import RemoteError
from reconciler.model.exit_codes import FAILED
from reconciler.model.plan import Plan
from reconciler.plan.waive import waive


@dataclass(frozen=True, slots=True)
class Planned:
    """The plans of the environments that could be read, and how many could not."""

    plans: tuple[Plan, ...]
    failed: int


def chosen(names: Sequence[str], catalog: Catalog) -> tuple[Workspace, tuple[DesiredEnvironment, ...]]:
    """The workspace and the environments of these names or files (none: all). Prints every finding and exits 1 on errors."""
    workspace = find_workspace(Path.cwd())
    paths, unknown = select(workspace, names)
    # Imported here: reading YAML is not needed to say that a name does not exist.
    from reconciler.desired.load import load

    loaded = load(paths, root=workspace.root, catalog=catalog, today=dt.datetime.now(dt.UTC).date(), variables=os.environ)
    findings = (*unknown, *loaded.diagnostics)
    if findings:
        show_diagnostics(findings)
    if any(finding.severity == "error" for finding in findings):
        click.echo("Nothing was read or written.", err=True)
        raise click.exceptions.Exit(FAILED)
    return workspace, loaded.environments


async def plan_all(
    environments: Sequence[DesiredEnvironment], connections: Connections, *, parallelism: int, waivers: Mapping[str, str]
) -> Planned:
    """One plan an environment, in the order given. An environment that cannot be read is told on stderr and counted."""
    connections.start(list(environments))
    gate = asyncio.Semaphore(parallelism)

    async def one(desired: DesiredEnvironment) -> Plan | None:
        async with gate:
            try:
                async with connections.session(desired, read_only=True) as session:
                    reader = DataverseReader(session, connections.catalog, cache=connections.metadata_cache)
                    return waive(await pipeline.plan(desired, reader, connections.catalog), waivers)
            except RemoteError as error:
                show_remote_error(desired.name, error)
                return None

    plans = await asyncio.gather(*(one(desired) for desired in environments))
    made = tuple(plan for plan in plans if plan is not None)
    return Planned(made, len(plans) - len(made))
