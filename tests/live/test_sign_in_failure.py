"""Why nobody could sign in, in words, and without anything that was sent."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import replace

import pytest
import requests

from reconciler.live.endpoint import ClientSecret, Endpoint, Secret
from reconciler.live.sign_in_failure import why_no_answer
from reconciler.live.token import TokenSource
from reconciler.model.errors import Unreachable

CANARY = "canary-secret-77c1"
TENANT = "11111111-1111-1111-1111-111111111111"


def why(authority: str) -> str:
    endpoint = Endpoint("e", "https://contoso.crm4.dynamics.com", authority, ClientSecret(TENANT, TENANT, Secret(CANARY)))
    with pytest.raises(Unreachable) as caught:
        asyncio.run(TokenSource(replace(endpoint)).token())
    assert CANARY not in f"{caught.value.what}{caught.value.why}{caught.value.hint}"
    return str(caught.value.why)


def test_a_refused_connection_is_called_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert why(f"https://127.0.0.1:{port}") == f"127.0.0.1:{port} refused the connection"


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (requests.ConnectionError(OSError(socket.gaierror(-2, "Name or service not known"))), "the name login.example was not found"),
        (requests.ConnectTimeout(f"secret {CANARY}"), "login.example did not answer within 30 s"),
        (requests.ConnectionError(TimeoutError("timed out")), "login.example did not answer within 30 s"),
        (requests.exceptions.ProxyError(CANARY), "the proxy on the way to login.example did not let it through"),
        (requests.exceptions.SSLError(untrusted()), "the certificate of login.example is not trusted: self-signed certificate"),
        (
            requests.TooManyRedirects(CANARY),
            "login.example answered with a redirect, which is not followed: it would carry the secret along",
        ),
        (
            requests.ConnectionError(OSError(104, "Connection reset by peer")),
            "the connection to login.example failed: Connection reset by peer",
        ),
        (requests.ConnectionError(CANARY), "the connection to login.example failed: ConnectionError"),
    ],
)
def test_each_cause_has_its_words(error: Exception, said: str) -> None:
    assert why_no_answer(error, "https://login.example", 30) == said


def test_errors_that_wrap_themselves_end() -> None:
    error = requests.ConnectionError("a")
    error.args = (error, requests.ConnectionError(error))

    assert why_no_answer(error, "https://login.example", 30) == "the connection to login.example failed: ConnectionError"
