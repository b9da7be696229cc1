"""What the stages need of the remote side, as protocols: reading and writing are two doors. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reconciler.model.desired import DesiredEnvironment
from reconciler.model.fact import Fact, Unknown
from reconciler.model.journal import Entry
from reconciler.model.live import LiveForm, LiveState, PeopleCount, RoleIds
from reconciler.model.plan import AwaitActivation, FormCopy, WriteForm, WriteRow


@dataclass(frozen=True, slots=True)
class RowReading:
    """A settings row as it is now: its id and canonical facts keyed by (kind, field)."""

    id: str
    etag: str | None
    facts: Mapping[tuple[str, str], Fact]
    modified_by: str | None = None
    modified_on: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ActivationReading:
    """A status column as it is now, and the server's clock."""

    code: int | None
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class PeopleReading:
    """Counts of people by the roles of which they hold one, and how many requests they took."""

    counts: Mapping[RoleIds, PeopleCount | Unknown]
    requests: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the service answered to a write that it took: the HTTP status, and the ids under which both sides know the request."""

    status: int
    request_id: str | None = None
    client_request_id: str | None = None


class RunJournal(Protocol):
    """Keeps what a run says of itself."""

    def record(self, entry: Entry) -> None:
        """The entry is on disk when this returns. Raises JournalFailed when it cannot be."""
        ...


class LiveReader(Protocol):
    """Reads; has no way to write."""

    async def read(self, desired: DesiredEnvironment) -> LiveState:
        """One reading of everything that `desired` mentions. Raises RemoteError when nothing can be said at all."""
        ...

    async def people(self, wanted: Sequence[RoleIds]) -> PeopleReading:
        """Counts the enabled people of each entry, in one batch. What cannot be counted is Unknown; never raises RemoteError."""
        ...


class LiveWriter(Protocol):
    """Writes one thing at a time, and reads that thing back."""

    async def confirm_metadata(self, tables: frozenset[str]) -> Mapping[str, str]:
        """Reads the tables' metadata past every cache; returns table -> complaint for those that do not fit the catalogue."""
        ...

    async def current_row(self, step: WriteRow) -> RowReading | None:
        """The row of the step as it is now, or the table's only row when the step creates one; None when there is none."""
        ...

    async def write_row(self, step: WriteRow, etag: str | None) -> Receipt | None:
        """One PATCH with If-Match when `etag` is given, or one POST when the step creates the row."""
        ...

    async def activation(self, step: AwaitActivation) -> ActivationReading:
        """The status as it is now."""
        ...

    async def current_form(self, form: WriteForm | FormCopy) -> LiveForm | None:
        """The form as it is now, both copies; None when it is gone."""
        ...

    async def write_form(self, step: WriteForm, xml: bytes, etag: str | None) -> Receipt | None:
        """One PATCH of formxml."""
        ...

    async def pending(self, table: str, besides: frozenset[str]) -> tuple[str, ...]:
        """Names of the table's forms and views with unpublished edits as they are now, without the forms of these ids."""
        ...

    async def publish(self, table: str) -> Receipt | None:
        """PublishXml for one table."""
        ...
