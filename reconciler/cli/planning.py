"""Loads the chosen environments and plans them, several at once: the common half of `plan` and `apply`."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from reconciler import __version__, pipeline
from reconciler.cli.connect import Connections
from reconciler.cli.failures import show_remote_error, unreadable
from reconciler.live.reader import DataverseReader
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.errors import RemoteError
from reconciler.model.plan import Plan
from reconciler.model.run import PlanRun, Unreadable
from reconciler.plan.waive import waive


async def plan_all(
    environments: Sequence[DesiredEnvironment],
    connections: Connections,
    *,
    parallelism: int,
    waivers: Mapping[str, str],
    bases: Mapping[str, DesiredEnvironment] = MappingProxyType({}),
) -> PlanRun:
    """One plan an environment, in the order given. An environment that cannot be read is told on stderr and listed.

    `bases` are the environments as they were at the base commit, by name.
    """
    connections.start(list(environments))
    gate = asyncio.Semaphore(parallelism)

    async def one(desired: DesiredEnvironment) -> Plan | Unreadable:
        async with gate:
            try:
                async with connections.session(desired, read_only=True) as session:
                    reader = DataverseReader(session, connections.catalog, cache=connections.metadata_cache)
                    return waive(await pipeline.plan(desired, reader, connections.catalog, bases.get(desired.name)), waivers)
            except RemoteError as error:
                show_remote_error(desired.name, error)
                return unreadable(desired.name, error)

    made = await asyncio.gather(*(one(desired) for desired in environments))
    plans = tuple(plan for plan in made if isinstance(plan, Plan))
    lost = tuple(plan for plan in made if isinstance(plan, Unreadable))
    return PlanRun(plans, lost, dt.datetime.now(dt.UTC), __version__)
