"""A client of a few lines, so that the tests see what is on the wire."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import quote

from reconciler.emulator.server import EmbeddedDataverse


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def error(self) -> tuple[int, str]:
        return self.status, self.body["error"]["code"]

    @property
    def names(self) -> list[str]:
        return [row["name"] for row in self.body["value"]]


@dataclass(frozen=True)
class Client:
    """One user of one organization."""

    server: EmbeddedDataverse
    token: str
    organization: str = "toy"

    def __call__(
        self, method: str, path: str, data: Any = None, *, headers: dict[str, str] | None = None, raw: bytes | None = None
    ) -> Reply:
        url = f"{self.server.url(self.organization)}/api/data/v9.2/{quote(path, safe='/()$=&?,;%+@!:')}"
        body = raw if raw is not None else None if data is None else json.dumps(data).encode()
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **(headers or {})}
        return send(method, url, body, sent)

    def get(self, path: str, **headers: str) -> Reply:
        return self("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def send(method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None, context: Any = None) -> Reply:
    request = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())
