"""Answers a request that a fault hits: late, never, in part or slowly. Touches the connection of the request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reconciler.emulator.faults.fault import Fault
from reconciler.emulator.serving.connections import Connections

_PIECES = 20


async def rest(http: HttpRequest, seconds: float) -> None:
    """Waits, but no longer than the client does. The body of the request must have been read."""
    with suppress(TimeoutError):
        await asyncio.wait_for(_gone(http.receive), seconds)


async def disturbed(fault: Fault, http: HttpRequest, connections: Connections, carry_out: Callable[[], Awaitable[Response]]) -> Response:
    """The response under a fault that is not an answer by itself."""
    match fault.effect:
        case "delay":
            await rest(http, fault.seconds or 0.0)
            return await carry_out()
        case "drop-before":
            return _Silence(connections.cut)
        case "reset":
            return _Silence(connections.reset)
        case "drop-after":
            await carry_out()
            return _Silence(connections.cut)
    answer = await carry_out()
    if not answer.body:
        # There is nothing to cut short or to trickle.
        return _Silence(connections.cut)
    return _Truncated(answer, connections) if fault.effect == "truncate" else _Trickling(answer, fault.seconds or 0.0)


async def _gone(receive: Receive) -> None:
    # Behind the body there is one more message: that the client has gone.
    await receive()


class _Silence(Response):
    """No response at all: the connection ends."""

    def __init__(self, ending: Callable[[Scope], None]) -> None:
        super().__init__()
        self._ending = ending

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - that it is not used is the point
        self._ending(scope)
        # Returning before the server knows would make it send an answer of its own.
        await _gone(receive)


class _Truncated(Response):
    """Half of a response that announces the whole of it."""

    def __init__(self, answer: Response, connections: Connections) -> None:
        super().__init__()
        self._answer = answer
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(self._answer.body)
        await send({"type": "http.response.start", "status": self._answer.status_code, "headers": self._answer.raw_headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        self._connections.end(scope)
        await _gone(receive)


class _Trickling(Response):
    """A response whose bytes come in pieces, with pauses."""

    def __init__(self, answer: Response, seconds: float) -> None:
        super().__init__()
        self._answer = answer
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(self._answer.body)
        size = -(-len(body) // _PIECES)
        await send({"type": "http.response.start", "status": self._answer.status_code, "headers": self._answer.raw_headers})
        for start in range(0, len(body), size):
            await rest(HttpRequest(scope, receive), self._seconds / _PIECES)
            await send({"type": "http.response.body", "body": body[start : start + size], "more_body": start + size < len(body)})
