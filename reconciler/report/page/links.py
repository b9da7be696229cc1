"""Turns text into text and links: only addresses of hosts that Microsoft or the plan's own cloud owns become links. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from reconciler.catalog import consent
from reconciler.catalog.clouds import CLOUDS
from reconciler.catalog.links import MAKER_PORTALS

_SUFFIXES = tuple(suffix for facts in CLOUDS for suffix in facts.host_suffixes)
_HOSTS = frozenset(urlsplit(address).hostname for address in (consent.LINK, *MAKER_PORTALS.values()))
_ADDRESS = re.compile(r"https://[!-;=?-~]+")
_CLOSING = ".,;:!?)'\"]"
"""What ends a sentence around an address and is no part of it."""


def is_known(address: str) -> bool:
    """Whether a reader may be sent there: https, a known host, nobody's name or password before it, and nothing invisible in it."""
    if not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return "@" not in parts.netloc and "\\" not in address and port in (None, 443) and (host in _HOSTS or host.endswith(_SUFFIXES))


def pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """The text in order, each piece with the address that it links to, or None."""
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_CLOSING)
        if is_known(address):
            yield text[end : found.start()], None
            yield address, address
            end = found.start() + len(address)
    yield text[end:], None
