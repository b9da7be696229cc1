"""Runs the operations of a $batch one after another, change sets as wholes. Writes to the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_plus

from reconciler.emulator.batch.batch_answers import ChangeSetAnswer, PartAnswer, multipart, written
from reconciler.emulator.batch.batch_parts import ChangeSet, Part, Target, operations_of
from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import bad_request, wrong_method
from reconciler.emulator.execution import FAULTS, Execution, Place
from reconciler.emulator.failures import failure, unexpected
from reconciler.emulator.faults.answers import refusal_of_part
from reconciler.emulator.faults.fault import Subject
from reconciler.emulator.faults.shelf import FaultShelf
from reconciler.emulator.messages import Answer, Request, preferences_of
from reconciler.emulator.work import Work

MOST_BYTES = 32 * 1024 * 1024
"""Ours: behind so much of an answer no further part is carried out."""

Ran = tuple[Request, Answer]


@dataclass(slots=True)
class Batch:
    """One $batch request. `ran` lists its parts with their answers, in the order in which they were run."""

    execution: Execution
    place: Place
    faults: FaultShelf
    ran: list[Ran] = field(default_factory=list)
    work: Work = field(default_factory=Work)

    def answer(self, request: Request) -> Answer:
        """The multipart answer: 400 outside when a part failed and nobody asked to go on. Work done before that part stays."""
        try:
            if request.method != "POST":
                raise wrong_method(request.method)
            operations = operations_of(
                request.body, request.headers.get("content-type", ""), Target(self.place.organization, self.place.base_url)
            )
        except DataverseError as error:
            return failure(error)
        goes_on = preferences_of(request.headers.get("prefer", "")).continue_on_error
        pieces: list[bytes] = []
        size, stopped = 0, False
        for operation in operations:
            told = self._told(operation) if size <= MOST_BYTES else PartAnswer(failure(_too_large()))
            # Written at once: the rows of many answers take far more room than their text.
            pieces.append(written(told))
            size += len(pieces[-1])
            if isinstance(told, PartAnswer) and told.answer.status >= 400 and not goes_on:
                stopped = True
                break
        content_type, body = multipart(pieces)
        return Answer(400 if stopped else 200, body, {"content-type": content_type})

    def _told(self, operation: Part | ChangeSet) -> PartAnswer | ChangeSetAnswer:
        return self._change_set(operation) if isinstance(operation, ChangeSet) else self._part(operation)

    def _remember(self, request: Request, answer: Answer) -> None:
        # Of an answer that refuses nothing only its status is of interest later.
        self.ran.append((request, answer if answer.status >= 400 else replace(answer, body=None)))

    def _part(self, part: Part) -> PartAnswer:
        request = self._request_of(part, {})
        refused = self._fault(part)
        answer = self.execution.alone(self.place, request) if refused is None else failure(refused)
        self._remember(request, answer)
        return PartAnswer(answer, part.content_id)

    def _change_set(self, change_set: ChangeSet) -> PartAnswer | ChangeSetAnswer:
        done: list[Ran] = []
        references: dict[str, str] = {}
        current: Part | None = None
        # Before the transaction: what it writes is undone, and a fault that has hit once must not hit again.
        struck, fault = self._first_fault(change_set.parts)
        try:
            with self.execution.together(self.place) as rows:
                for current in change_set.parts:
                    request = self._request_of(current, dict(references))
                    if current is struck and fault is not None:
                        raise fault
                    answer = self.execution.inside(self.place, request, rows)
                    done.append((request, answer))
                    if current.content_id is not None and "OData-EntityId" in answer.headers:
                        references[current.content_id] = answer.headers["OData-EntityId"]
        except DataverseError as error:
            return self._undone(current, error)
        except FAULTS as error:
            return self._undone(current, unexpected(error))
        for request, answer in done:
            self._remember(request, answer)
        return ChangeSetAnswer(tuple(PartAnswer(a, p.content_id) for p, (_, a) in zip(change_set.parts, done, strict=True)))

    def _first_fault(self, parts: tuple[Part, ...]) -> tuple[Part | None, DataverseError | None]:
        for part in parts:
            fault = self._fault(part)
            if fault is not None:
                return part, fault
        return None, None

    def _fault(self, part: Part) -> DataverseError | None:
        fault = self.faults.take(Subject("part", self.place.organization, part.method, part.path, unquote_plus(part.query)))
        return refusal_of_part(fault) if fault is not None else None

    def _undone(self, failed: Part | None, error: DataverseError) -> PartAnswer:
        # Everything before the failing part is undone and what follows was not tried: the failure alone is the answer.
        if failed is None:
            return PartAnswer(failure(error))
        request = self._request_of(failed, {})
        answer = failure(error, preferences_of(request.headers.get("prefer", "")))
        self.ran.append((request, answer))
        return PartAnswer(answer, failed.content_id)

    def _request_of(self, part: Part, references: Mapping[str, str]) -> Request:
        return Request(part.method, part.path, part.query, part.headers, part.body, references, in_batch=True, work=self.work)


def _too_large() -> DataverseError:
    return bad_request(f"The answer to the batch is larger than {MOST_BYTES:,} bytes; this part was not carried out.")
