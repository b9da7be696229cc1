"""Turns reads into the body of one $batch request, and its answer back into answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reconciler.live.answer import Answer
from reconciler.model.errors import Rejected

_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,200})"?', re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/\d\.\d (\d{3})(?: |$)")
_BLANK = re.compile(rb"\r?\n\r?\n")
_HEADERS_LIMIT = 32_768


def compose(urls: Sequence[str], *, boundary: str, headers: Mapping[str, str]) -> bytes:
    """The body: one GET a part. Lines end with CRLF and the last one too, for the service refuses other bodies."""
    lines: list[str] = []
    for url in urls:
        lines += [f"--{boundary}", "Content-Type: application/http", "Content-Transfer-Encoding: binary", ""]
        lines += [f"GET {url} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    lines += [f"--{boundary}--", ""]
    return "\r\n".join(lines).encode("ascii")


def parse(answer: Answer, urls: Sequence[str]) -> tuple[Answer, ...]:
    """The answers, in the order of the requests. Raises the error of a failed whole, and Rejected when an answer is missing."""
    if not answer.is_success:
        raise answer.error()
    found = _BOUNDARY.search(answer.headers.get("content-type", ""))
    if not found:
        raise _broken(answer, "it is not multipart")
    delimiter = re.compile(rb"(?:^|\r?\n)--" + re.escape(found.group(1).encode("latin-1")) + rb"(?:--)?[ \t]*(?=\r?\n|$)")
    parts = [part for part in delimiter.split(answer.body)[1:] if part.strip()]
    if len(parts) != len(urls):
        raise _broken(answer, f"it holds {len(parts)} answers to {len(urls)} requests")
    return tuple(_part(part, answer, f"GET {url.split('?')[0]}") for part, url in zip(parts, urls, strict=True))


def _part(part: bytes, answer: Answer, request: str) -> Answer:
    envelope, _, inner = _split(part.lstrip(b"\r\n"))
    if b"multipart/mixed" in envelope.lower():
        raise _broken(answer, "it holds a changeset, and none was sent")
    head, _, body = _split(inner)
    first, *rest = head.splitlines() or [b""]
    status = _STATUS.match(first)
    if not status:
        raise _broken(answer, "a part has no status line")
    headers = dict(_header(line) for line in rest)
    # The clock and the request id are those of the whole where the part does not say otherwise.
    inherited = {name: answer.headers[name] for name in ("date", "x-ms-service-request-id", "req_id") if name in answer.headers}
    return Answer(int(status.group(1)), inherited | headers, body, request)


def _split(text: bytes) -> tuple[bytes, bytes, bytes]:
    blank = _BLANK.search(text, 0, _HEADERS_LIMIT)
    if not blank:
        return text, b"", b""
    return text[: blank.start()], blank.group(), text[blank.end() :]


def _header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name.strip().lower(), value.strip()


def _broken(answer: Answer, why: str) -> Rejected:
    return Rejected(
        "the answer to the batch cannot be understood", request=answer.request, why=why, hint="try again", request_id=answer.request_id
    )
