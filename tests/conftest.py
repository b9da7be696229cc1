"""What every area of the tests shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from reconciler.emulator.server import EmbeddedDataverse


@pytest.fixture(autouse=True)
def _on_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may themselves run in a pipeline; what they test does not know."""
    for name in list(os.environ):
        if name == "TF_BUILD" or name.startswith(
            ("GITHUB_", "AGENT_", "SYSTEM_", "BUILD_", "RICTL_CI", "RICTL_REPORT", "RICTL_DOCS", "RICTL_BASE")
        ):
            monkeypatch.delenv(name)


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    """An embedded Dataverse with the real domain; every organization in it is the standard one, fresh."""
    # Imported here, so that collecting the tests stays cheap.
    from reconciler.catalog.register import CATALOG
    from reconciler.emulator.domain import build_domain
    from reconciler.emulator.server import EmbeddedDataverse

    with EmbeddedDataverse(tmp_path / "emulator.sqlite", domain=build_domain(CATALOG, None), catalog=CATALOG) as server:
        yield server
