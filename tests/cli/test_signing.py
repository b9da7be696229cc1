"""Who answers for a plan file: signatures, expected digests, and what refuses them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from reconciler.model.exit_codes import DONE, REFUSED, USAGE
from reconciler.report.plan_document import document_json, parse_document

Rictl = Callable[..., tuple[int, str, str]]


def private_pem(key: Ed25519PrivateKey, encryption: KeySerializationEncryption | None = None) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()).decode()


def public_pem(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def keys(workspace: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    (workspace / "key.pem").write_text(private_pem(key), encoding="utf-8")
    (workspace / "key.pub").write_text(public_pem(key), encoding="utf-8")
    (workspace / "other.pub").write_text(public_pem(Ed25519PrivateKey.generate()), encoding="utf-8")
    return key


@pytest.mark.usefixtures("keys")
def test_a_signed_plan_is_applied_by_those_who_ask_for_the_signature(rictl: Rictl, workspace: Path) -> None:
    code, _, err = rictl("plan", "small", "--out", "plan.json", "--sign", "key.pem")
    digest = hashlib.sha256((workspace / "plan.json").read_bytes()).hexdigest()

    assert (code, digest in err) == (DONE, True)
    code, out, err = rictl("apply", "plan.json", "--verify", "other.pub", "--verify", "key.pub", "--expect-sha256", digest.upper())
    assert (code, "1 of 1 environment converged" in out, digest in err) == (DONE, True, True)


@pytest.mark.usefixtures("keys")
def test_what_nobody_vouches_for_is_refused_before_anything_is_read(rictl: Rictl, workspace: Path) -> None:
    rictl("plan", "small", "--out", "unsigned.json")
    rictl("plan", "small", "--out", "signed.json", "--sign", "key.pem")
    document = parse_document((workspace / "signed.json").read_text(encoding="utf-8"))
    forged = json.loads((workspace / "unsigned.json").read_text(encoding="utf-8"))
    forged["signature"] = json.loads((workspace / "signed.json").read_text(encoding="utf-8"))["signature"]
    (workspace / "forged.json").write_text(json.dumps(forged), encoding="utf-8")

    assert not isinstance(document, tuple)
    assert document_json(document) + "\n" == (workspace / "signed.json").read_text(encoding="utf-8")
    for words, said in (
        (("unsigned.json", "--verify", "key.pub"), "the plan carries no signature"),
        (("signed.json", "--verify", "other.pub"), "which is none of"),
        (("forged.json", "--verify", "key.pub"), "is not one of this plan"),
        (("signed.json", "--expect-sha256", "0" * 64), "not the expected 000"),
    ):
        code, out, err = rictl("apply", *words)
        assert (code, out, said in err, "Nothing was written" in err) == (REFUSED, "", True, True)


def test_keys_come_from_variables_and_may_be_encrypted(rictl: Rictl, keys: Ed25519PrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAN_KEY", private_pem(keys, BestAvailableEncryption(b"open sesame")))
    monkeypatch.setenv("PLAN_PUBLIC_KEY", public_pem(keys))

    code, _, err = rictl("plan", "small", "--out", "plan.json", "--sign", "env:PLAN_KEY")
    assert (code, "an encrypted key needs RICTL_SIGNING_PASSPHRASE" in err, "sesame" in err) == (USAGE, True, False)
    monkeypatch.setenv("RICTL_SIGNING_PASSPHRASE", "open sesame")
    code, out, err = rictl("plan", "small", "--out", "plan.json", "--sign", "env:PLAN_KEY")
    assert (code, "sesame" in out + err) == (DONE, False)
    code, _, _ = rictl("apply", "plan.json", "--verify", "env:PLAN_PUBLIC_KEY")
    assert code == DONE


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "small", "--sign", "key.pem"), "--sign signs the file of --out"),
        (("plan", "small", "--out", "p", "--sign", "nowhere.pem"), "cannot read nowhere.pem"),
        (("plan", "small", "--out", "p", "--sign", "env:NOT_SET"), "the variable NOT_SET is not set"),
        (("plan", "small", "--out", "p", "--sign", "key.pub"), "holds no private key"),
        (("plan", "small", "--out", "p", "--sign", "curve.pem"), "is no Ed25519 key"),
        (("apply", "small", "--auto-approve", "--verify", "key.pub"), "are about a saved plan"),
        (("apply", "small", "--auto-approve", "--expect-sha256", "00"), "are about a saved plan"),
        (("apply", "plan.json", "--verify", "key.pem"), "holds no public key"),
        (("apply", "plan.json", "--verify", "curve.pub"), "is no Ed25519 public key"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.usefixtures("keys")
def test_a_key_that_cannot_be_used_is_wrong_usage(rictl: Rictl, workspace: Path, words: tuple[str, ...], said: str) -> None:
    curve = generate_private_key(SECP256R1())
    (workspace / "curve.pem").write_bytes(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (workspace / "curve.pub").write_bytes(curve.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    rictl("plan", "small", "--out", "plan.json", "--sign", "key.pem")

    code, out, err = rictl(*words)

    assert (code, out, said in err) == (USAGE, "", True)
