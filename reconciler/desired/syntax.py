"""Turns what libyaml complains of into a diagnostic in words. Pure."""

from __future__ import annotations

import yaml

from reconciler.desired.codes import about_file, finding
from reconciler.desired.tree import Place
from reconciler.model.diagnostic import Diagnostic

_HINTS = (
    ("mapping values are not allowed", "text that holds `: ` needs quotes; or check the indentation of this line"),
    ("could not find expected ':'", "a key ends in `:` and one space"),
    ("did not find expected key", "check the indentation: keys of one section stand below each other"),
    ("did not find expected '-' indicator", "check the indentation: list entries stand below each other, each after `- `"),
    ("did not find expected ',' or", "a `[` or `{` is not closed, or a comma is missing"),
    ("unexpected end of stream", "a quote is not closed"),
    ("cannot start any token", "text that starts with this character needs quotes"),
)


def syntax_finding(error: yaml.YAMLError, text: str, file: str) -> Diagnostic:
    """Where reading stopped, and why. Nothing after that place was read."""
    if isinstance(error, yaml.reader.ReaderError):
        return _unreadable_character(error, text, file)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return about_file("yaml-syntax", "the file is no YAML", file, "check it with an editor that knows YAML")
    mark = error.problem_mark
    problem = error.problem or "the text cannot be read"
    place = Place(file, mark.line, mark.column, mark.line, mark.column + 1)
    if "tab character" in problem or text[mark.index : mark.index + 1] == "\t":
        return finding("tab-indentation", "a tab stands where YAML allows only spaces", place, "indent with spaces")
    hint = next((hint for part, hint in _HINTS if part in problem), "the rest of the file was not read")
    summary = f"{error.context}: {problem}" if error.context else problem
    return finding("yaml-syntax", summary, place, hint)


def _unreadable_character(error: yaml.reader.ReaderError, text: str, file: str) -> Diagnostic:
    # The C reader tells the offset in bytes of UTF-8, so the character is looked for again.
    offset = len(text.encode()[: error.position].decode(errors="ignore")) if error.position is not None else 0
    line = text.count("\n", 0, offset)
    column = offset - text.rfind("\n", 0, offset) - 1
    place = Place(file, line, column, line, column + 1)
    return finding("yaml-syntax", "a control character stands in the file", place, "remove it; in double quotes it can be written as \\x..")
