"""Waits until the service really switched a feature on or off. Touches the remote side through `LiveWriter`."""

from __future__ import annotations

from time import monotonic

from reconciler.catalog.kind import Activation
from reconciler.model.plan import AwaitActivation
from reconciler.model.ports import LiveWriter
from reconciler.rollout.errors import Interrupted, StepFailed
from reconciler.rollout.pace import Pace

_TOLD_EVERY = 10.0
"""Seconds between two lines of progress while nothing moves."""


async def await_activation(step: AwaitActivation, activation: Activation, writer: LiveWriter, pace: Pace) -> None:
    """Returns when the status column shows the target; StepFailed when it shows a failure or the deadline passes.

    Elapsed time is the larger of the server's clock and ours, so that neither a stopped nor a jumping clock makes the wait endless.
    """
    wanted = activation.on if step.target == "on" else activation.off
    refused = {activation.failed} if step.target == "on" else {activation.counts_as_on}
    started = monotonic()
    reading = await writer.activation(step)
    server_started = reading.now
    interval = pace.first
    told: tuple[int | None, float] | None = None
    while True:
        elapsed = max(monotonic() - started, (reading.now - server_started).total_seconds())
        if reading.code == wanted:
            pace.tell(f"{step.kind} is {step.target} ({step.table}.{activation.column} = {wanted}), {elapsed:.0f} s")
            return
        if reading.code in refused:
            raise StepFailed(
                f"the service could not switch {step.kind} {step.target}: {step.table}.{activation.column} is {reading.code} "
                f"after {elapsed:.0f} s. Look at the settings page of the environment, then run apply again"
            )
        if elapsed >= step.timeout_seconds:
            raise StepFailed(
                f"waited {elapsed:.0f} s (limit {step.timeout_seconds} s) for {step.table}.{activation.column} to become {wanted} "
                f"({step.kind} {step.target}); it is {reading.code}. The service may still finish: run plan later"
            )
        if pace.stop.is_set():
            raise Interrupted
        if told is None or reading.code != told[0] or elapsed - told[1] >= _TOLD_EVERY:
            told = (reading.code, elapsed)
            pace.tell(
                f"waiting for {step.kind} to be {step.target}: {step.table}.{activation.column} is {reading.code}, "
                f"wanted {wanted}, {elapsed:.0f} of {step.timeout_seconds} s"
            )
        await pace.rest(interval)
        interval = min(interval * pace.growth, pace.longest)
        reading = await writer.activation(step)
