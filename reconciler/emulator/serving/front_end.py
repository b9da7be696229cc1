"""Stands before a listener's application: lets a request pass, or lets the fault that hits it have its way. Writes to the state file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from reconciler.emulator.faults.fault import Fault, Subject
from reconciler.emulator.faults.shelf import FaultShelf
from reconciler.emulator.messages import Answer
from reconciler.emulator.serving.connections import Connections
from reconciler.emulator.serving.disturbed import disturbed
from reconciler.emulator.serving.request_log import LoggedRequest, RequestLog

_UNANSWERED = 0


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """One listener's. What a fault answers or swallows is in the log as well: with its status, or with 0 when nothing was answered."""

    faults: FaultShelf
    connections: Connections
    log: RequestLog

    async def passed(
        self,
        http: HttpRequest,
        subject: Subject,
        *,
        carry_out: Callable[[], Awaitable[Response]],
        refusal: Callable[[Fault], Answer | None],
        told: Callable[[Answer], Response],
    ) -> Response:
        """The response to one request, whose body has been read. `refusal` knows the faults that are answers by themselves."""
        fault = self.faults.take(subject)
        if fault is None:
            return await carry_out()
        answer = refusal(fault)
        if answer is not None:
            self._note(subject, answer.status)
            return told(answer)
        if fault.effect in ("drop-before", "reset"):
            self._note(subject, _UNANSWERED)
        return await disturbed(fault, http, self.connections, carry_out)

    def _note(self, subject: Subject, status: int) -> None:
        path = f"{subject.path}?{subject.query}" if subject.query else subject.path
        self.log.add(LoggedRequest(subject.method, path, status, subject.organization))
