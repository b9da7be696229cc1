"""Announces every write in the journal and remembers how far it got, for that is what its failure means. Touches writer and journal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from hashlib import sha256
from time import monotonic
from typing import Literal

from reconciler.model.errors import RemoteError, Unreachable
from reconciler.model.journal import Answered, Entry, FieldRecord, FormIntent, PublishIntent, ReadBack, RowIntent, StepEnded, Waiting
from reconciler.model.live import LiveForm
from reconciler.model.packed import packed
from reconciler.model.plan import AwaitActivation, FormCopy, WriteForm, WriteRow
from reconciler.model.ports import ActivationReading, LiveWriter, Receipt, RowReading, RunJournal
from reconciler.rollout.errors import JournalFailed, StepFailed

Reached = Literal["nothing", "sent", "answered"]


class Unrecorded:
    """The journal of a run that keeps none."""

    def record(self, entry: Entry) -> None:
        """Forgets it."""


class Recorder:
    """A `LiveWriter` that passes everything on. `reached` is how far the last write got since `forget` was called.

    A write is passed on only after its intent is in the journal: without the intent on disk nothing is sent.
    """

    def __init__(self, writer: LiveWriter, journal: RunJournal) -> None:
        self._writer = writer
        self._journal = journal
        self.forget(0)

    def forget(self, number: int) -> None:
        """Begins anew, with the step of that number."""
        self.reached: Reached = "nothing"
        self._number = number
        self._started = monotonic()
        self._waits = False
        self._form: LiveForm | None = None
        self._read_back: ReadBack | None = None

    def end(self, status: Literal["done", "failed", "unknown"], detail: str = "") -> None:
        """Records how the step ended. Raises JournalFailed."""
        milliseconds = round((monotonic() - self._started) * 1000)
        self._journal.record(StepEnded(self._number, status, milliseconds, detail, self._read_back))

    def end_badly(self, status: Literal["failed", "unknown"], detail: str) -> None:
        """The same where the run stops anyway: a journal that cannot be written keeps no failure from being told."""
        with suppress(JournalFailed):
            self.end(status, detail)

    async def confirm_metadata(self, tables: frozenset[str]) -> Mapping[str, str]:
        """Passed on."""
        return await self._writer.confirm_metadata(tables)

    async def current_row(self, step: WriteRow) -> RowReading | None:
        """Passed on; what is read after the write is kept for the journal."""
        reading = await self._writer.current_row(step)
        if reading is not None and self.reached == "answered":
            fields = tuple((kind, field, fact) for (kind, field), fact in reading.facts.items())
            self._read_back = ReadBack(reading.etag, fields)
        return reading

    async def write_row(self, step: WriteRow, etag: str | None) -> Receipt | None:
        """Announced, passed on and recorded."""
        fields = tuple(FieldRecord(write.kind, write.field, write.column, write.before, write.after) for write in step.fields)
        self._journal.record(RowIntent(self._number, step.table, step.row_id, etag, fields))
        return await self._recorded(self._writer.write_row(step, etag))

    async def activation(self, step: AwaitActivation) -> ActivationReading:
        """Passed on; the first look of a step is recorded."""
        if not self._waits:
            self._journal.record(Waiting(self._number, step.kind, step.target, step.timeout_seconds))
            self._waits = True
        return await self._writer.activation(step)

    async def current_form(self, form: WriteForm | FormCopy) -> LiveForm | None:
        """Passed on; what is read before and after the write is kept for the journal."""
        self._form = await self._writer.current_form(form)
        if self._form is not None and self.reached == "answered" and isinstance(form, WriteForm):
            self._read_back = ReadBack(self._form.etag, form_sha256=sha256(self._form.unpublished).hexdigest())
        return self._form

    async def write_form(self, step: WriteForm, xml: bytes, etag: str | None) -> Receipt | None:
        """Announced with the whole form as it was, passed on and recorded."""
        if self._form is None:
            raise AssertionError("a form is read before it is written")
        intent = FormIntent(
            self._number,
            step.table,
            step.form_id,
            step.form_name,
            etag,
            packed(self._form.unpublished),
            step.before_sha256,
            sha256(xml).hexdigest(),
            step.language,
            step.exclusive,
            step.solution,
        )
        self._journal.record(intent)
        return await self._recorded(self._writer.write_form(step, xml, etag))

    async def pending(self, table: str, besides: frozenset[str]) -> tuple[str, ...]:
        """Passed on."""
        return await self._writer.pending(table, besides)

    async def publish(self, table: str) -> Receipt | None:
        """Announced, passed on and recorded."""
        self._journal.record(PublishIntent(self._number, table))
        return await self._recorded(self._writer.publish(table))

    async def _recorded(self, write: Awaitable[Receipt | None]) -> Receipt | None:
        self.reached = "sent"
        try:
            receipt = await write
        except RemoteError as error:
            effect: Literal["unknown", "refused"] = "unknown" if isinstance(error, Unreachable) else "refused"
            detail = " ".join(part for part in (error.what, error.why) if part)
            self._answered_badly(Answered(self._number, effect, request_id=error.request_id, detail=detail))
            raise
        except asyncio.CancelledError:
            self._answered_badly(Answered(self._number, "unknown", detail="its answer was not waited for"))
            raise
        self.reached = "answered"
        known = receipt or Receipt(0)
        answered = Answered(self._number, "taken", known.status or None, known.request_id, known.client_request_id)
        try:
            self._journal.record(answered)
        except JournalFailed as error:
            raise StepFailed(
                f"the write was taken, but that could not be recorded: {error.detail}. Run plan to see what is there"
            ) from None
        return receipt

    def _answered_badly(self, answered: Answered) -> None:
        with suppress(JournalFailed):
            self._journal.record(answered)
