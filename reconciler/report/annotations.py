"""Turns findings into the few that a build server shows as annotations, and the rest. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.report.escape import escape
from reconciler.report.findings import Finding, Level
from reconciler.report.log_text import inert

MOST = 10
"""Annotations of one level in one step that GitHub and Azure Pipelines show; further ones are dropped without a word."""
LONGEST = 2_000
"""Characters of one message."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """The annotations of one level. Of `rest`, only the number is told by an annotation."""

    level: Level
    shown: tuple[Finding, ...]
    rest: tuple[Finding, ...]


def annotations_of(findings: Sequence[Finding]) -> tuple[Annotations, ...]:
    """Errors, warnings and notes that have any, each at most `MOST` with the one that says how many more there are."""
    chosen = []
    for level in ("error", "warning", "note"):
        found = tuple(finding for finding in findings if finding.level == level)
        kept = len(found) if len(found) <= MOST else MOST - 1
        if found:
            chosen.append(Annotations(level, found[:kept], found[kept:]))
    return tuple(chosen)


def more(rest: Sequence[Finding], level: Level) -> str:
    """What the last annotation says."""
    return f"and {len(rest)} more of level {level}: see the text of this step"


def sentence(finding: Finding) -> str:
    """What one annotation says, on as many lines as it has parts; nothing in it can steer a terminal or a build server."""
    head = f"{finding.environment}: {finding.message}" if finding.environment else finding.message
    waived = f"waived: {finding.waived}" if finding.waived is not None else ""
    text = "\n".join(inert(escape(part)) for part in (head, finding.hint, waived) if part)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
