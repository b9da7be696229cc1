"""Carries out the plans of several environments at once and collects their outcomes; progress goes to stderr."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import click

from reconciler import pipeline
from reconciler.cli.connect import Connections
from reconciler.cli.interrupt import stop_on_signal
from reconciler.cli.journals import Journals, end
from reconciler.live.reader import DataverseReader
from reconciler.live.writer import DataverseWriter
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.errors import RemoteError
from reconciler.model.outcome import Outcome, StepOutcome
from reconciler.model.plan import Plan
from reconciler.report.escape import escape
from reconciler.rollout.apply import reason
from reconciler.rollout.errors import JournalFailed
from reconciler.rollout.pace import Pace


async def roll_out(
    plans: Sequence[Plan],
    environments: Sequence[DesiredEnvironment],
    connections: Connections,
    *,
    parallelism: int,
    journals: Journals | None = None,
) -> tuple[Outcome, ...]:
    """One outcome a plan, in order. One environment's failure does not stop the others; Ctrl-C stops all of them."""
    if not plans:
        return ()
    wishes = {desired.name: desired for desired in environments}
    gate = asyncio.Semaphore(parallelism)
    stop = asyncio.Event()

    async def one(plan: Plan) -> Outcome:
        async with gate:
            try:
                return await _apply(plan, wishes[plan.environment], connections, stop, journals)
            except (RemoteError, JournalFailed) as error:
                return _not_begun(plan, reason(error))

    tasks = [asyncio.create_task(one(plan)) for plan in plans]

    def abort() -> None:
        for task in tasks:
            task.cancel()

    with stop_on_signal(stop, abort):
        await asyncio.wait(tasks)
    aborted = "aborted before the first step"
    return tuple(
        _not_begun(plan, aborted, interrupted=True) if task.cancelled() else task.result() for plan, task in zip(plans, tasks, strict=True)
    )


def _not_begun(plan: Plan, failure: str, *, interrupted: bool = False) -> Outcome:
    return Outcome(plan, tuple(StepOutcome(step, "not-reached") for step in plan.steps), failure=failure, interrupted=interrupted)


async def _apply(
    plan: Plan, desired: DesiredEnvironment, connections: Connections, stop: asyncio.Event, journals: Journals | None
) -> Outcome:
    def tell(line: str) -> None:
        click.echo(escape(f"{plan.environment}: {line}"), err=True)

    async with connections.session(desired, read_only=False) as session:
        reader = DataverseReader(session, connections.catalog, cache=connections.metadata_cache)
        writer = DataverseWriter(session, connections.catalog)
        pace = Pace(tell, stop=stop)
        journal = journals.begin(plan) if journals is not None else None
        outcome = await pipeline.apply(plan, desired, reader=reader, writer=writer, catalog=connections.catalog, pace=pace, journal=journal)
        if journal is not None:
            end(journal, outcome)
        return outcome
