"""Registers applications and their proofs, approves device codes and sets how signing in goes. Writes to the state file."""

from __future__ import annotations

from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from reconciler.emulator.control.instruments import Asked, Instruments, Told
from reconciler.emulator.domain.identity import stable_id
from reconciler.emulator.identity.directory import EXCHANGE_AUDIENCE, WORKLOAD_SUBJECT, Application, ClientSecret, Federation
from reconciler.emulator.identity.entra.policies import REFUSALS
from reconciler.emulator.identity.entra.proofs import thumbprint_of
from reconciler.emulator.identity.workloads import variables

_RULES = ("refuse", "token_seconds", "device_code_seconds", "interval_seconds")
_MOST_TEXT = 65_536


def register(instruments: Instruments, asked: Asked) -> Told:
    """Registers the application "name" with "id" (else one that follows from the name), "secret", "expired" (of that secret), "public"."""
    name = _text(asked, "name")
    secret = asked.get("secret")
    secrets = (ClientSecret(value=str(secret), expired=bool(asked.get("expired"))),) if secret else ()
    id = str(asked.get("id") or stable_id("application", name)).lower()
    instruments.directory.register(Application(id=id, name=name, secrets=secrets, public=bool(asked.get("public"))))
    return {"id": id, "name": name}


def certificate(instruments: Instruments, asked: Asked) -> Told:
    """Lets "application" (else rictl's own) prove itself by the certificate "pem"; tells its thumbprint."""
    instruments.directory.known(asked.get("application"))
    pem = _text(asked, "pem")
    read = x509.load_pem_x509_certificate(pem.encode())
    if not isinstance(read.public_key(), rsa.RSAPublicKey):
        raise ValueError("the certificate has no RSA key, and Entra ID takes no other")

    def with_it(application: Application) -> Application:
        kept = tuple(known for known in application.certificates if known != pem)
        return application.model_copy(update={"certificates": (*kept, pem)})

    application = instruments.directory.change(asked.get("application"), with_it)
    thumbprint = thumbprint_of(read).hex().upper()
    return {"application": application.id, "thumbprint": thumbprint}


def federation(instruments: Instruments, asked: Asked) -> Told:
    """Lets "application" prove itself by tokens of "issuer" (else the emulator's own) about "subject" for "audience".

    A foreign issuer is never asked: its "keys" (JSON Web Keys) come along.
    """
    issuer = str(asked.get("issuer") or instruments.directory.issuer)
    keys = asked.get("keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys) or len(keys) > 20:
        raise ValueError("keys is a list of up to 20 JSON Web Keys")
    if issuer != instruments.directory.issuer and not keys:
        raise ValueError(f"the issuer {issuer[:200]} is not the emulator's own, so its keys are needed")
    for key in keys:
        _check_key(key)
    subject, audience = str(asked.get("subject") or WORKLOAD_SUBJECT), str(asked.get("audience") or EXCHANGE_AUDIENCE)
    made = Federation(issuer=issuer, subject=subject, audience=audience, keys=tuple(keys))

    def with_it(application: Application) -> Application:
        about = (issuer, subject, audience)
        kept = tuple(known for known in application.federations if (known.issuer, known.subject, known.audience) != about)
        return application.model_copy(update={"federations": (*kept, made)})

    application = instruments.directory.change(asked.get("application"), with_it)
    return {"application": application.id, "issuer": issuer, "subject": subject, "audience": audience}


def device(instruments: Instruments, asked: Asked) -> Told:
    """Approves the device code "user_code" as the person "user" (full name or sign-in name), or with "decline" refuses it."""
    code, declines = _text(asked, "user_code"), bool(asked.get("decline"))
    user = None if declines else _text(asked, "user")
    if not instruments.devices.decide(code, user):
        raise ValueError("nobody waits for this code")
    return {"user_code": code, "user": user}


def tell(instruments: Instruments, _asked: Asked) -> Told:
    """How signing in goes, and the environment variables that lead clients to the emulator's managed identities and issuers."""
    return {**instruments.directory.rules().model_dump(mode="json"), "variables": variables(instruments.audience)}


def rule(instruments: Instruments, asked: Asked) -> Told:
    """Changes "refuse" (null: nobody), "token_seconds", "device_code_seconds", "interval_seconds"; "revoke" names a person to sign out."""
    unknown = sorted(set(asked) - {*_RULES, "revoke"})
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)[:200]}; known are {', '.join(_RULES)}, revoke")
    refuse = asked.get("refuse")
    if refuse is not None and (not isinstance(refuse, str) or refuse not in REFUSALS):
        raise ValueError(f"refuse is null or one of {', '.join(REFUSALS)}")
    revoked = None if asked.get("revoke") is None else _text(asked, "revoke")
    changes = {name: asked[name] for name in _RULES if name in asked}
    return instruments.directory.set_rules(changes, revoked).model_dump(mode="json")


def _check_key(key: dict[str, Any]) -> None:
    try:
        jwt.PyJWK(key, "RS256")
    except jwt.PyJWTError as error:
        raise ValueError(f"not a public RSA key as a JSON Web Key: {error}") from None


def _text(asked: Asked, name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > _MOST_TEXT:
        raise ValueError(f"{name} is a text")
    return value
