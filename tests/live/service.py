"""A witness of its own: a small loopback server that answers as recordings of Dataverse do, and keeps what it was sent."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

CLOCK = "Mon, 23 Nov 2026 10:02:11 GMT"
ROOT = "/api/data/v9.2/"


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def parts(self) -> list[tuple[str, dict[str, str]]]:
        """Request line and headers of every part of a batch."""
        return [_part(part) for part in _parts(self)]


def document(found: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(found).encode(), {"Content-Type": "application/json; odata.metadata=minimal", **headers})


def rows(*found: dict[str, Any], **more: Any) -> Reply:
    return document({"@odata.context": "https://contoso.example/$metadata#x", "value": list(found), **more})


def failure(status: int, code: str, message: str, **headers: str) -> Reply:
    return document({"error": {"code": code, "message": message}}, status, **headers)


def no_table(segment: str) -> Reply:
    return failure(404, "0x80060888", f"Resource not found for the segment '{segment}'.")


DROP = Reply(-1)
"""Closes the connection without an answer."""


class Service:
    """Routes are matched from the newest; what nobody described answers as an unknown segment does."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.next: list[Reply] = []
        self.port = 0
        self._routes: list[tuple[str, str, str, Reply]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(self, method: str, path: str, reply: Reply, *, where: str = "") -> None:
        """Answers `method path` whose decoded query contains `where`."""
        self._routes.insert(0, (method, path, where, reply))

    def answer(self, received: Received) -> Reply:
        self.received.append(received)
        if self.next:
            return self.next.pop(0)
        if received.path == ROOT + "$batch":
            return self._batch(received)
        return self._route(received.method, received.path)

    def _route(self, method: str, target: str) -> Reply:
        path, _, query = unquote(target.removeprefix(self.url).removeprefix(ROOT)).partition("?")
        for known, described, where, reply in self._routes:
            if known == method and path == described and where in query:
                return reply
        return no_table(path.split("(")[0].split("/")[0])

    def _batch(self, received: Received) -> Reply:
        answers = []
        for line, _ in received.parts:
            method, target, _ = line.split(" ")
            reply = self._route(method, target)
            head = "".join(f"{name}: {value}\r\n" for name, value in {"OData-Version": "4.0", **reply.headers}.items())
            answers.append(
                b"--batchresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                + f"HTTP/1.1 {reply.status} Words\r\n{head}\r\n".encode()
                + reply.body
                + b"\r\n"
            )
        body = b"".join(answers) + b"--batchresponse_1--\r\n"
        return Reply(200, body, {"Content-Type": "multipart/mixed; boundary=batchresponse_1"})


def _parts(received: Received) -> Iterator[bytes]:
    boundary = re.search(r'boundary="([^"]+)"', received.headers["content-type"])
    assert boundary
    assert received.body.endswith(b"--\r\n")
    assert b"\n" not in received.body.replace(b"\r\n", b"")
    yield from received.body.split(b"--" + boundary.group(1).encode())[1:-1]


def _part(part: bytes) -> tuple[str, dict[str, str]]:
    _, request = part.split(b"\r\n\r\n", 1)
    line, *headers = request.strip().decode().split("\r\n")
    return line, {name.lower(): value for name, value in (header.split(": ", 1) for header in headers)}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: Service

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.service.answer(Received(self.command, self.path, headers, self.rfile.read(length)))
        if reply.status < 0:
            self.close_connection = True
            return
        head = {"Date": CLOCK, "Content-Length": str(len(reply.body)), **reply.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        # In one send: two of them would cost 40 ms of delayed acknowledgement each time.
        self.wfile.write(f"HTTP/1.1 {reply.status} Words\r\n{lines}\r\n".encode() + reply.body)

    do_GET = do_POST = do_PATCH = do_DELETE = do_CONNECT = _serve

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], wrap: Any = None) -> Iterator[int]:
    """A server thread on a free port of the loopback address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False
    if wrap:
        server.socket = wrap(server.socket)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running(service: Service) -> Iterator[Service]:
    with serving(type("Handler", (_Handler,), {"service": service})) as port:
        service.port = port
        yield service
