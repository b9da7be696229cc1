"""Every code that can be said of a file, in one place, each with its severity. Pure."""

from __future__ import annotations

from reconciler.desired.tree import Place
from reconciler.model.diagnostic import Diagnostic, Severity
from reconciler.model.source import SourceSpan

READING: tuple[str, ...] = (
    "file-not-found", "file-unreadable", "not-a-file", "file-too-large", "not-utf-8", "nul-character", "empty-file",
)  # fmt: skip
WRITING: tuple[str, ...] = (
    "yaml-syntax", "tab-indentation", "too-deep", "several-documents", "yaml-tag", "yaml-directive", "duplicate-key", "merge-key",
    "key-not-text", "unknown-alias", "alias-expansion", "not-a-mapping",
)  # fmt: skip
STRUCTURE: tuple[str, ...] = (
    "unknown-api-version", "wrong-kind", "unknown-key", "missing-key", "wrong-type", "empty-value", "unknown-value", "out-of-range",
    "wrong-format", "empty-list", "duplicate-entry", "exactly-one", "too-many-problems",
)  # fmt: skip
INHERITANCE: tuple[str, ...] = ("unknown-baseline", "baseline-cycle", "too-many-baselines", "duplicate-name", "same-organization")
VARIABLES: tuple[str, ...] = ("variable-outside-connection", "variable-syntax", "variable-name", "undefined-variable")
MEANING: tuple[str, ...] = (
    "connection-url", "unknown-emulator", "attestation-in-future", "not-ascending", "feature-without-master", "duplicate-role",
    "duplicate-form", "duplicate-widget", "anchor-conflict", "exception-expired",
)  # fmt: skip
POLICIES: tuple[str, ...] = (
    "expression-syntax", "expression-type", "rule-contradiction", "duplicate-rule", "too-many-policies", "unknown-rule", "no-such-plan",
)  # fmt: skip
SELECTION: tuple[str, ...] = ("unknown-environment", "no-environments", "not-an-environment")
WARNINGS: tuple[str, ...] = (
    "file-name", "wrong-ending", "foreign-host", "location-unsupported", "widget-not-for-table", "exception-expires-soon",
    "twins-differ", "production-ahead-of-test",
)  # fmt: skip
DISABLEABLE: tuple[str, ...] = tuple(code for code in WARNINGS if code != "wrong-ending")
"""What a file may switch off for itself. A file with a wrong ending is not read, so it can say nothing."""

ERRORS = SELECTION + READING + WRITING + STRUCTURE + INHERITANCE + VARIABLES + MEANING + POLICIES
CODES: tuple[str, ...] = ERRORS + WARNINGS

_SEVERITIES: dict[str, Severity] = {**dict.fromkeys(ERRORS, "error"), **dict.fromkeys(WARNINGS, "warning")}


def finding(code: str, summary: str, where: Place | SourceSpan, hint: str | None = None) -> Diagnostic:
    """One diagnostic, without its source line as yet. A code that is not listed above is a KeyError."""
    span = where.span if isinstance(where, Place) else where
    return Diagnostic(code, summary, span, hint, None, _SEVERITIES[code])


def about_file(code: str, summary: str, file: str, hint: str | None = None) -> Diagnostic:
    """One diagnostic that is about a file as a whole: it points at its beginning."""
    return finding(code, summary, SourceSpan(file, 1, 1, 2), hint)
