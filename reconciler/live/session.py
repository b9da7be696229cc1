"""Sends requests to one environment: signed in, counted, retried where that is safe, bounded. Touches the network."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from reconciler.live import batch
from reconciler.live.answer import Answer
from reconciler.live.endpoint import Endpoint
from reconciler.live.patience import Patience
from reconciler.live.proxies import proxy_for
from reconciler.live.tls import shared_context
from reconciler.live.token import TokenSource
from reconciler.live.transport import ReadOnlyTransport
from reconciler.model.errors import Rejected, Unreachable

OnWait = Callable[[str, float], Awaitable[None]]
"""Told before every pause: why, and how many seconds."""

_LARGEST_ANSWER = 128 * 1024 * 1024
_CONNECTIONS = 4
"""httpx's pool is linear in its connections, and nothing here needs more at once."""

_CONNECT = 20.0
_SECONDS = 60.0
_SLOW = 600.0
"""How long an answer may take; publishing takes minutes."""

_HEADERS = {"Accept": "application/json", "OData-MaxVersion": "4.0", "OData-Version": "4.0"}
_FRESH = {"If-None-Match": "null"}
"""Literally the word: it keeps every cache on the way from answering a read."""


def open_session(endpoint: Endpoint, *, read_only: bool, on_wait: OnWait | None = None, patience: Patience | None = None) -> Session:
    """A session to enter with `async with`; a read-only one goes through a transport that cannot write."""
    transport: httpx.AsyncBaseTransport = httpx.AsyncHTTPTransport(
        verify=shared_context(endpoint.ca_file),
        limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        proxy=proxy_for(endpoint.url),
        trust_env=False,
    )
    if read_only:
        transport = ReadOnlyTransport(transport)
    return Session(endpoint, transport, TokenSource(endpoint), patience or Patience(), on_wait)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    is_read: bool = True
    seconds: float = _SECONDS

    def __str__(self) -> str:
        return f"{self.method} {self.url.split('?')[0]}"


