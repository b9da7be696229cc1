"""The report of a plan in a real browser: read by everybody, with a keyboard, on paper, and with names that would like to do something."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from reconciler.catalog.register import CATALOG
from reconciler.report.formats.book import Style, render
from tests.browser.accessibility import axe, is_wider_than_its_window
from tests.browser.conftest import Opens
from tests.browser.windows import DESKTOP_LIGHT, PHONE_LIGHT, WINDOWS, WITHOUT_SCRIPT, Window
from tests.report.test_hostile import CORPUS, worded
from tests.report.worlds import RUNS

Writes = Callable[[str, Any], str]


@pytest.fixture
def written(tmp_path: Path) -> Writes:
    """Writes the page of a run and says its address."""

    def write(name: str, run: Any) -> str:
        path = tmp_path / f"{name}.html"
        path.write_text(f"{render('html', run, Style(catalog=CATALOG))}\n", encoding="utf-8")
        return path.as_uri()

    return write


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("subject", ["plan", "apply"])
def test_everybody_can_read_the_report_in_every_window(written: Writes, browser_page: Opens, subject: str, window: Window) -> None:
    page = browser_page(written(subject, RUNS[subject]()), window)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

    assert axe(page) == []
    assert not is_wider_than_its_window(page)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1] == []


def test_the_plan_of_a_whole_fleet_is_one_page(workspace: Path, browser_page: Opens) -> None:
    words = ("plan", "--out", "plan.bin", "--format", "html=report.html")
    done = subprocess.run([sys.executable, "-m", "reconciler", *words], cwd=workspace, capture_output=True, text=True, check=True)

    page = browser_page((workspace / "report.html").as_uri(), PHONE_LIGHT)

    assert page.get_by_role("heading", level=1).inner_text() == done.stdout.splitlines()[-1]
    assert page.get_by_role("heading", level=2).count() == 5
    expect(page.locator(".facts")).to_contain_text("SHA-256 of the plan file")
    assert page.locator(".facts code").first.inner_text() in done.stderr
    assert axe(page) == []
    assert not is_wider_than_its_window(page)


def test_one_gets_everywhere_with_the_keyboard(written: Writes, browser_page: Opens) -> None:
    page = browser_page(written("plan", RUNS["plan"]()))
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "contoso-test"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Space")
    expect(page.locator("article details").first).not_to_have_attribute("open", "")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_a_drawing_can_be_made_larger_without_script(written: Writes, browser_page: Opens) -> None:
    page = browser_page(written("plan", RUNS["plan"]()), WITHOUT_SCRIPT)
    drawing = page.locator("figure img").first
    small = drawing.bounding_box()
    page.locator("label.larger").first.click()
    large = drawing.bounding_box()

    assert small is not None
    assert large is not None
    assert large["width"] > 1.5 * small["width"]


def test_the_forms_are_really_drawn(workspace: Path, browser_page: Opens) -> None:
    words = ("plan", "contoso-dev", "--format", "html=report.html")
    subprocess.run([sys.executable, "-m", "reconciler", *words], cwd=workspace, capture_output=True, check=True)
    page = browser_page((workspace / "report.html").as_uri())

    assert page.evaluate("[...document.images].map(i => i.complete && i.naturalWidth)") == [1920, 1920]


def test_on_paper_everything_is_unfolded(written: Writes, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 794, "height": 1123})
    page = context.new_page()
    page.goto(written("plan", RUNS["plan"]()))
    folded = page.locator("#environment-2 details, article:last-of-type > details").last
    assert folded.get_attribute("open") is None
    page.emulate_media(media="print")

    expect(page.get_by_text("Nothing would change")).to_be_visible()
    expect(page.locator("pre").first).to_be_visible()
    assert not is_wider_than_its_window(page)
    pdf = page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") >= 2
    context.close()


@pytest.mark.parametrize("subject", ["plan", "apply"])
def test_hostile_names_do_nothing_in_a_browser(written: Writes, browser: Browser, subject: str) -> None:
    context = browser.new_context(viewport={"width": DESKTOP_LIGHT.width, "height": DESKTOP_LIGHT.height})
    page = context.new_page()
    heard: list[str] = []
    address = written(subject, worded(subject, " ".join(CORPUS.values()).replace("\ud800", "").replace("\udfff", "")))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.on("console", lambda said: heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url) if request.url != address and "data:image" not in request.url else None)
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.mouse.move(600, 400)

    assert heard == []
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("[...document.links].filter(a => !a.hash).map(a => a.hostname)") == []
    assert not is_wider_than_its_window(page)
    context.close()
