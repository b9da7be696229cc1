"""What every area of the tests shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from reconciler.emulator.server import EmbeddedDataverse


@pytest.fixture(autouse=True)
def _on_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may themselves run in a pipeline; what they test does not know."""
    for name in ("GITHUB_ACTIONS", "TF_BUILD", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "RICTL_CI", "RICTL_REPORT_URL", "RICTL_DOCS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    """An embedded Dataverse with the real domain; every organization in it is the standard one, fresh."""
    # Imported here, so that collecting the tests stays cheap.
    from reconciler.catalog.register import CATALOG
    from reconciler.emulator.domain import build_domain
    from reconciler.emulator.server import EmbeddedDataverse

    with EmbeddedDataverse(tmp_path / "emulator.sqlite", domain=build_domain(CATALOG, None), catalog=CATALOG) as server:
        yield server
