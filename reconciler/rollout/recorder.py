"""Remembers how far the write of a step got, for that is what its failure means. Touches the writer it stands before."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Literal

from reconciler.model.live import LiveForm
from reconciler.model.plan import AwaitActivation, FormCopy, WriteForm, WriteRow
from reconciler.model.ports import ActivationReading, LiveWriter, RowReading

Reached = Literal["nothing", "sent", "answered"]


class Recorder:
    """A `LiveWriter` that passes everything on. `reached` is how far the last write got since `forget` was called."""

    def __init__(self, writer: LiveWriter) -> None:
        self._writer = writer
        self.reached: Reached = "nothing"

    def forget(self) -> None:
        """Begins anew."""
        self.reached = "nothing"

    async def confirm_metadata(self, tables: frozenset[str]) -> Mapping[str, str]:
        """Passed on."""
        return await self._writer.confirm_metadata(tables)

    async def current_row(self, step: WriteRow) -> RowReading | None:
        """Passed on."""
        return await self._writer.current_row(step)

    async def write_row(self, step: WriteRow, etag: str | None) -> None:
        """Passed on and recorded."""
        await self._recorded(self._writer.write_row(step, etag))

    async def activation(self, step: AwaitActivation) -> ActivationReading:
        """Passed on."""
        return await self._writer.activation(step)

    async def current_form(self, form: WriteForm | FormCopy) -> LiveForm | None:
        """Passed on."""
        return await self._writer.current_form(form)

    async def write_form(self, step: WriteForm, xml: bytes, etag: str | None) -> None:
        """Passed on and recorded."""
        await self._recorded(self._writer.write_form(step, xml, etag))

    async def pending(self, table: str, besides: frozenset[str]) -> tuple[str, ...]:
        """Passed on."""
        return await self._writer.pending(table, besides)

    async def publish(self, table: str) -> None:
        """Passed on and recorded."""
        await self._recorded(self._writer.publish(table))

    async def _recorded(self, write: Awaitable[None]) -> None:
        self.reached = "sent"
        await write
        self.reached = "answered"
