"""Makes and keeps the certificate of the embedded Entra ID and the authority that signed it. Touches files beside the state file."""

from __future__ import annotations

import datetime as dt
import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.emulator.storage.store import Store

_LIFETIME = dt.timedelta(days=365)
_RENEWED_BEFORE = dt.timedelta(days=7)
_KEPT = "certificates"


@dataclass(frozen=True, slots=True)
class Certificates:
    """`authority` is what clients trust; `chain` holds the server's key and certificate and is readable by its owner only."""

    authority: Path
    chain: Path

    def context(self) -> ssl.SSLContext:
        """The TLS settings of the server."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.chain)
        return context


def certificates_beside(store: Store, now: dt.datetime) -> Certificates:
    """The certificates that belong to a state file: the kept ones while they last, else new ones. `now` is wall time."""
    # They are kept in the state file, for of two processes that start at once on a new file one must win for both.
    kept = store.setting(_KEPT)
    if kept is None:
        kept = store.setting_or_first(_KEPT, _made(now))
    elif now.timestamp() - kept["made"] > (_LIFETIME - _RENEWED_BEFORE).total_seconds():
        kept = _made(now)
        store.set_setting(_KEPT, kept)
    state = store.path
    certificates = Certificates(state.with_name(f"{state.stem}-ca.pem"), state.with_name(f"{state.stem}-server.pem"))
    _write(certificates.chain, kept["chain"])
    _write(certificates.authority, kept["authority"])
    return certificates


def _made(now: dt.datetime) -> dict[str, Any]:
    # Imported here because a start with kept certificates does not need the package at all.
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def builder(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (subject, issuer)]
        made = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1]).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(hours=1))
        return made.not_valid_after(now + _LIFETIME)

    authority_name, server_name = "Embedded Dataverse authority", "127.0.0.1"
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    authority = (
        builder(authority_name, authority_name, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    server = (
        builder(server_name, authority_name, server_key)
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key = server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    # The authority's key is thrown away: nobody can ever sign anything else with it.
    chain = (key + server.public_bytes(pem)).decode()
    return {"made": now.timestamp(), "chain": chain, "authority": authority.public_bytes(pem).decode()}


def _write(path: Path, content: str) -> None:
    if path.exists() and path.read_text(encoding="ascii") == content:
        return
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(content, encoding="ascii")
    fresh.replace(path)
