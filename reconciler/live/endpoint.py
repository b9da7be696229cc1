"""Where one environment is and as whom to go there. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


class Secret:
    """A text that must never be printed: `reveal()` is the only way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; for the wire only."""
        return self._text

    def __repr__(self) -> str:
        return "(secret)"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is never serialised")


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A service principal that signs in with a secret."""

    tenant_id: str
    client_id: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A service principal that signs in with a certificate: a PEM file with key and certificate, or a PKCS #12 file."""

    tenant_id: str
    client_id: str
    path: Path
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token that somebody else obtained; it cannot be renewed."""

    token: Secret


_SHORTEST_SECRET = 8

Credential = ClientSecret | ClientCertificate | AccessToken


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One environment on the network.

    url            root of the organization, without a slash at the end
    authority      who signs people in there, without the tenant
    ca_file        certificates that are trusted instead of the usual ones
    trusted_host   whether the host belongs to the declared cloud (otherwise somebody allowed it by name)
    """

    environment: str
    url: str
    authority: str
    credential: Credential = field(repr=False)
    ca_file: Path | None = None
    trusted_host: bool = True

    @property
    def service(self) -> str:
        """Root of the Web API, with a slash at the end."""
        return f"{self.url.rstrip('/')}/api/data/v9.2/"

    def without_secrets(self, text: str) -> str:
        """The text with every secret of the credential blotted out, should the other side ever echo one."""
        return self.without_secrets_in(text.encode("utf-8", "replace")).decode("utf-8")

    def without_secrets_in(self, body: bytes, *further: str) -> bytes:
        """The same for bytes, and for further secrets. What is too short to be a secret would only garble the text, and stays."""
        for secret in (*(secret.reveal() for secret in _secrets(self.credential)), *further):
            if len(secret) >= _SHORTEST_SECRET:
                body = body.replace(secret.encode("utf-8", "replace"), b"(secret)")
        return body


def _secrets(credential: Credential) -> Iterator[Secret]:
    match credential:
        case ClientSecret():
            yield credential.secret
        case AccessToken():
            yield credential.token
        case ClientCertificate() if credential.password:
            yield credential.password
