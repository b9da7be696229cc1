"""Loads the chosen environments and plans them, several at once: the common half of `plan` and `apply`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler import pipeline
from reconciler.cli.connect import Connections
from reconciler.cli.failures import show_remote_error
from reconciler.live.reader import DataverseReader
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.errors import RemoteError
from reconciler.model.plan import Plan
from reconciler.plan.waive import waive


@dataclass(frozen=True, slots=True)
class Planned:
    """The plans of the environments that could be read, and how many could not."""

    plans: tuple[Plan, ...]
    failed: int


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
