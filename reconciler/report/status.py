"""What `rictl status` says of one environment: the nouns of a row, before they become text or JSON. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from reconciler.model.plan import Consent


@dataclass(frozen=True, slots=True)
class Feature:
    """One declared feature and whether it is on in the environment."""

    kind: str
    title: str
    state: Literal["on", "off", "unknown"]


@dataclass(frozen=True, slots=True)
class Widgets:
    """How many widgets the files declare and how many of them are there; `present` is None when that could not be told."""

    declared: int
    present: int | None


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs from the files.

    changes   kinds and widgets that differ; 0 with state `changes`: something written is not published yet
    switched_off_by_service   kinds that the service switched off when the 14 days ended; that is not counted as a change
    """

    state: Literal["nothing", "changes", "unknown"]
    changes: int = 0
    switched_off_by_service: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastRun:
    """The latest apply that the journal knows. `result` is `damaged` when the journal cannot be trusted to its end."""

    run: str
    at: dt.datetime | None
    result: str


@dataclass(frozen=True, slots=True)
class Next:
    """Who has to act, what is to be done, and until when if there is a day."""

    who: str
    what: str
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One environment. Without an answer from it, only its name, the error, the last run and who has to act are known."""

    environment: str
    organization: str | None
    url: str | None
    read_at: dt.datetime | None
    error: str | None
    features: tuple[Feature, ...]
    roles: int | None
    consent: Consent | None
    widgets: Widgets
    drift: Drift
    refused: tuple[str, ...]
    last_run: LastRun | None
    next: Next | None

    @property
    def is_readable(self) -> bool:
        """Everything that was asked could be told: of the environment and of its journal."""
        return self.error is None and self.drift.state != "unknown" and (self.last_run is None or self.last_run.result != "damaged")