class Session:
    """A connection to one environment. `requests` counts what was sent to it, repeats included."""

    def __init__(
        self, endpoint: Endpoint, transport: httpx.AsyncBaseTransport, tokens: TokenSource, patience: Patience, on_wait: OnWait | None
    ) -> None:
        self.endpoint = endpoint
        self.requests = 0
        self._date: dt.datetime | None = None
        self._token = ""
        self._tokens = tokens
        self._patience = patience
        self._on_wait = on_wait
        self._client = httpx.AsyncClient(transport=transport, headers=_HEADERS, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._client.aclose()

    @property
    def now(self) -> dt.datetime:
        """The server's clock at its last answer; this machine's when it never said."""
        return self._date or dt.datetime.now(dt.UTC)

    @property
    def token_requests(self) -> int:
        """How often a token was asked for."""
        return self._tokens.requests

    async def get(self, path: str) -> Answer:
        """Reads; repeated on transient failures. The answer may be any status that is no passing one."""
        return await self._send(_Request("GET", self._url(path), _FRESH))

    async def patch(self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str]) -> Answer:
        """Updates. Never repeated once it may have been carried out: raises Unreachable when the answer is lost."""
        return await self._write("PATCH", path, body, headers, _SECONDS)

    async def post(self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> Answer:
        """Creates or calls an action, which may take minutes. Never repeated once it may have been carried out."""
        return await self._write("POST", path, body, headers or {}, _SLOW)

    async def batch_get(self, paths: Sequence[str], *, headers: Mapping[str, str] | None = None) -> tuple[Answer, ...]:
        """Many reads in one request, each with its own answer. Parts that failed for the moment are read again, alone.

        Raises when the whole failed.
        """
        answers = list(await self._batch(paths, headers or {}))
        for attempt in range(1, self._patience.tries):
            pauses = {
                index: pause
                for index, answer in enumerate(answers)
                if (pause := self._patience.pause_after(answer, attempt, is_read=True)) is not None
            }
            if not pauses:
                break
            await self._wait(f"{len(pauses)} of {len(answers)} reads failed for the moment", max(pauses.values()))
            again = await self._batch([paths[index] for index in pauses], headers or {})
            for index, answer in zip(pauses, again, strict=True):
                answers[index] = answer
        return tuple(answers)

    def path_of(self, link: str) -> str:
        """A link that the service gave, as a path of this environment. Raises Rejected when it leads anywhere else."""
        if not link.startswith(self.endpoint.service) or not link.isascii() or any(c in link for c in "\r\n \\"):
            raise Rejected("the service gave a link that leads out of the environment", why=ascii(link[:200]), hint="it is not followed")
        return link.removeprefix(self.endpoint.service)

    async def _batch(self, paths: Sequence[str], headers: Mapping[str, str]) -> tuple[Answer, ...]:
        urls = [self.endpoint.service + path for path in paths]
        boundary = f"batch_{uuid.uuid4()}"
        body = batch.compose(urls, boundary=boundary, headers={**_HEADERS, **_FRESH, **headers})
        outer = {"Content-Type": f'multipart/mixed; boundary="{boundary}"', "Prefer": "odata.continue-on-error", **headers}
        answer = await self._send(_Request("POST", self._url("$batch"), outer, body))
        return tuple(self._blotted(part) for part in batch.parse(answer, urls))

    async def _write(self, method: str, path: str, body: Mapping[str, Any], headers: Mapping[str, str], seconds: float) -> Answer:
        content = json.dumps(body, ensure_ascii=False).encode("utf-8")
        typed = {"Content-Type": "application/json", **headers}
        return await self._send(_Request(method, self._url(path), typed, content, is_read=False, seconds=seconds))

    def _url(self, path: str) -> str:
        return self.endpoint.service + path

    async def _send(self, request: _Request) -> Answer:
        refused, attempt = "", 0
        while True:
            token = await self._tokens.token(other_than=refused)
            attempt += 1
            try:
                answer = await self._once(request, token)
            except httpx.RequestError as error:
                # Only a connection that never stood proves that a write was not carried out.
                repeatable = request.is_read or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if not repeatable or attempt >= self._patience.tries:
                    raise self._unreachable(error, request) from None
                await self._wait("no answer", self._patience.backoff(attempt, self._patience.first))
                continue
            if answer.status == 401 and not refused and self._tokens.is_renewable:
                refused = token
                continue
            pause = self._patience.pause_after(answer, attempt, is_read=request.is_read)
            if pause is None:
                return answer
            await self._wait(answer.error().what, pause)

    async def _once(self, request: _Request, token: str) -> Answer:
        self.requests += 1
        sent_as = str(uuid.uuid4())
        headers = {**request.headers, "Authorization": f"Bearer {token}", "x-ms-client-request-id": sent_as}
        content = request.body or None
        received = bytearray()
        async with self._client.stream(
            request.method, request.url, content=content, headers=headers, timeout=httpx.Timeout(request.seconds, connect=_CONNECT)
        ) as response:
            async for chunk in response.aiter_bytes():
                received += chunk
                if len(received) > _LARGEST_ANSWER:
                    raise Rejected("the answer is too large", request=str(request), why=f"over {_LARGEST_ANSWER} bytes")
        answer = Answer(response.status_code, dict(response.headers), bytes(received), str(request), sent_as)
        self._date = answer.date or self._date
        self._token = token
        return self._blotted(answer)

    def _blotted(self, answer: Answer) -> Answer:
        # Should the other side echo what it was sent, no message of ours repeats it. What it stores stays byte for byte.
        if answer.is_success:
            return answer
        return replace(answer, body=self.endpoint.without_secrets_in(answer.body, self._token))

    async def _wait(self, reason: str, seconds: float) -> None:
        if self._on_wait:
            await self._on_wait(reason, seconds)
        await self._patience.rest(seconds)

    def _unreachable(self, error: httpx.RequestError, request: _Request) -> Unreachable:
        host = urlsplit(self.endpoint.url).netloc
        return Unreachable(
            f"no answer from {host}",
            request=str(request),
            why=self.endpoint.without_secrets(f"{type(error).__name__}: {error}")[:300],
            hint="check the address and the network" if request.is_read else "whether the write took effect is unknown: plan again",
        )
