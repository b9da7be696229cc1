"""The Web API over TLS, for clients that refuse plain HTTP."""

from __future__ import annotations

import json
import re
import signal
import ssl
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.toy import CATALOG, ToyDomain
from tests.emulator.wire import Reply, send


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=ToyDomain(), catalog=CATALOG, organization="toy", tls=True) as found:
        yield found


def ask(server: EmbeddedDataverse, method: str, path: str, data: object = None, **headers: str) -> Reply:
    sent = {"Authorization": f"Bearer {server.token()}", "Content-Type": "application/json", **headers}
    body = None if data is None else json.dumps(data).encode()
    return send(method, f"{server.root}{path}", body, sent, ssl.create_default_context(cafile=str(server.ca_file)))


def test_whoever_trusts_the_authority_needs_nothing_else(server: EmbeddedDataverse) -> None:
    assert server.root.startswith("https://127.0.0.1:")
    assert server.url("toy") == f"{server.root}/toy"
    assert ask(server, "GET", "/toy/api/data/v9.2/WhoAmI").status == 200


def test_whoever_does_not_trust_it_is_not_connected(server: EmbeddedDataverse) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        send("GET", f"{server.root}/toy/api/data/v9.2/WhoAmI", context=ssl.create_default_context())


def test_every_link_is_https(server: EmbeddedDataverse) -> None:
    root = f"{server.root}/toy/api/data/v9.2/"
    made = ask(server, "POST", "/toy/api/data/v9.2/accounts", {"name": "A"})
    assert str(made.headers["OData-EntityId"]).startswith(f"{root}accounts(")
    ask(server, "POST", "/toy/api/data/v9.2/accounts", {"name": "B"})

    page = ask(server, "GET", "/toy/api/data/v9.2/accounts?$select=name", Prefer="odata.maxpagesize=1").body
    assert page["@odata.context"].startswith(f"{root}$metadata#accounts")
    assert page["@odata.nextLink"].startswith(f"{root}accounts?")
    rest = page["@odata.nextLink"].removeprefix(server.root)
    assert ask(server, "GET", rest).status == 200

    refused = ask(server, "GET", "/toy/api/data/v9.2/WhoAmI", Authorization="Bearer no")
    assert refused.status == 401
    assert str(refused.headers["WWW-Authenticate"]).endswith(f", resource_id={server.root}/toy/")


def test_control_requests_come_over_tls_too_but_not_from_a_web_page(server: EmbeddedDataverse) -> None:
    assert ask(server, "GET", "/_emulator/v1/clock").status == 200
    assert ask(server, "GET", "/_emulator/v1/clock", Origin=server.root).status == 200
    assert ask(server, "GET", "/_emulator/v1/clock", Origin=server.root.replace("https", "http")).status == 403


def test_what_is_printed_is_https(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    words = [sys.executable, "-m", "reconciler", "emulator", "serve", "--tls", "--organization", "demo", "--token", "T"]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        text = ""
        for line in process.stdout:
            text += line
            if line.startswith("  clock and more"):
                break
        assert "http://" not in text
        found = re.search(r"  demo +(https://127\.0\.0\.1:\d+/demo/api/data/v9\.2/)\n", text)
        assert found
        trusting = ssl.create_default_context(cafile=str(tmp_path / ".rictl" / "emulator-ca.pem"))
        assert send("GET", f"{found[1]}WhoAmI", None, {"Authorization": "Bearer T"}, trusting).status == 200
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
