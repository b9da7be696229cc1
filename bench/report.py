"""Renders the plan of a large fleet in every format and compares time and memory with `json.dumps` of the same plan."""

from __future__ import annotations

import gc
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace

from bench.measure import Figure
from reconciler.catalog.register import CATALOG
from reconciler.model.address import Address
from reconciler.model.change import Change
from reconciler.model.plan import Plan
from reconciler.model.run import PlanRun
from reconciler.report.formats.book import FORMATS, Style, render
from tests.report.worlds import full_plan, plan_run

ENVIRONMENTS = 200
CHANGES = 10
"""In each environment."""
ROUNDS = 5


def large_run() -> PlanRun:
    """A run of 200 environments with 2,000 changes, and of each everything else that a plan may say."""
    made = full_plan()
    changes = [change for change in made.changes for _ in range(CHANGES)][:CHANGES]
    return replace(plan_run(), plans=tuple(_copy(made, changes, number) for number in range(ENVIRONMENTS)))


def _copy(made: Plan, changes: Sequence[Change], number: int) -> Plan:
    name = f"contoso-{number:03d}"
    moved = tuple(replace(change, address=Address(name, change.address.kind, change.address.key)) for change in changes)
    return replace(made, environment=name, changes=moved)


def reports() -> Iterator[str]:
    """One line a format: time as a ratio, then memory as a ratio and the size of the result."""
    run = large_run()

    def floor() -> str:
        return json.dumps(asdict(run), default=str)

    floor_peak = _peak(floor)
    for form in FORMATS:
        if "plan" not in form.subjects:
            continue

        def ours(name: str = form.name) -> str:
            return render(name, run, Style(catalog=CATALOG))

        size = len(ours())
        pairs = [(_seconds(ours), _seconds(floor)) for _ in range(ROUNDS)]
        yield str(
            Figure(
                f"{form.name} of {ENVIRONMENTS} environments",
                "json.dumps of it",
                statistics.median(a for a, _ in pairs),
                statistics.median(b for _, b in pairs),
                statistics.median(a / b for a, b in pairs),
                ROUNDS,
            )
        )
        yield f"RATIO {_peak(ours) / floor_peak:8.3f}  its memory at the highest, {size:,} characters"


def _seconds(work: Callable[[], str]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _peak(work: Callable[[], str]) -> int:
    gc.collect()
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
