"""Asks axe-core what is wrong with a page for people who do not see it, do not see it well, or use no mouse."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")


def axe(page: Page) -> list[str]:
    """The violations in the page as it stands: one line for each rule, with the elements. Works under any content policy."""
    page.evaluate(_source())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    lines = []
    for violation in found["violations"]:
        places = "; ".join(str(node["target"]) for node in violation["nodes"][:5])
        lines.append(f"{violation['id']} ({violation['impact']}): {violation['help']} at {places}")
    return lines


def is_wider_than_its_window(page: Page) -> bool:
    """Whether one has to scroll the page sideways to read it."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
