"""Finds the proxy that the environment variables name for an address. Touches the environment."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from reconciler.live.identity import is_loopback


def proxy_for(url: str) -> str | None:
    """The proxy for that address, or None. This machine is never reached through one."""
    host, scheme = urlsplit(url).hostname or "", urlsplit(url).scheme
    if is_loopback(host) or proxy_bypass(host):
        return None
    return getproxies().get(scheme)
