"""Turns the text of an unquoted YAML scalar into a value by the core rules of YAML 1.2, where `no` and `on` are text. Pure."""

from __future__ import annotations

import re

from reconciler.desired.bounds import INTEGER_DIGITS
from reconciler.desired.tree import Plain

_WORDS: dict[str, Plain] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
}  # fmt: skip
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NUMBERS_START_WITH = frozenset("-+.0123456789")


def value_of(text: str) -> Plain:
    """What the text means when it is not quoted. Numbers of more digits than anything here counts stay text.

    >>> [value_of(text) for text in ("no", "TRUE", "0o17", "017", "1e3", "~", "12:30")]
    ['no', True, 15, 17, 1000.0, None, '12:30']
    """
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _NUMBERS_START_WITH else text


def _number(text: str) -> Plain:
    if len(text) <= INTEGER_DIGITS:
        if _DECIMAL.fullmatch(text):
            return int(text)
        if _OCTAL.fullmatch(text):
            return int(text[2:], 8)
        if _HEXADECIMAL.fullmatch(text):
            return int(text[2:], 16)
        if _FLOAT.fullmatch(text):
            return float(text)
    infinite = _INFINITY.fullmatch(text)
    return float(f"{infinite[1]}inf") if infinite else text
