"""Makes and uses the one key with which the embedded Entra ID signs its tokens (RS256). Touches nothing but chance."""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_ALGORITHM = "RS256"


@functools.cache
def new_key() -> str:
    """A private key as PEM. One a process is enough: a state file keeps the first one that it is offered."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(pem, pkcs8, serialization.NoEncryption()).decode("ascii")


class SigningKey:
    """Signs claims, and tells the claims of what it signed."""

    def __init__(self, pem: str) -> None:
        key = serialization.load_pem_private_key(pem.encode("ascii"), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self._key = key
        public = key.public_key()
        numbers = public.public_numbers()
        self._public = public
        self._modulus, self._exponent = (_number(value) for value in (numbers.n, numbers.e))
        self.id = _text(hashlib.sha1(self._modulus.encode(), usedforsecurity=False).digest())

    def sign(self, claims: dict[str, Any]) -> str:
        """A JWT with these claims; its header names the key as those of Entra ID do."""
        return jwt.encode(claims, self._key, _ALGORITHM, headers={"kid": self.id, "x5t": self.id})

    def claims(self, token: str) -> dict[str, Any] | None:
        """The claims of a JWT that this key signed; None for any other text. Times and audiences are left to the caller."""
        return verified(token, self._public, (_ALGORITHM,))

    def described(self, issuer: str) -> dict[str, str]:
        """The public half as a JSON Web Key."""
        return {"kty": "RSA", "use": "sig", "kid": self.id, "x5t": self.id, "n": self._modulus, "e": self._exponent, "issuer": issuer}


def verified(token: str, key: Any, algorithms: tuple[str, ...]) -> dict[str, Any] | None:
    """The claims of a JWT whose signature this public key proves; None otherwise. Nothing but the signature is checked."""
    unchecked = {f"verify_{name}": False for name in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
    try:
        return jwt.decode(token, key, list(algorithms), options=unchecked)  # type: ignore[arg-type]
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None


def unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a JWT that nobody checked yet; both empty when the text is none."""
    try:
        parts = jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return {}, {}
    return dict(parts["header"]), dict(parts["payload"])


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
