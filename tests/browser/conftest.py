"""A browser for the whole suite, windows on demand, and an embedded Dataverse beside a workspace.

The first three fixtures know nothing of the pages that they are used for.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from tests.browser.windows import DESKTOP_LIGHT, Window

# As root there is no sandbox to be had; the rest keeps the browser from talking to anybody but the page's server.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FLEET = Path(__file__).parents[2] / "environments"
Opens = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium of the system."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(SWITCHES))
        yield launched
        launched.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Opens]:
    """Opens an address (http: or file:) in a window of its own; fails the test if a page had an error of its own to tell."""
    complaints: list[str] = []
    contexts = []

    def opened(address: str, window: Window = DESKTOP_LIGHT) -> Page:
        context = browser.new_context(
            viewport={"width": window.width, "height": window.height}, color_scheme=window.scheme, java_script_enabled=window.script
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said.type, said.text) else None)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(kind: str, text: str) -> bool:
    # A page that answers 400 on purpose is told to the console, too.
    return kind in ("error", "warning") and not text.startswith("Failed to load resource: the server responded with a status of 4")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the environments that come with the project; `rictl` started in it has its state there."""
    shutil.copytree(FLEET, tmp_path / "environments")
    return tmp_path


@pytest.fixture
def dataverse(workspace: Path) -> Iterator[EmbeddedDataverse]:
    """The embedded Dataverse on the state of the workspace, as `rictl emulator serve` would serve it."""
    scenarios = workspace / "environments" / "_emulator"
    names = tuple(sorted(path.stem for path in scenarios.glob("*.yaml")))
    state = workspace / ".rictl" / "emulator.sqlite"
    with EmbeddedDataverse(state, domain=build_domain(CATALOG, scenarios), catalog=CATALOG, organizations=names) as server:
        yield server
