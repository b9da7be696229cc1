"""Turns a value into JSON text that is safe wherever it is printed. Pure."""

from __future__ import annotations

import json
from typing import Any


def ascii_json(value: Any) -> str:
    """The value as JSON in ASCII: no control character of a name reaches a terminal, and no line is a command to a build server.

    `##` opens such commands (see log_text.py). Two of them can stand side by side only inside a string, where an escape means the same.
    """
    return json.dumps(value, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f").replace("##", "#\\u0023")
