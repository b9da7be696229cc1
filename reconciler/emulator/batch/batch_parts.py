"""Turns the multipart body of a $batch into its requests, as leniently as servers must. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import bad_request

MAX_OPERATIONS = 1000
_MAX_HEADERS = 100
_ROOT = re.compile(r"^(?:https?://(?P<host>[^/]+))?/(?:(?P<organization>[^/?]+)/)?api/data/v9\.\d+/?", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "localhost")
_BOUNDARY = re.compile(r"boundary\s*=\s*(\"[^\"]+\"|[^;\s]+)", re.IGNORECASE)
_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"})


@dataclass(frozen=True, slots=True)
class Part:
    """One request of a batch: its target below the Web API's root, decoded path and raw query apart."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    content_id: str | None


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Requests that stand or fall together."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Which organization a batch is for, and the absolute address of its Web API as the batch was sent to it."""

    organization: str
    base_url: str


def operations_of(body: bytes, content_type: str, target: Target) -> list[Part | ChangeSet]:
    """The operations in their order. Refuses nesting, reads inside change sets, more than 1,000 operations, and other organizations."""
    found: list[Part | ChangeSet] = []
    for piece in _pieces(body, _boundary(content_type)):
        headers, content = _headers(piece)
        if headers.get("content-type", "").lower().startswith("multipart/mixed"):
            found.append(_change_set(content, headers["content-type"], target))
        else:
            found.append(_part(headers, content, target))
    total = sum(len(item.parts) if isinstance(item, ChangeSet) else 1 for item in found)
    if total > MAX_OPERATIONS:
        raise _too_many()
    return found


def _too_many() -> DataverseError:
    return bad_request(f"The number of operations in the batch exceeds the limit of {MAX_OPERATIONS}.")


def _boundary(content_type: str) -> bytes:
    found = _BOUNDARY.search(content_type)
    if found is None or not content_type.lower().startswith("multipart/mixed"):
        raise bad_request("The content type of a batch is multipart/mixed with a boundary.")
    return b"--" + found[1].strip('"').encode("latin-1")


def _change_set(content: bytes, content_type: str, target: Target) -> ChangeSet:
    parts: list[Part] = []
    for piece in _pieces(content, _boundary(content_type)):
        headers, inner = _headers(piece)
        part = _part(headers, inner, target)
        if part.method == "GET":
            raise bad_request("A GET request is not allowed inside a change set.")
        if part.content_id is not None and any(part.content_id == other.content_id for other in parts):
            raise bad_request(f"The Content-ID '{part.content_id[:100]}' stands at two requests of one change set.")
        parts.append(part)
    return ChangeSet(tuple(parts))


def _pieces(body: bytes, delimiter: bytes) -> list[bytes]:
    # A delimiter counts only at the beginning of a line; line ends may be CRLF or LF.
    found = re.finditer(rb"(?:\A|\r?\n)" + re.escape(delimiter) + rb"(--)?[ \t]*(?=\r?\n|\Z)", body)
    marks = list(islice(found, MAX_OPERATIONS + 2))
    if len(marks) > MAX_OPERATIONS + 1:
        raise _too_many()
    if not marks:
        raise bad_request("The batch has no part: its boundary does not occur in the body.")
    pieces = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        if mark[1]:
            break
        pieces.append(body[mark.end() : following.start() if following else len(body)])
    return pieces


def _headers(piece: bytes) -> tuple[dict[str, str], bytes]:
    # The piece begins with the end of the delimiter's own line.
    _, _, rest = piece.partition(b"\n")
    headers: dict[str, str] = {}
    # Split no further than headers may go: what follows can be megabytes.
    lines = rest.split(b"\n", _MAX_HEADERS)
    for number, line in enumerate(lines[:_MAX_HEADERS]):
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if not colon:
            # The blank line before the content; without one, what is no header begins it and is lost, as servers lose it.
            return headers, b"\n".join(lines[number + 1 :])
        headers[name.strip().lower()] = value.strip()
    if len(lines) > _MAX_HEADERS:
        raise bad_request("A part of the batch has too many headers.")
    return headers, b""


def _below_root(address: str, target: Target) -> str:
    """What stands behind the root of the Web API. A rooted address without an organization means that of the batch."""
    found = _ROOT.match(address)
    if found is None:
        if address.lower().startswith(("http:", "https:")):
            raise _elsewhere(address)
        return address.lstrip("/")
    here = _ROOT.match(f"{target.base_url}/")
    assert here is not None
    organization = found["organization"]
    names_here = unquote(organization).casefold() == target.organization.casefold() if organization else not here["organization"]
    if organization is None and found["host"] is None:
        names_here = True
    if not names_here or (found["host"] and not _is_host(found["host"].lower(), here["host"].lower())):
        raise _elsewhere(address)
    return address[found.end() :].lstrip("/")


def _is_host(named: str, here: str) -> bool:
    name, _, port = named.partition(":")
    own_name, _, own_port = here.partition(":")
    return (name == own_name or {name, own_name} <= set(_LOOPBACK)) and port in ("", own_port)


def _elsewhere(address: str) -> DataverseError:
    return bad_request(f"A part of the batch names another host or organization: '{address[:200]}'. All parts go where the batch goes.")


def _part(outer: dict[str, str], content: bytes, target: Target) -> Part:
    content = content.lstrip(b"\r\n")
    line, _, rest = content.partition(b"\n")
    words = line.decode("utf-8", "replace").strip().split(" ")
    if words and words[-1].upper().startswith("HTTP/"):
        words.pop()
    if len(words) < 2 or words[0] not in _METHODS:
        raise bad_request("A part of the batch does not begin with a request line.")
    # Some clients leave spaces in the query, so everything between method and version is the target.
    path, _, query = _below_root(" ".join(words[1:]), target).partition("?")
    if unquote(path) == "$batch":
        raise bad_request("A batch inside a batch is not allowed.")
    headers, body = _headers(b"\n" + rest) if rest.strip() else ({}, b"")
    content_id = outer.get("content-id") or headers.get("content-id")
    return Part(words[0], unquote(path), query, headers, body.strip(b" \t\r\n"), content_id)
