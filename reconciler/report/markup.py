"""Turns untrusted text into Markdown and HTML in which it is only ever text. Pure."""

from __future__ import annotations

import html
import re

from reconciler.report.escape import escape

_ACTIVE = re.compile(r"[\\`*_\[\]~]")
"""What Markdown takes for more than a character anywhere in a line."""
_LINKING = re.compile(r"[@#|]|:(?=//)|:(?=[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
"""What a page that shows Markdown makes links, mentions and pictures of, and the bar that ends a cell of a table."""
_BEGINNING = re.compile(r"^(?:[ ]+|[-+=]|\d+(?=[.)]))")
"""What would make a list, a heading or a block of code of the line that it begins."""
_TICKS = re.compile(r"`+")
LONGEST = 300
"""Characters of one name or value that are shown; the middle of a longer one is left out, and that is said."""


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text, or its beginning and end around a count of what is left out."""
    if len(text) <= longest:
        return text
    kept = longest // 2
    return f"{text[:kept]} …{len(text) - 2 * kept:,} characters… {text[-kept:]}"


def plain(text: str, longest: int = LONGEST) -> str:
    """The text inside a paragraph or a cell of a table: nothing in it is a link, a tag, a mention or a line end."""
    safe = html.escape(escape(shortened(text, longest)), quote=False)
    inline = _ACTIVE.sub(r"\\\g<0>", _LINKING.sub(lambda found: f"&#{ord(found[0])};", safe))
    return _BEGINNING.sub(lambda found: "".join(f"&#{ord(character)};" for character in found[0]), inline)


def code(text: str, longest: int = LONGEST) -> str:
    """The text as code, in a fence that is longer than any inside it. A bar would end a cell of a table, even in code."""
    shown = escape(shortened(text, longest))
    if "|" in shown or not shown.strip():
        return f"<code>{plain(text, longest)}</code>" if shown.strip() else plain(text, longest)
    fence = "`" * (max((len(run) for run in _TICKS.findall(shown)), default=0) + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def fenced(text: str, language: str = "text") -> list[str]:
    """Several lines as a block of code, in a fence that nothing inside can end."""
    lines = [escape(line) for line in text.split("\n")]
    fence = "`" * max(3, max((len(run) for line in lines for run in _TICKS.findall(line)), default=0) + 1)
    return [f"{fence}{language}", *lines, fence]
