"""How values, types and paths are named in a diagnostic. Pure."""

from __future__ import annotations

from reconciler.desired.bounds import INTEGER_DIGITS
from reconciler.desired.tree import Path

SINGULAR = {
    "string": "text",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "object": "a mapping",
    "array": "a list",
}
_SAID_YES = frozenset({"yes", "on", "y", "true", "enabled"})
_SAID_NO = frozenset({"no", "off", "n", "false", "disabled"})


def path_words(path: Path) -> str:
    """The last key of a path, with the positions that follow it: `securityRoles[2]` for the third role."""
    keys = [index for index, step in enumerate(path) if isinstance(step, str)]
    if not keys:
        return "the file"
    return "`" + "".join(f"[{step}]" if isinstance(step, int) else step for step in path[keys[-1] :])[:120] + "`"


def as_written(value: object) -> str:
    """A value in a sentence, short."""
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f"`{value[:80]}`" if value else "empty text"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return f"`{value}`"


def type_hint(value: object, wanted: str) -> str | None:
    """How the value would be written as the wanted type."""
    if wanted == "boolean" and isinstance(value, str):
        for words, meant in ((_SAID_YES, "true"), (_SAID_NO, "false")):
            if value.lower() in words:
                return f"write `{meant}`, without quotes: other words are text in YAML 1.2"
    if wanted == "string" and not isinstance(value, dict | list):
        return f'write it in quotes: "{str(value).lower() if isinstance(value, bool) else value}"'
    if wanted == "integer" and isinstance(value, str) and value.isdecimal() and len(value) <= INTEGER_DIGITS:
        return "remove the quotes"
    if wanted == "array" and not isinstance(value, dict | list):
        return f"write it as a list: [{value}]"[:120]
    return None
