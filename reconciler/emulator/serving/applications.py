"""Turns HTTP requests into requests of the Web API, of Entra ID and of the control, and answers into responses. Touches no socket."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, unquote_plus

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.context import DataverseError, Domain
from reconciler.emulator.control.desk import Control
from reconciler.emulator.domain.identity import TENANT_ID
from reconciler.emulator.execution import FAULTS, Place
from reconciler.emulator.face.desk import Face
from reconciler.emulator.failures import failure, unexpected
from reconciler.emulator.faults.answers import answer_of_entra, answer_to_request
from reconciler.emulator.faults.fault import Fault, Subject
from reconciler.emulator.graph import errors as graph_errors
from reconciler.emulator.graph import microsoft_graph
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.entra.entra_id import EntraId
from reconciler.emulator.identity.tokens import APPLICATION, Tokens
from reconciler.emulator.identity.workloads import PLACE, Workloads
from reconciler.emulator.messages import Answer, Request
from reconciler.emulator.protection.account import Account
from reconciler.emulator.protection.accounts import Accounts
from reconciler.emulator.protection.limits import Limits
from reconciler.emulator.serving.disturbed import rest
from reconciler.emulator.serving.front_end import FrontEnd
from reconciler.emulator.serving.request_log import LoggedRequest
from reconciler.emulator.storage.clock import VirtualClock
from reconciler.emulator.web_api import WebApi

MAX_BODY = 64 * 1024 * 1024
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"]
_PATH = re.compile(r"^(?:/(?P<organization>[^/]+))?/api/data/v9\.\d+(?:/(?P<resource>.*))?$", re.IGNORECASE)
_CONTROL = "/_emulator/v1/"
_UNTOUCHED = Account(Limits())
Handler = Callable[[HttpRequest], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class WebListener:
    """Everything that the listener of the Web API needs. `root` is http://127.0.0.1:PORT, or https: every link starts with it."""

    api: WebApi
    front_end: FrontEnd
    accounts: Accounts
    control: Control
    face: Face
    workloads: Workloads
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
        if path.startswith((_CONTROL, PLACE)) or self.face.serves(path):
            if not self._is_local(http):
                return self._response(Answer(403, {"error": {"code": "forbidden", "message": "control requests are for local programs"}}))
            answer = self._aside(http, path, body)
            # A page is no answer of a Web API: it has headers of its own.
            return _plain_response(answer) if self.face.serves(path) else self._response(answer)
        graph = microsoft_graph.PATH.match(path)
        if graph is not None:
            return self._response(self._of_graph(http, path, graph))
        found = _PATH.match(path)
        organization = (unquote(found["organization"]) if found and found["organization"] else None) or self.organization
        if found is None or organization is None:
            return self._response(
                failure(DataverseError(404, "0x80060888", f"Resource not found for the segment '{unquote(path)[:200]}'."))
            )
        named, resource = found["organization"], found["resource"] or ""
        return await self.front_end.passed(
            http,
            Subject("outer", organization, http.method, unquote(resource), _query(http)),
            carry_out=lambda: self._carried_out(http, organization, named, path, _request(http, resource, body)),
            refusal=lambda fault: self._refusal(fault, named),
            told=self._response,
        )

    def _of_graph(self, http: HttpRequest, path: str, graph: re.Match[str]) -> Answer:
        named, resource = graph["organization"], graph["resource"] or ""
        organization = unquote(named) if named else self.organization
        address = f"{self.root}{path[: len(path) - len(resource)].rstrip('/')}"
        answer = graph_errors.no_token()
        if self._identity(http, named, also=microsoft_graph.AUDIENCE) is not None:
            query = http.scope["query_string"].decode("latin-1")
            answer = microsoft_graph.answer(self.domain, organization or "", http.method, address, resource, query)
        self.front_end.log.add(LoggedRequest(http.method, f"graph/{resource}", answer.status, organization or ""))
        return answer

    def _refusal(self, fault: Fault, named: str | None) -> Answer | None:
        return self._challenge(named) if fault.effect == "token-expired" else answer_to_request(fault)

    async def _carried_out(self, http: HttpRequest, organization: str, named: str | None, path: str, request: Request) -> Response:
        identity = self._identity(http, named)
        if identity is None:
            return self._response(self._challenge(named))
        prefix = f"/{named}" if named else ""
        version = path[len(prefix) :].split("/")[3]
        place = Place(organization, f"{self.root}{prefix}/api/data/{version}", identity)
        settings = self._settings(organization)
        account = self.accounts.of(organization, identity, settings.get("limits") or Limits())
        now, began = self.clock.now().timestamp(), time.perf_counter()
        refused = account.enter(now)
        if refused is not None:
            return self._response(self.api.refused(place, request, refused), account)
        try:
            answer = self.api.answer(place, request)
            latency = float(settings.get("latency_seconds") or 0)
            if latency > 0:
                await rest(http, latency)
        finally:
            took = time.perf_counter() - began
            account.leave(now + took, took)
        return self._response(answer, account)

    def _aside(self, http: HttpRequest, path: str, body: bytes) -> Answer:
        """What is served beside the Web API: the control, the settings pages, and the places where programs get their tokens."""
        if path.startswith(_CONTROL):
            return self.control.answer(http.method, path.removeprefix(_CONTROL), body)
        query = http.scope["query_string"].decode("latin-1")
        headers = {name.lower(): value for name, value in http.headers.items()}
        if self.face.serves(path):
            return self.face.answer(http.method, path, query, headers, body)
        return self.workloads.answer(http.method, path.removeprefix(PLACE), query, headers)

    def _settings(self, organization: str) -> Mapping[str, Any]:
        try:
            return self.domain.settings(organization)
        except DataverseError:
            # The request itself is told that there is no such organization.
            return {}

    def _identity(self, http: HttpRequest, organization: str | None, *, also: str | None = None) -> Identity | None:
        scheme, _, token = http.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        if self.fixed_token is not None and token.strip() == self.fixed_token:
            return APPLICATION
        return self.tokens.identity(token.strip(), self._audiences(organization) | ({also} if also else set()))

    def _audiences(self, organization: str | None) -> frozenset[str]:
        address = self.root.partition("://")[2]
        hosts = (address, address.replace("127.0.0.1", "localhost"))
        roots = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
        return frozenset([*roots, *(f"{root}/{organization}" for root in roots if organization)])

    def _challenge(self, organization: str | None) -> Answer:
        # The values stand without quotes, as clients of the service expect them.
        resource = f"{self.root}/{organization}/" if organization else f"{self.root}/"
        where = f"authorization_uri={self.authority}/{TENANT_ID}/oauth2/authorize, resource_id={resource}"
        return Answer(401, b"", {"WWW-Authenticate": f"Bearer {where}", "content-type": "text/html"})

    def _is_local(self, http: HttpRequest) -> bool:
        # A web page can make a browser call this port; it cannot forge these two headers.
        scheme, _, address = self.root.partition("://")
        hosts = {address, address.replace("127.0.0.1", "localhost")}
        origin = http.headers.get("origin")
        site = "none" if http.method in ("GET", "HEAD") else http.headers.get("sec-fetch-site", "none")
        if site not in ("none", "same-origin"):
            # A second fence, where a browser leaves the origin out.
            return False
        return http.headers.get("host", "") in hosts and (origin is None or origin in {f"{scheme}://{host}" for host in hosts})

    def _response(self, answer: Answer, account: Account | None = None) -> Response:
        response = _plain_response(answer)
        ids = f"{uuid.uuid4()},{uuid.uuid4()}"
        response.headers.update(
            {
                "Date": format_datetime(self.clock.now(), usegmt=True),
                "OData-Version": "4.0",
                "Cache-Control": "no-cache",
                "x-ms-service-request-id": ids,
                "REQ_ID": ids,
                **(account or _UNTOUCHED).headers(),
            }
        )
        return response


def entra_application(entra: EntraId, front_end: FrontEnd) -> Starlette:
    """The ASGI application of the embedded Entra ID."""

    async def handle(http: HttpRequest) -> Response:
        body = await _body(http)
        path = http.scope["path"]

        async def carried_out() -> Response:
            too_large = Answer(413, {"error": "too_large"})
            query = http.scope["query_string"].decode("latin-1")
            try:
                answer = too_large if body is None else entra.answer(http.method, path, body, query)
            except FAULTS as error:
                said = f"An unexpected error occurred in the embedded Entra ID: {type(error).__name__}."
                answer = Answer(500, {"error": "server_error", "error_description": said})
            front_end.log.add(LoggedRequest(http.method, path, answer.status, ""))
            return _plain_response(answer)

        subject = Subject("entra", "", http.method, path, _query(http))
        return await front_end.passed(http, subject, carry_out=carried_out, refusal=answer_of_entra, told=_plain_response)

    return Starlette(routes=[Route("/{path:path}", handle, methods=_METHODS)])


def _query(http: HttpRequest) -> str:
    return unquote_plus(http.scope["query_string"].decode("latin-1"))


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
