"""Signs plan files with an Ed25519 key and says whose signature one carries. Reads key files and environment variables."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.report.plan_document import PlanDocument, Signature, signed_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PASSPHRASE = "RICTL_SIGNING_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret
_LARGEST_KEY = 65_536
_FROM_VARIABLE = "env:"


def private_key(where: str, variables: Mapping[str, str]) -> Ed25519PrivateKey:
    """The key of a PEM file, or of the variable that `env:NAME` names; its passphrase is taken from RICTL_SIGNING_PASSPHRASE.

    Anything else is wrong usage; the message never holds the key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    passphrase = variables.get(PASSPHRASE)
    try:
        key = load_pem_private_key(_pem(where, variables), passphrase.encode() if passphrase else None)
    except (ValueError, TypeError):
        hint = f"an encrypted key needs {PASSPHRASE}; make a key with: openssl genpkey -algorithm ed25519 -out plan-key.pem"
        raise click.UsageError(f"{_named(where)} holds no private key that can be read ({hint})") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise click.UsageError(f"{_named(where)} is no Ed25519 key: openssl genpkey -algorithm ed25519 -out plan-key.pem makes one")
    return key


def public_key(where: str, variables: Mapping[str, str]) -> Ed25519PublicKey:
    """The public key of a PEM file, or of the variable that `env:NAME` names. Anything else is wrong usage."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_pem(where, variables))
    except ValueError:
        raise click.UsageError(f"{_named(where)} holds no public key: openssl pkey -in plan-key.pem -pubout writes one") from None
    if not isinstance(key, Ed25519PublicKey):
        raise click.UsageError(f"{_named(where)} is no Ed25519 public key")
    return key


def signed(document: PlanDocument, key: Ed25519PrivateKey) -> PlanDocument:
    """The document with the signature of that key."""
    value = base64.b64encode(key.sign(signed_bytes(document))).decode("ascii")
    return replace(document, signature=Signature("ed25519", key_id(key.public_key()), value))


def not_signed_by(document: PlanDocument, keys: Sequence[Ed25519PublicKey]) -> str | None:
    """Why no key of these answers for the document; None when one does."""
    from cryptography.exceptions import InvalidSignature

    if document.signature is None:
        return "the plan carries no signature"
    key = next((key for key in keys if key_id(key) == document.signature.key_id), None)
    if key is None:
        return f"the plan is signed with key {document.signature.key_id!r}, which is none of {', '.join(key_id(key) for key in keys)}"
    try:
        key.verify(base64.b64decode(document.signature.value, validate=True), signed_bytes(document))
    except (InvalidSignature, binascii.Error):
        return f"the signature of key {document.signature.key_id} is not one of this plan"
    return None


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _pem(where: str, variables: Mapping[str, str]) -> bytes:
    if where.startswith(_FROM_VARIABLE):
        name = where.removeprefix(_FROM_VARIABLE)
        if not variables.get(name):
            raise click.UsageError(f"the variable {name} is not set")
        return variables[name].encode()
    try:
        with Path(where).open("rb") as file:
            return file.read(_LARGEST_KEY)
    except OSError as error:
        raise click.UsageError(f"cannot read {where}: {error.strerror}") from None


def _named(where: str) -> str:
    return f"the variable {where.removeprefix(_FROM_VARIABLE)}" if where.startswith(_FROM_VARIABLE) else where
