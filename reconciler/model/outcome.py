"""What became of a plan: done, failed, not reached. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.model.plan import Plan, Step


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """One step and what happened. `unknown`: an answer was lost, so the effect has to be read back.

    wrote   a step that failed after the service had taken its write: something changed, though not as wished
    """

    step: Step
    status: Literal["done", "failed", "not-reached", "unknown"]
    detail: str | None = None
    wrote: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One environment after an apply. `remaining` is the plan made afterwards; it must be empty."""

    plan: Plan
    steps: tuple[StepOutcome, ...]
    remaining: Plan | None = None
    failure: str | None = None
    interrupted: bool = False

    @property
    def wrote(self) -> bool:
        """Whether anything may have been written."""
        return any(s.wrote or s.status in ("done", "unknown") for s in self.steps)

    @property
    def converged(self) -> bool:
        """Every step is done, and nothing is left to change, to read or to object to."""
        return (
            self.failure is None
            and all(s.status == "done" for s in self.steps)
            and self.remaining is not None
            and self.remaining.is_empty
            and self.remaining.is_complete
            and not self.remaining.standing_objections
        )
