"""Finds what the pages of docs/ say of each code. Reads them from the package, or from the checkout beside it."""

from __future__ import annotations

import re
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_FOLDERS = (_PACKAGE / "explanations", _PACKAGE.parent / "docs")
"""An installed package carries the pages; a checkout has them where people read them."""
_PAGES = ("errors.md", "objections.md")
_HEADING = re.compile(r"^### ([a-z][a-z-]*)$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def explanations() -> dict[str, str]:
    """Code -> its explanation as text. FileNotFoundError when the pages are not installed."""
    found: dict[str, str] = {}
    for page in _PAGES:
        pieces = _HEADING.split(_text(page))
        for code, text in zip(pieces[1::2], pieces[2::2], strict=True):
            # A section ends where the next chapter begins.
            found[code] = _LINK.sub(r"\1", text.split("\n## ")[0]).strip()
    return found


def pages(documentation: str | None) -> dict[str, str]:
    """Code -> the address of its explanation, below the address at which docs/ is published; nothing without one."""
    if not documentation:
        return {}
    address = documentation.rstrip("/")
    return {code: f"{address}/{page}#{code}" for page in _PAGES for code in _HEADING.findall(_text(page))}


def _text(page: str) -> str:
    for folder in _FOLDERS:
        if (folder / page).is_file():
            return (folder / page).read_text(encoding="utf-8")
    raise FileNotFoundError(2, "this installation lacks its explanations", page)
