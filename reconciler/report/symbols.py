"""The five symbols of a plan, what they mean, and their colours on a terminal. Pure.

Meaning never depends on colour: it is added at the very end, by the symbol that a line begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from reconciler.model.change import Change, SettingsChange, WidgetChange

LEGEND = (
    ("-", "disable or remove"),
    ("+", "enable or add"),
    ("~", "change"),
    ("!", "refused"),
    ("?", "not known"),
)
"""Also the order of the table: what takes something away stands first."""

_COLORS = {"-": "31", "+": "32", "~": "33", "!": "35", "?": "36"}
_MARKED = re.compile(r"^( *)([-+~!?])( )", re.MULTILINE)


def symbol_of(change: Change) -> str:
    """The symbol of one change."""
    match change:
        case SettingsChange(action=action):
            return {"enable": "+", "disable": "-", "change": "~"}[action]
        case WidgetChange(action=action):
            return {"add": "+", "remove": "-"}.get(action, "~")
        case _:
            assert_never(change)


def legend(used: Iterable[str]) -> str:
    """One line that explains the symbols that occur, and no others."""
    present = frozenset(used)
    return "   ".join(f"{symbol} {meaning}" for symbol, meaning in LEGEND if symbol in present)


def colored(text: str) -> str:
    """The text with ANSI colours on the symbols that begin its lines."""
    return _MARKED.sub(lambda found: f"{found[1]}\x1b[{_COLORS[found[2]]}m{found[2]}\x1b[0m{found[3]}", text)
