"""What is wrong with what somebody wrote. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.model.about import about
from reconciler.model.source import SourceSpan

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: what, where, why, and what to do next. Collected, never raised one by one."""

    code: str = about("Kebab-case code, stable for ever.", "unknown-key")
    summary: str = about("What is wrong, in one sentence.", "`enabeld` is not a key of relationshipIntelligence")
    where: SourceSpan | None = about("The place in the file.", None, None)
    hint: str | None = about("What to do next.", "did you mean `enabled`?", None)
    source_line: str | None = about("The text of that line.", "  enabeld: true", None)
    severity: Severity = about("`error` stops, `warning` does not.", "error", "error")
