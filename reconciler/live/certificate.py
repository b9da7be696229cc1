"""Turns the certificate file of a service principal into what MSAL takes, once it is sure that it can be used. Touches that file."""

from __future__ import annotations

from typing import Any

from reconciler.live.endpoint import ClientCertificate
from reconciler.model.errors import Denied

_LARGEST = 1024 * 1024


def certificate_for_msal(credential: ClientCertificate) -> dict[str, Any]:
    """The credential of MSAL for a PEM or PKCS #12 file. Raises Denied that names the file; nothing was sent by then."""
    password = credential.password.reveal() if credential.password else None
    try:
        with credential.path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise _unusable(credential, error.strerror or type(error).__name__) from None
    if len(content) > _LARGEST:
        raise _unusable(credential, f"it is larger than {_LARGEST} bytes")
    try:
        return _pem(content, password) if b"-----BEGIN" in content else _pkcs12(credential, content, password)
    except (ValueError, TypeError):
        # The words of the library are left out: they are long, and not ours to vouch for.
        raise _unusable(credential, "it holds no key and certificate that this password opens") from None


def _pem(content: bytes, password: str | None) -> dict[str, Any]:
    # Imported here: only a certificate needs it.
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    load_pem_private_key(content, password.encode() if password else None)
    x509.load_pem_x509_certificate(content)
    pem = content.decode("ascii")
    return {"private_key": pem, "public_certificate": pem, **({"passphrase": password} if password else {})}


def _pkcs12(credential: ClientCertificate, content: bytes, password: str | None) -> dict[str, Any]:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    load_key_and_certificates(content, password.encode() if password else None)
    # MSAL reads the file itself; with the certificate beside the key it can be replaced without registering it again.
    return {
        "private_key_pfx_path": str(credential.path),
        "public_certificate": True,
        **({"passphrase": password} if password else {}),
    }


def _unusable(credential: ClientCertificate, why: str) -> Denied:
    return Denied(
        f"cannot sign in: the certificate {credential.path} cannot be used",
        why=why,
        hint="AZURE_CLIENT_CERTIFICATE_PATH must name a PEM file with key and certificate, or a PKCS #12 file, of the application",
    )
