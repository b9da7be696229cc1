"""What a run writes down of itself: one entry before each write, one after it, each in a line that names the line before. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from reconciler.model.fact import Fact, Wanted

FORMAT = 1
"""Version of the lines. A reader refuses a later one instead of guessing."""

FIRST_PREVIOUS = "0" * 64
"""What the first line of a file names as the hash of the line before."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who ran it: the caller as Dataverse knows it, and the person and the job that a CI service names. Empty: nobody said."""

    caller: str
    is_application: bool
    ci_actor: str = ""
    ci_run: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A run reached this environment; nothing was written yet.

    steps     the titles of the plan's steps, counted from 0 everywhere in the journal
    waivers   (code of the objection, reason)
    approvals (group, who gave the approval)
    undoes    the run that this one undoes
    """

    format: int
    tool_version: str
    environment: str
    organization_id: str
    organization: str
    url: str
    plan_sha256: str
    desired_sha256: str
    actor: Actor
    steps: tuple[str, ...]
    commit: str | None = None
    dirty: bool = False
    waivers: tuple[tuple[str, str], ...] = ()
    undoes: str | None = None
    approvals: tuple[tuple[str, str], ...] = ()
    entry: Literal["begun"] = "begun"


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """One column that is about to be written: what it held right before, and what it shall hold."""

    kind: str
    field: str
    column: str
    before: Fact
    after: Wanted


@dataclass(frozen=True, slots=True)
class RowIntent:
    """A settings row is about to be written; `row_id` is None when it is created."""

    step: int
    table: str
    row_id: str | None
    etag: str | None
    fields: tuple[FieldRecord, ...]
    entry: Literal["row-intent"] = "row-intent"


@dataclass(frozen=True, slots=True)
class FormIntent:
    """A form is about to be written. `before` is its whole unpublished FormXml: base64 of zlib of the bytes."""

    step: int
    table: str
    form_id: str
    form_name: str
    etag: str | None
    before: str
    before_sha256: str
    after_sha256: str
    language: int
    exclusive: bool
    solution: str | None = None
    entry: Literal["form-intent"] = "form-intent"


@dataclass(frozen=True, slots=True)
class PublishIntent:
    """A table is about to be published."""

    step: int
    table: str
    entry: Literal["publish-intent"] = "publish-intent"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of the write that was announced last.

    effect        taken: the service said so; refused: it said so; unknown: no answer, or nobody waited for it
    status        HTTP status, when there was an answer of success
    detail        why not, in words
    request_id    under which the service logged it; client_request_id: under which it was sent
    """

    step: int
    effect: Literal["taken", "refused", "unknown"]
    status: int | None = None
    request_id: str | None = None
    client_request_id: str | None = None
    detail: str = ""
    entry: Literal["answered"] = "answered"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wait for the service begins."""

    step: int
    kind: str
    target: Literal["on", "off"]
    timeout_seconds: int
    entry: Literal["waiting"] = "waiting"


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was read after the write: the version, and the values (rows) or the SHA-256 of the stored FormXml (forms)."""

    etag: str | None = None
    fields: tuple[tuple[str, str, Fact], ...] = ()
    form_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step is over."""

    step: int
    status: Literal["done", "failed", "unknown"]
    milliseconds: int
    detail: str = ""
    read_back: ReadBack | None = None
    entry: Literal["step-ended"] = "step-ended"


@dataclass(frozen=True, slots=True)
class Ended:
    """The run is over in this environment."""

    result: Literal["converged", "not-converged", "interrupted", "nothing-written"]
    detail: str = ""
    entry: Literal["ended"] = "ended"


@dataclass(frozen=True, slots=True)
class Recovered:
    """The line before was cut in the middle of its writing: so many bytes of it are there, with this SHA-256."""

    cut_bytes: int
    cut_sha256: str
    entry: Literal["recovered"] = "recovered"


Intent = RowIntent | FormIntent | PublishIntent
Entry = Begun | Intent | Answered | Waiting | StepEnded | Ended | Recovered


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a journal: its number from 1, the run, the moment (this machine's clock, UTC), the hash of the line before, its own."""

    seq: int
    run: str
    at: dt.datetime
    previous: str
    entry: Entry
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """From this line on the file is not what was written."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class JournalReading:
    """What a journal holds up to its first damage. `cut` says that the last line was cut; that is no damage, for no line follows it."""

    environment: str
    lines: tuple[Line, ...]
    damage: Damage | None = None
    cut: bool = False
