"""Checks that a request for a token comes from the application that it names: by secret, certificate or workload token. Pure.

Nothing is taken on trust: a certificate or a foreign issuer that is not registered is refused, however well its token is made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from reconciler.emulator.identity.directory import Application, Federation
from reconciler.emulator.identity.entra import refusals
from reconciler.emulator.identity.keys import SigningKey, unverified, verified

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ("RS256", "PS256")
_SKEW_SECONDS = 300
"""Tolerance towards the client's clock; five minutes, as in Microsoft's own libraries."""


def check_secret(application: Application, given: str) -> None:
    """Refuses a secret that the application does not have, or that has expired."""
    for secret in application.secrets:
        if hmac.compare_digest(given.encode(), secret.value.encode()):
            if secret.expired:
                raise refusals.expired_secret(application.id)
            return
    raise refusals.wrong_secret(application.id)


def check_assertion(application: Application, assertion: str, audiences: frozenset[str], own: tuple[str, SigningKey], now: float) -> None:
    """Refuses an assertion that proves nothing.

    audiences   what stands for this authority in an assertion under a certificate
    own         address and key of the emulator's own issuer of workload tokens
    """
    header, claims = unverified(assertion)
    if not claims:
        raise refusals.malformed_assertion("It has no header, claims and signature.")
    if header.get("alg") not in _ALGORITHMS:
        raise refusals.malformed_assertion(f"Its algorithm is not one of {', '.join(_ALGORITHMS)}.")
    by_certificate = "x5t" in header or "x5t#S256" in header
    if by_certificate and claims.get("iss") != own[0]:
        _check_certificate(application, assertion, header, now)
        _check_times(claims, now)
        if claims.get("iss") != application.id or claims.get("sub") != application.id:
            raise refusals.wrong_client()
        if _audience(claims) not in audiences:
            raise refusals.wrong_realm()
        return
    _check_federation(application, assertion, header, claims, own)
    _check_times(claims, now)


def thumbprint_of(certificate: x509.Certificate, name: str = "x5t") -> bytes:
    """What the header `x5t` or `x5t#S256` of an assertion under this certificate holds."""
    encoded = certificate.public_bytes(Encoding.DER)
    return (hashlib.sha256(encoded) if name == "x5t#S256" else hashlib.sha1(encoded, usedforsecurity=False)).digest()


def _check_certificate(application: Application, assertion: str, header: Mapping[str, Any], now: float) -> None:
    name = "x5t#S256" if "x5t#S256" in header else "x5t"
    wanted = _bytes(header[name])
    shown = wanted.hex().upper()
    for pem in application.certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        if thumbprint_of(certificate, name) != wanted:
            continue
        if verified(assertion, certificate.public_key(), _ALGORITHMS) is None:
            raise refusals.bad_signature(shown, "The provided signature value did not match the expected signature value.")
        if not certificate.not_valid_before_utc.timestamp() <= now < certificate.not_valid_after_utc.timestamp():
            raise refusals.bad_signature(shown, "The key used is expired.")
        return
    raise refusals.unregistered_certificate(application.id, shown)


def _check_federation(
    application: Application, assertion: str, header: Mapping[str, Any], claims: Mapping[str, Any], own: tuple[str, SigningKey]
) -> None:
    known = [entry for entry in application.federations if entry.issuer == claims.get("iss")]
    if not known:
        raise refusals.no_federation("issuer", str(claims.get("iss")))
    if not any(_is_signed(assertion, header, entry, own) for entry in known):
        raise refusals.bad_signature(str(header.get("kid"))[:80], "The key was not found, or the signature does not fit it.")
    audience = _audience(claims)
    known = [entry for entry in known if entry.audience == audience]
    if not known:
        raise refusals.no_federation("audience", str(claims.get("aud")))
    if not any(entry.subject == claims.get("sub") for entry in known):
        raise refusals.no_federation("subject", str(claims.get("sub")))


def _audience(claims: Mapping[str, Any]) -> str | None:
    """For whom an assertion is: a text, or a list of one."""
    named = claims.get("aud")
    named = named[0] if isinstance(named, list) and len(named) == 1 else named
    return named if isinstance(named, str) else None


def _is_signed(assertion: str, header: Mapping[str, Any], entry: Federation, own: tuple[str, SigningKey]) -> bool:
    if entry.issuer == own[0]:
        return own[1].claims(assertion) is not None
    keys = [key for key in entry.keys if key.get("kid") in (None, header.get("kid"))]
    return any(verified(assertion, jwt.PyJWK(key, "RS256").key, _ALGORITHMS) is not None for key in keys)


def _check_times(claims: dict[str, Any], now: float) -> None:
    ends, begins = claims.get("exp"), claims.get("nbf", claims.get("iat", 0))
    if not isinstance(ends, (int, float)) or not isinstance(begins, (int, float)):
        raise refusals.out_of_time(claims, now)
    if not begins - _SKEW_SECONDS <= now < ends + _SKEW_SECONDS:
        raise refusals.out_of_time(claims, now)


def _bytes(text: object) -> bytes:
    try:
        stripped = str(text).rstrip("=")
        return base64.urlsafe_b64decode(stripped + "=" * (-len(stripped) % 4))
    except ValueError:
        return b""
