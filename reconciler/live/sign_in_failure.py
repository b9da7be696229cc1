"""Turns an error of the HTTP library that signs in into words for people: the cause, without anything that was sent. Pure."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

_DEEPEST = 20
"""Errors that are looked at: libraries wrap one in another, and a chain could even end in itself."""


def why_no_answer(error: Exception, authority: str, timeout: int) -> str:
    """Why there was no answer from the authority. Texts of the error itself are never repeated: they may quote the request."""
    host = urlsplit(authority).netloc
    chain = list(_chain(error))
    names = {type(found).__name__ for found in chain}
    if "ProxyError" in names:
        return f"the proxy on the way to {host} did not let it through"
    if any(isinstance(found, socket.gaierror) for found in chain):
        return f"the name {host} was not found"
    if any(isinstance(found, ConnectionRefusedError) for found in chain):
        return f"{host} refused the connection"
    if any(isinstance(found, TimeoutError) for found in chain) or names & {"ConnectTimeout", "ReadTimeout", "Timeout"}:
        return f"{host} did not answer within {timeout} s"
    untrusted = next((found for found in chain if isinstance(found, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return f"the certificate of {host} is not trusted: {untrusted.verify_message}"
    if "TooManyRedirects" in names:
        return f"{host} answered with a redirect, which is not followed: it would carry the secret along"
    broken = next((found.strerror for found in chain if isinstance(found, OSError) and found.errno and found.strerror), None)
    return f"the connection to {host} failed: {broken or type(error).__name__}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that it wraps, whichever way."""
    waiting: list[object] = [error]
    seen: list[BaseException] = []
    while waiting and len(seen) < _DEEPEST:
        found = waiting.pop(0)
        if isinstance(found, BaseException) and not any(found is other for other in seen):
            seen.append(found)
            waiting += [*found.args, getattr(found, "reason", None), found.__cause__, found.__context__]
    yield from seen
