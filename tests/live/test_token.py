"""Signing in through stock MSAL, with a server that answers as Entra ID does."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.live.endpoint import ClientCertificate, ClientSecret, Credential, Endpoint, Secret
from reconciler.live.reader import DataverseReader
from reconciler.live.session import open_session
from reconciler.live.tls import shared_context
from reconciler.live.token import TokenSource
from reconciler.model.errors import Denied, RemoteError, Unreachable
from tests.live.conftest import Rests
from tests.live.service import Service, failure
from tests.live.sign_in import Entra, signing_in, write_robot
from tests.live.wishes import environment, wish

CANARY = "canary-secret-77c1"
TENANT, CLIENT = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


@pytest.fixture
def entra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Entra]:
    # Left alone, requests lets this variable win over the certificates that it is given.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    with signing_in(tmp_path) as found:
        yield found


def endpoint_of(entra: Entra, service: Service, credential: Credential | None = None) -> Endpoint:
    return Endpoint("e", service.url, entra.authority, credential or ClientSecret(TENANT, CLIENT, Secret(CANARY)), entra.ca_file)


def token(endpoint: Endpoint) -> str:
    return asyncio.run(TokenSource(endpoint).token())


def test_a_reading_signs_in_once(entra: Entra, service: Service) -> None:
    async def reading() -> int:
        async with open_session(endpoint_of(entra, service), read_only=True) as session:
            await DataverseReader(session, CATALOG, cache=None).read(environment(wish("who_knows_whom", "enabled")))
            return session.token_requests

    assert asyncio.run(reading()) == 1
    (form,) = entra.forms
    expected = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": CANARY, "scope": f"{service.url}/.default"}
    assert expected == {name: form[name] for name in expected}
    assert {"Bearer token-1"} == {received.headers["authorization"] for received in service.received}
    assert len(service.received) == 2


def test_a_refused_token_is_replaced_once(entra: Entra, service: Service) -> None:
    service.next += [failure(401, "", "expired"), failure(401, "", "still")]

    async def asking() -> int:
        async with open_session(endpoint_of(entra, service), read_only=True, patience=Rests().patience) as session:
            return (await session.get("WhoAmI()")).status

    assert asyncio.run(asking()) == 401
    assert [received.headers["authorization"] for received in service.received] == ["Bearer token-1", "Bearer token-2"]


def test_a_write_after_an_expired_token_is_sent_once_more(entra: Entra, service: Service) -> None:
    service.next += [failure(401, "", "expired")]

    async def asking() -> int:
        async with open_session(endpoint_of(entra, service), read_only=False) as session:
            return (await session.post("PublishXml", {})).status

    assert asyncio.run(asking()) == 404
    assert len(service.received) == 2


@pytest.mark.parametrize(("lifetime", "requests"), [(3599, 1), (200, 2)])
def test_a_token_is_replaced_before_it_expires(entra: Entra, service: Service, lifetime: int, requests: int) -> None:
    entra.lifetime = lifetime

    async def twice() -> int:
        tokens = TokenSource(endpoint_of(entra, service))
        await asyncio.gather(tokens.token(), tokens.token())
        return tokens.requests

    assert asyncio.run(twice()) == requests


@pytest.mark.parametrize(("name", "password"), [("robot.pem", None), ("locked.pem", "canary-password"), ("robot.pfx", "canary-password")])
def test_a_certificate_signs_in_without_any_secret(entra: Entra, service: Service, tmp_path: Path, name: str, password: str | None) -> None:
    write_robot(tmp_path / name, password)
    secret = Secret(password) if password else None
    assert token(endpoint_of(entra, service, ClientCertificate(TENANT, CLIENT, tmp_path / name, secret))) == "token-1"
    (form,) = entra.forms
    assert "client_secret" not in form
    assert form["client_assertion"].count(".") == 2


def test_a_refusal_is_told_without_the_secret(entra: Entra, service: Service) -> None:
    text = f"AADSTS7000215: Invalid client secret provided: {CANARY}.\r\nTrace ID: 1"
    entra.refusal = {"error": "invalid_client", "error_description": text}
    with pytest.raises(Denied) as caught:
        token(endpoint_of(entra, service))
    assert caught.value.why.strip() == "invalid_client: AADSTS7000215: Invalid client secret provided: (secret)."
    assert caught.value.request == f"POST {entra.authority}/{TENANT}/oauth2/v2.0/token"


def broken_certificate(folder: Path) -> ClientCertificate:
    (folder / "broken.pem").write_text("-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n")
    return ClientCertificate(TENANT, CLIENT, folder / "broken.pem", Secret(CANARY))


def locked_certificate(folder: Path) -> ClientCertificate:
    write_robot(folder / "locked.pfx", "other")
    return ClientCertificate(TENANT, CLIENT, folder / "locked.pfx", Secret(CANARY))


def missing_certificate(folder: Path) -> ClientCertificate:
    return ClientCertificate(TENANT, CLIENT, folder / "missing.pem")


def needless_password(folder: Path) -> ClientCertificate:
    write_robot(folder / "open.pem")
    return ClientCertificate(TENANT, CLIENT, folder / "open.pem", Secret(CANARY))


def key_alone(folder: Path) -> ClientCertificate:
    write_robot(folder / "robot.pem")
    key = (folder / "robot.pem").read_text().split("-----BEGIN CERTIFICATE")[0]
    (folder / "key.pem").write_text(key)
    return ClientCertificate(TENANT, CLIENT, folder / "key.pem")


def huge_certificate(folder: Path) -> ClientCertificate:
    (folder / "huge.pem").write_bytes(b"x" * 2_000_000)
    return ClientCertificate(TENANT, CLIENT, folder / "huge.pem")


@pytest.mark.parametrize(
    "make", [broken_certificate, locked_certificate, missing_certificate, needless_password, key_alone, huge_certificate]
)
def test_a_certificate_that_cannot_be_used_is_refused_before_anything_is_sent(
    entra: Entra, service: Service, tmp_path: Path, make: Any
) -> None:
    with pytest.raises(Denied) as caught:
        token(endpoint_of(entra, service, make(tmp_path)))
    assert "cannot sign in: the certificate" in caught.value.what
    assert CANARY not in text_of(caught.value)
    assert entra.forms == []


def test_an_authority_that_does_not_know_the_tenant_is_told(entra: Entra, service: Service) -> None:
    entra.discovery = 400
    with pytest.raises(Denied) as caught:
        token(endpoint_of(entra, service))
    assert "connection.tenantId" in caught.value.hint


def test_an_authority_that_is_not_trusted_gets_nothing(entra: Entra, service: Service) -> None:
    with pytest.raises(Unreachable) as caught:
        token(replace(endpoint_of(entra, service), ca_file=None))
    assert CANARY not in text_of(caught.value)
    assert entra.forms == []


def test_an_authority_that_is_not_there_is_unreachable(entra: Entra, service: Service) -> None:
    with pytest.raises(Unreachable):
        token(replace(endpoint_of(entra, service), authority="https://127.0.0.1:9"))


def test_a_redirect_of_the_authority_does_not_carry_the_secret_along(entra: Entra, service: Service) -> None:
    entra.elsewhere = f"{entra.authority}/somebody/else"
    with pytest.raises(Unreachable):
        token(endpoint_of(entra, service))
    assert len(entra.forms) == 1


def test_an_authority_behind_a_proxy_is_reached_through_it(entra: Entra, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", service.url)
    with pytest.raises(Unreachable):
        token(replace(endpoint_of(entra, service), authority="https://login.example"))
    assert {(received.method, received.path) for received in service.received} == {("CONNECT", "login.example:443")}


def test_the_process_has_one_tls_context(entra: Entra) -> None:
    assert shared_context(entra.ca_file) is shared_context(Path(str(entra.ca_file)))
    assert shared_context(None).verify_mode == ssl.CERT_REQUIRED
    assert shared_context(None) is not shared_context(entra.ca_file)


def test_certificates_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(Denied, match=name):
            shared_context(tmp_path / name)


def text_of(error: RemoteError) -> str:
    return f"{error!r} {error.what} {error.why} {error.hint} {error.request} {error.__cause__!r}"
