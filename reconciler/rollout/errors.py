"""Why a step stopped. Pure."""

from __future__ import annotations


class StepFailed(Exception):
    """The step did not have the wished effect; `detail` says what was expected, what is there and what to do."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Stale(StepFailed):
    """The environment is no longer as the plan found it; nothing was written by this step."""


class JournalFailed(StepFailed):
    """An entry of the journal could not be written to disk; what it was to announce was not begun."""


class Interrupted(Exception):
    """The person asked to stop while the step was waiting; nothing was left half done."""
