"""Turns a plan into an account of what was done: step by step, stopping at the first failure. Touches `LiveWriter`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from reconciler.catalog.book import Catalog
from reconciler.forms.reconcile import WidgetSpec
from reconciler.model.errors import RemoteError, Unreachable
from reconciler.model.outcome import StepOutcome
from reconciler.model.plan import AwaitActivation, Plan, Publish, Step, WriteForm, WriteRow
from reconciler.model.ports import LiveWriter, RunJournal
from reconciler.model.words import step_title
from reconciler.rollout.errors import Interrupted, StepFailed
from reconciler.rollout.forms import publish, write_form
from reconciler.rollout.pace import Pace
from reconciler.rollout.recorder import Recorder, Unrecorded
from reconciler.rollout.rows import write_row
from reconciler.rollout.waiting import await_activation

FORM_TABLE = "systemform"


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every step of a plan, in order; `failure` says why it stopped early."""

    steps: tuple[StepOutcome, ...]
    failure: str | None = None
    interrupted: bool = False


@dataclass(slots=True)
class Rollout:
    """One plan being carried out. Nothing is written before the environment's own metadata confirmed every table that is touched.

    journal     is told of every write before it is sent
    originals   FormXml that steps put back as it was, by its SHA-256
    """

    plan: Plan
    writer: LiveWriter
    catalog: Catalog
    known: Sequence[WidgetSpec]
    pace: Pace
    journal: RunJournal = field(default_factory=Unrecorded)
    originals: Mapping[str, bytes] = field(default_factory=dict)
    created: dict[str, str] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.writer, self.journal)

    async def run(self) -> Account:
        """Carries out the steps; never raises for what the remote side does."""
        done: list[StepOutcome] = []
        try:
            await self._confirm()
        except (StepFailed, RemoteError) as error:
            return self._stopped(done, reason(error))
        for number, step in enumerate(self.plan.steps):
            if self.pace.stop.is_set():
                return self._stopped(done, "interrupted between two steps", interrupted=True)
            self.recorder.forget(number)
            try:
                await self._carry_out(step)
                self.recorder.end("done")
            except Interrupted:
                return self._stopped(done, f"interrupted while waiting: {step_title(step)}", interrupted=True)
            except asyncio.CancelledError:
                _swallow_cancellation()
                return self._aborted(done, step)
            except (StepFailed, RemoteError) as error:
                done.append(self._failed(step, error))
                return self._stopped(done, f"{step_title(step)}: {reason(error)}")
            done.append(StepOutcome(step, "done"))
            self.pace.tell(f"done {number + 1} of {len(self.plan.steps)}: {step_title(step)}")
        return Account(tuple(done))

    def _failed(self, step: Step, error: StepFailed | RemoteError) -> StepOutcome:
        """A failure means little without how far the write had got: not sent, its answer lost, or taken and not proved."""
        reached = self.recorder.reached
        lost = reached == "sent" and isinstance(error, Unreachable)
        unproved = reached == "answered" and isinstance(error, RemoteError)
        outcome = StepOutcome(step, "unknown" if lost or unproved else "failed", reason(error), wrote=reached == "answered")
        self.recorder.end_badly("unknown" if lost or unproved else "failed", reason(error))
        return outcome

    def _aborted(self, done: list[StepOutcome], step: Step) -> Account:
        """The person could not wait for the write in hand: whether it took effect is for the next plan to find out."""
        if self.recorder.reached != "nothing":
            done.append(StepOutcome(step, "unknown", "its answer was not waited for", wrote=self.recorder.reached == "answered"))
            self.recorder.end_badly("unknown", "its answer was not waited for")
        return self._stopped(done, f"aborted: {step_title(step)}. Run plan to see what is there now", interrupted=True)

    def _stopped(self, done: list[StepOutcome], failure: str, *, interrupted: bool = False) -> Account:
        rest = tuple(StepOutcome(step, "not-reached") for step in self.plan.steps[len(done) :])
        return Account((*done, *rest), failure, interrupted)

    async def _confirm(self) -> None:
        touched = {step.table for step in self.plan.steps if isinstance(step, WriteRow | AwaitActivation)}
        if any(isinstance(step, WriteForm) for step in self.plan.steps):
            touched.add(FORM_TABLE)
        complaints = await self.recorder.confirm_metadata(frozenset(touched))
        if complaints:
            raise StepFailed("the environment's metadata does not fit, nothing was written: " + "; ".join(complaints.values()))

    async def _carry_out(self, step: Step) -> None:
        match step:
            case WriteRow():
                await write_row(step, self.recorder, self.created)
            case AwaitActivation():
                activation = self.catalog.kind(step.kind).activation
                if activation is None:
                    raise AssertionError(f"{step.kind} has no activation to wait for")
                await await_activation(step, activation, self.recorder, self.pace)
            case WriteForm():
                self.stored[step.form_id] = await write_form(step, self.recorder, self.known, self.originals)
            case Publish():
                await publish(step, self.stored, self.recorder)
            case _:
                assert_never(step)


def _swallow_cancellation() -> None:
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()


def reason(error: StepFailed | RemoteError) -> str:
    """The error in one line: what, where, why, what next."""
    if isinstance(error, StepFailed):
        return error.detail
    parts = [error.what, f"({error.request})" if error.request else "", error.why, error.hint]
    return " ".join(part.strip() for part in parts if part)
