"""Turns a run into SARIF 2.1.0, for code scanning: each finding once, where it is written, known again after lines have moved. Pure.

The format: docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html. What of it GitHub shows:
docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from reconciler.model.run import PlanRun, ValidationRun
from reconciler.model.source import SourceSpan
from reconciler.report.ascii_json import ascii_json
from reconciler.report.escape import escape
from reconciler.report.findings import OWN_CODES, Finding, findings_of
from reconciler.report.formats.book import Style

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "rictl/v1"
"""Name of our fingerprints; another number would make every finding a new one."""


def plan_report(run: PlanRun, style: Style) -> str:
    """Objections, problems, what could not be read, and notices; a waived objection is a suppressed result."""
    return _log(findings_of(run), "rictl/plan", run.tool_version, style)


def validation_report(run: ValidationRun, style: Style) -> str:
    """All diagnostics."""
    return _log(findings_of(run), "rictl/validation", run.tool_version, style)


def _log(findings: Sequence[Finding], category: str, version: str, style: Style) -> str:
    codes = sorted({finding.code for finding in findings})
    driver = {"name": "rictl", "version": version, "rules": [_rule(code, style) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{category}/"},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(findings, codes)),
    }
    return ascii_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str, style: Style) -> dict[str, Any]:
    explained = OWN_CODES.get(code) or style.explanations.get(code) or f"rictl explain {code}"
    short = explained.split("\n")[0]
    rule: dict[str, Any] = {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": short},
        "fullDescription": {"text": explained},
        "help": {"text": explained},
    }
    page = style.pages.get(code)
    return rule if page is None else {**rule, "helpUri": page}


def _results(findings: Sequence[Finding], codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for finding in findings:
        print_of_it = _identity(finding)
        seen[print_of_it] += 1
        message = escape(finding.message) + (f"\n{escape(finding.hint)}" if finding.hint else "")
        result: dict[str, Any] = {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": finding.level,
            "message": {"text": message},
            "locations": [_location(finding)],
            "partialFingerprints": {FINGERPRINT: f"{print_of_it}:{seen[print_of_it]}"},
        }
        if finding.waived is not None:
            result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": escape(finding.waived)}]
        yield result


def _identity(finding: Finding) -> str:
    """From the code, the file and what it is about; never from line, count, date or wording. A number tells equals apart."""
    file = finding.where.file if finding.where is not None else ""
    parts = json.dumps([finding.code, file, finding.environment, finding.subject])
    return hashlib.sha256(parts.encode("ascii")).hexdigest()[:32]


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if finding.where is not None:
        location["physicalLocation"] = _physical(finding.where)
    if finding.environment or finding.where is None:
        location["logicalLocations"] = [{"fullyQualifiedName": escape(finding.subject or finding.environment or "environments")}]
    return location


def _physical(span: SourceSpan) -> dict[str, Any]:
    region = {"startLine": span.line, "startColumn": span.column}
    if span.end_column is not None:
        region["endColumn"] = max(span.end_column, span.column)
    address = quote(span.file.encode("utf-8", "replace"), safe="/")
    # An absolute path is no path of the repository.
    inside = {"uri": f"file://{address}"} if address.startswith("/") else {"uri": address, "uriBaseId": "%SRCROOT%"}
    return {"artifactLocation": inside, "region": region}
