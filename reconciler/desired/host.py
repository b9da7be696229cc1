"""Turns the address of an environment into its one spelling, or into the reason why no token may be sent there. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from reconciler.catalog.clouds import cloud
from reconciler.model.desired import Cloud

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_ORGANIZATION = re.compile(r"/[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})
_PLAIN = "write it as `https://NAME.crm4.dynamics.com`"


@dataclass(frozen=True, slots=True)
class FoundUrl:
    """`url` in its one spelling, or a complaint with a hint. The complaint never repeats the address: it may hold a secret."""

    url: str = ""
    complaint: str | None = None
    hint: str = _PLAIN


def canonical_url(text: str) -> FoundUrl:
    """Scheme and host in lower case. Plain http, a port and the path of one organization only on the loopback interface."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return FoundUrl(complaint="the address cannot be read")
    here = host in _LOOPBACK
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        return FoundUrl(complaint="the address must start with `https://`")
    if "@" in parts.netloc:
        return FoundUrl(complaint="the address holds a user name or password", hint="remove it; sign-in is set by tenantId and clientId")
    path = parts.path.rstrip("/")
    if (path and not (here and _ORGANIZATION.fullmatch(path))) or "?" in text or "#" in text:
        hint = "end it after the host: rictl adds the path of the Web API"
        return FoundUrl(complaint="the address has a path, a query or a fragment", hint=hint)
    if not _HOST.fullmatch(host):
        return FoundUrl(complaint="the address has no valid host name")
    if here:
        return FoundUrl(f"{parts.scheme}://{host}" + (f":{port}" if port else "") + path)
    if port not in (None, 443):
        return FoundUrl(complaint="the address names a port", hint="remove the port: Dataverse answers on 443")
    return FoundUrl(f"https://{host}")


def belongs_to(url: str, name: Cloud) -> bool:
    """Whether the host of a canonical address is one of that cloud."""
    return (urlsplit(url).hostname or "").endswith(cloud(name).host_suffixes)


def loopback_host(url: str) -> str | None:
    """The host of a canonical address, where that is this machine."""
    host = urlsplit(url).hostname
    return host if host in _LOOPBACK else None
