"""An organization in memory, behind the same port as the real one; each bad day is an attribute."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reconciler.model.errors import RemoteError
from reconciler.model.fact import Absent, Fact, Known
from reconciler.model.live import LiveForm
from reconciler.model.plan import AwaitActivation, FormCopy, WriteForm, WriteRow
from reconciler.model.ports import ActivationReading, RowReading

START = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


@dataclass
class Organization:
    facts: dict[tuple[str, str], Fact] = field(default_factory=dict)
    row: str | None = "row-1"
    statuses: list[int] = field(default_factory=lambda: [3])
    seconds_a_look: float = 1.0
    form: LiveForm | None = None
    complaints: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = True
    stores_forms: bool = True
    publishes: bool = True
    spoil: bytes = b""
    breaks_on: Mapping[str, RemoteError] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    looks: int = 0
    hangs_on: str = ""
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    others: tuple[str, ...] = ()
    lost_after_write: RemoteError | None = None

    def _called(self, name: str, detail: str = "") -> None:
        self.log.append(f"{name} {detail}".strip())
        if name in self.breaks_on:
            raise self.breaks_on[name]

    async def _hang(self, name: str) -> None:
        if self.hangs_on == name:
            self.hanging.set()
            await asyncio.Event().wait()

    async def confirm_metadata(self, tables: frozenset[str]) -> Mapping[str, str]:
        self._called("confirm", " ".join(sorted(tables)))
        return self.complaints

    async def current_row(self, step: WriteRow) -> RowReading | None:
        if self.lost_after_write is not None and any(entry.startswith("write ") for entry in self.log):
            raise self.lost_after_write
        if self.row is None:
            return None
        wanted = {(write.kind, write.field): self.facts.get((write.kind, write.field), Absent()) for write in step.fields}
        return RowReading(self.row, 'W/"7"', wanted, "Ana Pop", START)

    async def write_row(self, step: WriteRow, etag: str | None) -> None:
        self._called("write", f"{step.table} {step.row_id} {etag}")
        await self._hang("write")
        self.row = self.row or "row-new"
        if self.keeps:
            held = {(w.kind, w.field): w.after if isinstance(w.after, Absent) else Known(w.after) for w in step.fields}
            self.facts.update(held)

    async def activation(self, step: AwaitActivation) -> ActivationReading:
        self._called("look", step.kind)
        await self._hang("look")
        code = self.statuses[min(self.looks, len(self.statuses) - 1)]
        self.looks += 1
        return ActivationReading(code, START + dt.timedelta(seconds=self.seconds_a_look * self.looks))

    async def current_form(self, form: WriteForm | FormCopy) -> LiveForm | None:
        self._called("form", form.form_name)
        return self.form

    async def write_form(self, step: WriteForm, xml: bytes, etag: str | None) -> None:
        self._called("write-form", f"{step.form_name} {etag}")
        if self.form is not None and self.stores_forms:
            self.form = replace(self.form, unpublished=xml.replace(self.spoil, b"") if self.spoil else xml)

    async def pending(self, table: str, besides: frozenset[str]) -> tuple[str, ...]:
        self._called("pending", table)
        return tuple(name for name in self.others if name not in besides)

    async def publish(self, table: str) -> None:
        self._called("publish", table)
        if self.form is not None and self.publishes:
            self.form = replace(self.form, published=self.form.unpublished)
