"""Two emulators for the whole suite, one over TLS and one over plain HTTP, and an organization for every file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.serving import Served, serving

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
ORGANIZATIONS = ("contoso", "rows", "queries", "definitions", "batches", "frames", "later", "generic", "sign-in", "samples")


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The emulator that every client of this process trusts by its certificate file, and by nothing else."""
    with serving(tmp_path_factory.mktemp("tls"), ORGANIZATIONS, "--tls") as served, pytest.MonkeyPatch.context() as surroundings:
        for name in PROXIES:
            surroundings.delenv(name, raising=False)
        for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            surroundings.setenv(name, str(served.certificate))
        yield served


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("plain"), ("script", "other")) as served:
        yield served
