"""Turns the lines of a journal into runs: what each did, how far it came, and what it had found before. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.model.journal import (
    Answered,
    Begun,
    Ended,
    Entry,
    FieldRecord,
    FormIntent,
    Intent,
    Line,
    PublishIntent,
    RowIntent,
    StepEnded,
)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run in one environment; `lines` begins with its `Begun`. Lines of another run at the same time are not in it."""

    run: str
    begun: Begun
    lines: tuple[Line, ...]

    @property
    def at(self) -> dt.datetime:
        """When it began, in UTC."""
        return self.lines[0].at

    @property
    def ended(self) -> Ended | None:
        """How it ended; None when it was cut: killed, or out of disk."""
        return next((entry for entry in self._entries() if isinstance(entry, Ended)), None)

    @property
    def result(self) -> str:
        """How it ended in one word; `cut` when nothing says so."""
        return self.ended.result if self.ended is not None else "cut"

    def ends(self) -> dict[int, StepEnded]:
        """How each step ended, by its number."""
        return {entry.step: entry for entry in self._entries() if isinstance(entry, StepEnded)}

    def counts(self) -> dict[str, int]:
        """How many steps are done, failed, of unknown effect, not reached."""
        ends = self.ends()
        begun = {entry.step for entry in self._entries() if isinstance(entry, Intent)} - ends.keys()
        statuses = [end.status for end in ends.values()]
        found = {status: statuses.count(status) for status in ("done", "failed", "unknown")}
        found["unknown"] += len(begun)
        return {**found, "not-reached": len(self.begun.steps) - sum(found.values())}

    def writes(self) -> Iterator[tuple[Intent, Answered | None]]:
        """Every announced write with its answer; None when nothing tells what came of it."""
        waiting: Intent | None = None
        for entry in self._entries():
            if isinstance(entry, RowIntent | FormIntent | PublishIntent):
                if waiting is not None:
                    yield waiting, None
                waiting = entry
            elif isinstance(entry, Answered) and waiting is not None:
                yield waiting, entry
                waiting = None
        if waiting is not None:
            yield waiting, None

    def fields(self) -> Iterator[FieldRecord]:
        """Every field that this run wrote or may have written, in order."""
        for intent, answer in self.writes():
            if isinstance(intent, RowIntent) and _may_have_had_effect(answer):
                yield from intent.fields

    def forms(self) -> Iterator[tuple[FormIntent, frozenset[str]]]:
        """Every form that this run wrote or may have written, with the SHA-256s by which its work is known again."""
        ends = self.ends()
        for intent, answer in self.writes():
            if isinstance(intent, FormIntent) and _may_have_had_effect(answer):
                end = ends.get(intent.step)
                stored = end.read_back.form_sha256 if end is not None and end.read_back is not None else None
                yield intent, frozenset({intent.after_sha256, *([stored] if stored else [])})

    def _entries(self) -> Iterator[Entry]:
        return (line.entry for line in self.lines)


def runs_of(lines: Sequence[Line]) -> tuple[RunRecord, ...]:
    """The runs of one environment's journal, oldest first."""
    begun: dict[str, Begun] = {}
    own: dict[str, list[Line]] = {}
    for line in lines:
        if isinstance(line.entry, Begun):
            begun[line.run] = line.entry
        if line.run in begun:
            own.setdefault(line.run, []).append(line)
    return tuple(RunRecord(run, begun[run], tuple(found)) for run, found in own.items())


def _may_have_had_effect(answer: Answered | None) -> bool:
    return answer is None or answer.effect != "refused"
