"""The order of the stages, and nothing else: load, read, plan; apply, read again, plan again. Touches what it is given."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from reconciler.catalog.book import Catalog
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.errors import RemoteError
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan
from reconciler.model.ports import LiveReader, LiveWriter, RunJournal
from reconciler.plan.build import build_plan
from reconciler.plan.cause import with_causes
from reconciler.plan.forms import known_widgets
from reconciler.plan.people import people_to_count
from reconciler.plan.waive import waive
from reconciler.rollout.apply import Rollout, reason
from reconciler.rollout.pace import Pace
from reconciler.rollout.recorder import Unrecorded


async def plan(desired: DesiredEnvironment, reader: LiveReader, catalog: Catalog, base: DesiredEnvironment | None = None) -> Plan:
    """Reads the environment and compares. Cannot write: a reader has no way to. Raises RemoteError when nothing can be said.

    `base` is what the files said at an earlier commit; with it, the plan tells what moved since in git and what in the environment.
    """
    live = await reader.read(desired)
    wanted = people_to_count(desired, live, catalog)
    if wanted:
        people = await reader.people(wanted)
        live = replace(live, people=people.counts, requests=live.requests + people.requests)
    made = build_plan(desired, live, catalog)
    return made if base is None else with_causes(made, build_plan(base, live, catalog))


async def apply(
    approved: Plan,
    desired: DesiredEnvironment,
    *,
    reader: LiveReader,
    writer: LiveWriter,
    catalog: Catalog,
    pace: Pace,
    journal: RunJournal | None = None,
) -> Outcome:
    """Carries out a plan, then proves it by planning again. A plan that stopped early is not proved: what is left is unknown."""
    originals = {form.restoration.sha256: form.restoration.xml.encode("utf-8") for form in desired.forms if form.restoration is not None}
    account = await Rollout(approved, writer, catalog, known_widgets(catalog), pace, journal or Unrecorded(), originals).run()
    if account.failure is not None:
        return Outcome(approved, account.steps, failure=account.failure, interrupted=account.interrupted)
    try:
        remaining = await plan(desired, reader, catalog)
    except asyncio.CancelledError:
        return Outcome(approved, account.steps, failure="every step is done, but the proof was not waited for", interrupted=True)
    except RemoteError as error:
        return Outcome(approved, account.steps, failure=f"every step is done, but the proof could not be read: {reason(error)}")
    waived = {objection.code: objection.waived for objection in approved.objections if objection.waived is not None}
    return Outcome(approved, account.steps, remaining=waive(remaining, waived))
