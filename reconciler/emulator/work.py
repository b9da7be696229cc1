"""Counts what answering a request costs, so that no query keeps everybody else waiting. Touches nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.emulator.context import DataverseError

MOST_WORK = 4_000_000
"""Rows looked at and conditions tested for one request: some seconds of the one thread that serves everybody."""


@dataclass(slots=True)
class Work:
    """What one request has cost so far; the parts of a batch count together."""

    done: int = 0

    def spend(self, number: int) -> None:
        """Adds to it. DataverseError where it is too much, as the service's database ends a query that takes too long."""
        self.done += number
        if self.done > MOST_WORK:
            raise DataverseError(500, "0x80044151", "SQL timeout expired.")
