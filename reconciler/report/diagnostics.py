"""Turns diagnostics into text: the code, the place, the source line with its caret, and the hint. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from reconciler.model.diagnostic import Diagnostic
from reconciler.model.source import SourceSpan
from reconciler.report.escape import escape

_WIDTH = 110
"""Longest part of a source line that is shown; it is cut around the caret."""


def diagnostics_text(diagnostics: Sequence[Diagnostic]) -> str:
    """All of them, an empty line between two. Nothing in it can steer a terminal."""
    return "\n\n".join(_one(diagnostic) for diagnostic in diagnostics)


def verdict_text(diagnostics: Sequence[Diagnostic], *, environments: int, baselines: int, policies: int = 0) -> str:
    """The last line of a validation: what is valid, or how much is wrong in how many files."""
    errors = sum(1 for diagnostic in diagnostics if diagnostic.severity == "error")
    warnings = len(diagnostics) - errors
    if errors:
        files = len({diagnostic.where.file for diagnostic in diagnostics if diagnostic.where is not None})
        counted = [count(errors, "error"), *([count(warnings, "warning")] if warnings else [])]
        place = f" in {count(files, 'file')}" if files else ""
        return f"{' and '.join(counted)}{place}."
    kinds = ((environments, "environment"), (baselines, "baseline"), (policies, "policy file"))
    valid = [count(number, noun) for number, noun in kinds if number or (noun == "environment" and not policies)]
    aside = f" ({count(warnings, 'warning')})" if warnings else ""
    listed = " and ".join([", ".join(valid[:-1]), valid[-1]]) if len(valid) > 1 else valid[0]
    return f"{listed} {'is' if environments + baselines + policies == 1 else 'are'} valid{aside}."


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _one(diagnostic: Diagnostic) -> str:
    lines = [f"{diagnostic.severity}[{escape(diagnostic.code)}]: {escape(diagnostic.summary)}"]
    where = diagnostic.where
    if where is not None:
        lines.append(f"  --> {escape(where.file)}:{where.line}:{where.column}")
        if diagnostic.source_line is not None:
            lines += _quoted(diagnostic.source_line, where)
    if diagnostic.hint is not None:
        lines.append(f"  hint: {escape(diagnostic.hint)}")
    return "\n".join(lines)


def _quoted(source: str, where: SourceSpan) -> list[str]:
    start = min(where.column - 1, len(source))
    end = max(start, min(len(source), where.end_column - 1 if where.end_column is not None else len(source.rstrip())))
    first = max(0, start - _WIDTH // 2) if len(source) > _WIDTH else 0
    last = first + _WIDTH
    before, marked, after = (escape(source[a:b]) for a, b in ((first, start), (start, min(end, last)), (min(end, last), last)))
    number = str(where.line)
    margin = " " * len(number)
    caret = " " * _columns(before) + "^" * max(1, _columns(marked))
    dots = "…" if len(source) > last else ""
    return [f"   {number} | {before}{marked}{after}{dots}".rstrip(), f"   {margin} | {caret}"]


def _columns(text: str) -> int:
    """How many cells of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
