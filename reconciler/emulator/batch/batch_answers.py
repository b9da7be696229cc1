"""Turns the answers of a batch's parts into one multipart body, laid out as strictly as clients read it. Pure."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus

from reconciler.emulator.messages import Answer


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """The answer of one part and the Content-ID it echoes."""

    answer: Answer
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeSetAnswer:
    """The answers of a change set that stands."""

    parts: tuple[PartAnswer, ...]


def written(answer: PartAnswer | ChangeSetAnswer) -> bytes:
    """One piece of the body; the header of a change set's piece is one line."""
    return (_change_set(answer) if isinstance(answer, ChangeSetAnswer) else _part(answer)).encode("utf-8")


def multipart(pieces: list[bytes]) -> tuple[str, bytes]:
    """The content type and the body. No preamble."""
    boundary = f"batchresponse_{uuid.uuid4()}"
    opening = f"--{boundary}\r\n".encode()
    body = b"".join([*(part for piece in pieces for part in (opening, piece)), f"--{boundary}--\r\n".encode()])
    return f"multipart/mixed; boundary={boundary}", body


def _change_set(answers: ChangeSetAnswer) -> str:
    boundary = f"changesetresponse_{uuid.uuid4()}"
    inner = "".join(f"--{boundary}\r\n{_part(part)}" for part in answers.parts)
    return f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n{inner}--{boundary}--\r\n"


def _part(part: PartAnswer) -> str:
    answer = part.answer
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if part.content_id is not None:
        lines.append(f"Content-ID: {part.content_id}")
    lines += ["", f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    body = ""
    if isinstance(answer.body, dict):
        body = json.dumps(answer.body, ensure_ascii=False)
        lines.append("Content-Type: application/json; odata.metadata=minimal; odata.streaming=true")
    elif isinstance(answer.body, bytes):
        body = answer.body.decode("utf-8")
        lines.append("Content-Type: text/plain")
    elif answer.body is not None:
        body = answer.body
        lines.append("Content-Type: application/xml")
    lines.append("OData-Version: 4.0")
    lines += [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() != "content-type"]
    if answer.status >= 400:
        lines.append(f"REQ_ID: {uuid.uuid4()}")
    return "\r\n".join(lines) + f"\r\n\r\n{body}\r\n"
