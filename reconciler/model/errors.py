"""What the remote side did: one tree of errors, five leaves, each with its request. Pure."""

from __future__ import annotations


class RemoteError(Exception):
    """Something went wrong on the other side.

    what      one sentence: what happened
    request   method and URL, without query secrets; None before any request was made
    why       what the other side said (status, code, message), or the cause
    hint      what to do next
    """

    retryable = False

    def __init__(self, what: str, *, request: str | None = None, why: str = "", hint: str = "", request_id: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.request = request
        self.why = why
        self.hint = hint
        self.request_id = request_id


class Unreachable(RemoteError):
    """No answer, or an answer cut short: whether a write took effect is unknown."""

    retryable = True


class Denied(RemoteError):
    """Not signed in, or not allowed (401, 403, a refused token)."""


class Throttled(RemoteError):
    """Too many requests, or a publish or import is running (429, 503)."""

    retryable = True


class Conflict(RemoteError):
    """Somebody else changed it (409, 412 with a version mismatch)."""


class Rejected(RemoteError):
    """The request was understood and refused (400, 404, 412 of the other kinds, 5xx that do not pass)."""
