"""Turns the connection of a file and the environment variables into an endpoint that is safe to send a token to. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from reconciler.catalog.clouds import CloudFacts, cloud
from reconciler.live.endpoint import AccessToken, ClientCertificate, ClientSecret, Credential, Endpoint, Secret
from reconciler.model.desired import Connection, DesiredEnvironment
from reconciler.model.errors import Denied

TOKEN = ("RICTL_ACCESS_TOKEN",)
TENANT = ("AZURE_TENANT_ID", "POWER_PLATFORM_TENANT_ID")
CLIENT = ("AZURE_CLIENT_ID", "POWER_PLATFORM_CLIENT_ID")
CLIENT_SECRET = ("AZURE_CLIENT_SECRET", "POWER_PLATFORM_CLIENT_SECRET")
CERTIFICATE = ("AZURE_CLIENT_CERTIFICATE_PATH", "POWER_PLATFORM_CLIENT_CERTIFICATE_FILE_PATH")
CERTIFICATE_PASSWORD = ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "POWER_PLATFORM_CLIENT_CERTIFICATE_PASSWORD")

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_TOKEN_TEXT = re.compile(r"[!-~]+")
_NOTHING_SENT = "Nothing was sent."


def credential_from(variables: Mapping[str, str], connection: Connection) -> Credential:
    """As whom to sign in. The file's tenant and client come before the variables'. Raises Denied that says what to set."""
    if token := _first(variables, TOKEN).strip():
        # The error of a header that cannot be sent would quote it.
        if not _TOKEN_TEXT.fullmatch(token):
            raise Denied(f"{TOKEN[0]} holds characters that no token has", why=_NOTHING_SENT, hint="set it to the token alone")
        return AccessToken(Secret(token))
    tenant = connection.tenant_id or _first(variables, TENANT)
    client = connection.client_id or _first(variables, CLIENT)
    secret = _first(variables, CLIENT_SECRET)
    certificate = _first(variables, CERTIFICATE)
    missing = [
        words
        for words, found in (
            (("no tenant", f"connection.tenantId or the variable {TENANT[0]}"), tenant),
            (("no client", f"connection.clientId or the variable {CLIENT[0]}"), client),
            (("no secret or certificate", f"the variable {CLIENT_SECRET[0]} or {CERTIFICATE[0]}"), secret or certificate),
        )
        if not found
    ]
    if missing:
        where = f"{connection.where.file}:{connection.where.line}" if connection.where is not None else "the file"
        raise Denied(
            f"cannot sign in: there is {_listed([what for what, _ in missing])} for the connection in {where}",
            why=_NOTHING_SENT,
            hint=f"set {_listed([source for _, source in missing])}; or set {TOKEN[0]} alone, to a token of the environment",
        )
    for name, identifier in (("tenant", tenant), ("client", client)):
        if not _IDENTIFIER.fullmatch(identifier):
            raise Denied(f"the {name} id is neither a GUID nor a domain name", why=_NOTHING_SENT, hint="correct it in the file or variable")
    if secret:
        return ClientSecret(tenant, client, Secret(secret))
    password = _first(variables, CERTIFICATE_PASSWORD)
    return ClientCertificate(tenant, client, Path(certificate), Secret(password) if password else None)


def endpoint_for(desired: DesiredEnvironment, *, variables: Mapping[str, str], allowed_hosts: frozenset[str]) -> Endpoint:
    """The endpoint of a declared environment, checked before any token is asked for.

    The host must end in a suffix of the declared cloud over https, or be allowed by name; http is for allowed loopback hosts only.
    Raises Denied.
    """
    facts = cloud(desired.connection.cloud)
    address = _address(desired)
    host = (address.hostname or "").lower()
    trusted = address.scheme == "https" and address.port in (None, 443) and _belongs(host, facts) and not address.path.strip("/")
    if not trusted:
        _refuse_unless_allowed(address, host, facts, allowed_hosts)
    authority = variables.get("AZURE_AUTHORITY_HOST") or facts.authority
    if "//" not in authority:
        authority = f"https://{authority}"
    if urlsplit(authority).scheme != "https":
        raise Denied(f"AZURE_AUTHORITY_HOST must be an https address, not {authority}", why=_NOTHING_SENT, hint="correct the variable")
    ca_file = variables.get("SSL_CERT_FILE")
    return Endpoint(
        environment=desired.name,
        url=address.geturl().rstrip("/"),
        authority=authority.rstrip("/"),
        credential=credential_from(variables, desired.connection),
        ca_file=Path(ca_file) if ca_file else None,
        trusted_host=trusted,
    )


def is_loopback(host: str) -> bool:
    """Whether a host name can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _first(variables: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((variables[name] for name in names if variables.get(name)), "")


def _listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _address(desired: DesiredEnvironment) -> SplitResult:
    url = desired.connection.url or ""
    try:
        address = urlsplit(url)
        plain = bool(address.hostname) and "@" not in address.netloc and not address.query and not address.fragment
        plain = plain and address.scheme in ("https", "http") and url.isprintable() and url.isascii() and "\\" not in url and " " not in url
        if plain and (address.port is None or address.port > 0):
            return address
    except ValueError:  # a port or IPv6 address that is none
        pass
    raise Denied(
        f"the address of {desired.name} is not one of an environment",
        why=f"{url!a} must look like https://contoso.crm4.dynamics.com. {_NOTHING_SENT}",
        hint=f"correct connection.url in {desired.file}",
    )


def _belongs(host: str, facts: CloudFacts) -> bool:
    return any(host.endswith(suffix) and len(host) > len(suffix) for suffix in facts.host_suffixes)


def _refuse_unless_allowed(address: SplitResult, host: str, facts: CloudFacts, allowed_hosts: frozenset[str]) -> None:
    allowed = {name.lower() for name in allowed_hosts}
    if host not in allowed and address.netloc.lower() not in allowed:
        raise Denied(
            f"{address.geturl()} is no environment of the {facts.name} cloud",
            why=f"its host must end in {' or '.join(facts.host_suffixes)}, over https and without a path. {_NOTHING_SENT}",
            hint=f"correct connection.url or connection.cloud, or allow the host with --allow-host {host}",
        )
    if address.scheme != "https" and not is_loopback(host):
        raise Denied(
            f"{address.geturl()} is not https",
            why=f"a token would travel in the clear. {_NOTHING_SENT}",
            hint="use https; http is for this machine only",
        )
