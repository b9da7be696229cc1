"""Recognises what looks like a secret, so that it is refused without being repeated in the log of a pipeline. Pure."""

from __future__ import annotations

import re

_NAMES = r"secret|passw|pwd|token|credential|private|certificate|api_?-?key|access_?-?key"
_KEY = re.compile(_NAMES, re.IGNORECASE)
_LINE = re.compile(rf"({_NAMES})[\w-]*[\"']?\s*:|://[^/\s]*@", re.IGNORECASE)


def looks_secret(key: str) -> bool:
    """Whether a key is named like a secret."""
    return _KEY.search(key) is not None


def holds_secret(line: str) -> bool:
    """Whether a line gives a value to such a key, or an address with a user's name or password."""
    return _LINE.search(line) is not None
