"""The door through which a plan goes out: it lets nothing pass that could write. Touches what the transport behind it touches."""

from __future__ import annotations

import re

import httpx

_BOUNDARY = re.compile(r'multipart/mixed;\s*boundary="?([^";,\s]+)"?', re.IGNORECASE)
_GET = re.compile(rb"GET \S+ HTTP/1\.1")
_TUNNELS = ("x-http-method", "x-http-method-override", "x-method-override")


class WriteRefused(AssertionError):
    """A reading part of the program tried to write: a bug of ours. Nothing was sent."""


class ReadOnlyTransport(httpx.AsyncBaseTransport):
    """Passes on GET, and POST of a $batch whose every part is a GET; raises WriteRefused for everything else."""

    def __init__(self, behind: httpx.AsyncBaseTransport) -> None:
        self._behind = behind

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request that only reads."""
        if not await _only_reads(request):
            raise WriteRefused(f"refused to send {request.method} {request.url.path}: this connection only reads")
        return await self._behind.handle_async_request(request)

    async def aclose(self) -> None:
        """Closes the transport behind."""
        await self._behind.aclose()


async def _only_reads(request: httpx.Request) -> bool:
    if any(name in request.headers for name in _TUNNELS):
        return False
    if request.method == "GET":
        return True
    boundary = _BOUNDARY.fullmatch(request.headers.get("content-type", ""))
    if request.method != "POST" or not request.url.path.endswith("/$batch") or not boundary:
        return False
    return _is_batch_of_reads(await request.aread(), boundary.group(1).encode("ascii"))


def _is_batch_of_reads(body: bytes, boundary: bytes) -> bool:
    # Stricter than HTTP allows: exactly the form that `batch.compose` writes, so nothing can hide in a lenient reading.
    first, *parts = body.split(b"--" + boundary)
    if first or not parts or parts[-1] != b"--\r\n":
        return False
    return all(_is_read(part) for part in parts[:-1])


def _is_read(part: bytes) -> bool:
    envelope, _, inner = part.partition(b"\r\n\r\n")
    head, blank, body = inner.partition(b"\r\n\r\n")
    request, *headers = head.split(b"\r\n")
    return (
        envelope == b"\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary"
        and _GET.fullmatch(request) is not None
        and not any(header.split(b":")[0].strip().lower().decode("latin-1") in _TUNNELS for header in headers)
        and blank != b""
        and body.strip() == b""
    )
