"""Turns HTTP requests into requests of the Web API, of Entra ID and of the control, and answers into responses. Touches no socket."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.context import DataverseError, Domain
from reconciler.emulator.control.desk import Control
from reconciler.emulator.execution import FAULTS, Place
from reconciler.emulator.failures import failure, unexpected
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.entra import EntraId
from reconciler.emulator.identity.tokens import APPLICATION, TENANT_ID, Tokens
from reconciler.emulator.messages import Answer, Request
from reconciler.emulator.serving.request_log import LoggedRequest, RequestLog
from reconciler.emulator.storage.clock import VirtualClock
from reconciler.emulator.web_api import WebApi

MAX_BODY = 64 * 1024 * 1024
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"]
_PATH = re.compile(r"^(?:/(?P<organization>[^/]+))?/api/data/v9\.\d+(?:/(?P<resource>.*))?$", re.IGNORECASE)
_CONTROL = "/_emulator/v1/"
Handler = Callable[[HttpRequest], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class WebListener:
    """Everything that the listener of the Web API needs. `root` is http://127.0.0.1:PORT, or https: every link starts with it."""

    api: WebApi
    control: Control
    tokens: Tokens
    clock: VirtualClock
    domain: Domain
    root: str
    authority: str
    fixed_token: str | None
    organization: str | None

    def application(self) -> Starlette:
        """The ASGI application."""
        return Starlette(routes=[Route("/{path:path}", self._handle, methods=_METHODS)])

    async def _handle(self, http: HttpRequest) -> Response:
        try:
            return await self._answered(http)
        except FAULTS as error:
            return self._response(failure(unexpected(error)))

    async def _answered(self, http: HttpRequest) -> Response:
        body = await _body(http)
        if body is None:
            return self._response(failure(DataverseError(413, "0x80060888", "The request body is too large.")))
        path = http.scope["raw_path"].decode("latin-1").partition("?")[0]
        if path.startswith(_CONTROL):
            if not self._is_local(http):
                return self._response(Answer(403, {"error": {"code": "forbidden", "message": "control requests are for local programs"}}))
            return self._response(self.control.answer(http.method, path.removeprefix(_CONTROL), body))
        found = _PATH.match(path)
        organization = (unquote(found["organization"]) if found and found["organization"] else None) or self.organization
        if found is None or organization is None:
            return self._response(
                failure(DataverseError(404, "0x80060888", f"Resource not found for the segment '{unquote(path)[:200]}'."))
            )
        identity = self._identity(http, found["organization"])
        if identity is None:
            return self._challenge(found["organization"])
        prefix = f"/{found['organization']}" if found["organization"] else ""
        version = path[len(prefix) :].split("/")[3]
        place = Place(organization, f"{self.root}{prefix}/api/data/{version}", identity)
        answer = self.api.answer(place, _request(http, found["resource"] or "", body))
        await self._delay(organization)
        return self._response(answer)

    async def _delay(self, organization: str) -> None:
        try:
            seconds = float(self.domain.settings(organization).get("latency_seconds") or 0)
        except DataverseError:
            return
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _identity(self, http: HttpRequest, organization: str | None) -> Identity | None:
        scheme, _, token = http.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        if self.fixed_token is not None and token.strip() == self.fixed_token:
            return APPLICATION
        return self.tokens.identity(token.strip(), self._audiences(organization))

    def _audiences(self, organization: str | None) -> frozenset[str]:
        address = self.root.partition("://")[2]
        hosts = (address, address.replace("127.0.0.1", "localhost"))
        roots = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
        return frozenset([*roots, *(f"{root}/{organization}" for root in roots if organization)])

    def _challenge(self, organization: str | None) -> Response:
        # The values stand without quotes, as clients of the service expect them.
        resource = f"{self.root}/{organization}/" if organization else f"{self.root}/"
        where = f"authorization_uri={self.authority}/{TENANT_ID}/oauth2/authorize, resource_id={resource}"
        return self._response(Answer(401, b"", {"WWW-Authenticate": f"Bearer {where}", "content-type": "text/html"}))

    def _is_local(self, http: HttpRequest) -> bool:
        # A web page can make a browser call this port; it cannot forge these two headers.
        scheme, _, address = self.root.partition("://")
        hosts = {address, address.replace("127.0.0.1", "localhost")}
        origin = http.headers.get("origin")
        return http.headers.get("host", "") in hosts and (origin is None or origin in {f"{scheme}://{host}" for host in hosts})

    def _response(self, answer: Answer) -> Response:
        response = _plain_response(answer)
        ids = f"{uuid.uuid4()},{uuid.uuid4()}"
        response.headers.update(
            {
                "Date": format_datetime(self.clock.now(), usegmt=True),
                "OData-Version": "4.0",
                "Cache-Control": "no-cache",
                "x-ms-service-request-id": ids,
                "REQ_ID": ids,
                "x-ms-dop-hint": "4",
                "x-ms-ratelimit-burst-remaining-xrm-requests": "7999",
                "x-ms-ratelimit-time-remaining-xrm-requests": "1,200.00",
            }
        )
        return response


def entra_application(entra: EntraId, log: RequestLog) -> Starlette:
    """The ASGI application of the embedded Entra ID."""

    async def handle(http: HttpRequest) -> Response:
        body = await _body(http)
        path = http.scope["path"]
        answer = Answer(413, {"error": "too_large"}) if body is None else entra.answer(http.method, path, body)
        log.add(LoggedRequest(http.method, path, answer.status, ""))
        return _plain_response(answer)

    return Starlette(routes=[Route("/{path:path}", handle, methods=_METHODS)])


async def _body(http: HttpRequest) -> bytes | None:
    pieces, size = [], 0
    async for piece in http.stream():
        size += len(piece)
        if size > MAX_BODY:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _request(http: HttpRequest, resource: str, body: bytes) -> Request:
    headers = {name.lower(): value for name, value in http.headers.items()}
    query = http.scope["query_string"].decode("latin-1")
    return Request(http.method, unquote(resource), query, headers, body)


def _plain_response(answer: Answer) -> Response:
    headers: dict[str, Any] = {name: value for name, value in answer.headers.items() if name.lower() != "content-type"}
    kind = answer.headers.get("content-type")
    if isinstance(answer.body, dict):
        level = "full" if answer.status >= 400 else "minimal"
        content = json.dumps(answer.body, ensure_ascii=False).encode("utf-8")
        return Response(content, answer.status, headers | {"content-type": kind or f"application/json; odata.metadata={level}"})
    if isinstance(answer.body, str):
        return Response(answer.body.encode("utf-8"), answer.status, headers | {"content-type": kind or "application/xml"})
    if answer.body is None:
        return Response(None, answer.status, headers)
    return Response(answer.body, answer.status, headers | {"content-type": kind or "application/octet-stream"})
