"""Turns text from files and from the remote side into text that is safe to show on a terminal. Pure."""

from __future__ import annotations

import unicodedata

# Other letters of these categories are harmless; these ones move the cursor, colour the screen or reverse the reading order:
# controls (Cc), invisible formatting such as bidirectional overrides (Cf), lone surrogates (Cs), private use (Co),
# and the separators of lines and paragraphs (Zl, Zp).
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def escape(text: str) -> str:
    r"""The text on one line, every character visible: `a\x1b[31m` comes out as those eight characters and not as red.

    >>> escape("plain, \u00e4 and \u4e2d")
    'plain, ä and 中'
    >>> escape("two\nlines \u202e!")
    'two\\nlines \\u202e!'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def escape_lines(text: str) -> str:
    """As `escape`, but the text keeps its lines."""
    return "\n".join(escape(line) for line in text.split("\n"))


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
