"""A server with the toy domain, one for each test; start-up is cheap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.toy import CATALOG, ToyDomain
from tests.emulator.wire import Client


@pytest.fixture
def toy_server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=ToyDomain(), catalog=CATALOG, organization="toy") as server:
        yield server


@pytest.fixture
def api(toy_server: EmbeddedDataverse) -> Client:
    return Client(toy_server, toy_server.token())
