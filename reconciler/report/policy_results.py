"""Turns the results of policy tests into text, JSON or JUnit XML. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape as xml_text
from xml.sax.saxutils import quoteattr

from reconciler.model.policy import CaseResult, TestedPolicies
from reconciler.report.diagnostics import count
from reconciler.report.escape import escape

POLICY_TEST_FORMAT = "rictl-policy-test/1"


def as_text(tested: TestedPolicies) -> str:
    """One line a case, what differs below it, and the counts."""
    lines: list[str] = []
    for result in tested.results:
        word = "ok  " if result.passed else "FAIL"
        lines.append(f"{word}  {result.where.file}:{result.where.line}  {result.name}")
        lines += [f"        {line}" for line in _differences(result)]
    failed = sum(not result.passed for result in tested.results)
    counted = f"{count(len(tested.results), 'case')}: {len(tested.results) - failed} passed, {failed} failed"
    untested = f" Not shown to apply by any case: {', '.join(tested.untested)}." if tested.untested else ""
    lines += ["", f"{counted}; {tested.rules - len(tested.untested)} of {count(tested.rules, 'rule')} applied.{untested}"]
    return "\n".join(escape(line) for line in lines)


def as_json(tested: TestedPolicies) -> str:
    """The same for programs, in ASCII."""
    cases = [
        {
            "name": result.name,
            "file": result.where.file,
            "line": result.where.line,
            "passed": result.passed,
            "missing": [{"code": one.code, "effect": one.effect} for one in result.missing],
            "unexpected": [{"code": one.code, "effect": one.effect, "message": message} for one, message in result.unexpected],
            "unanswered": [{"code": code, "error": error} for code, error in result.unanswered],
        }
        for result in tested.results
    ]
    document = {"format": POLICY_TEST_FORMAT, "passed": tested.passed, "cases": cases, "untested": list(tested.untested)}
    return json.dumps(document, indent=2).replace("\x7f", "\\u007f")


def as_junit(tested: TestedPolicies) -> str:
    """One test case a case: a rule without an answer is an error, another difference a failure."""
    failed = sum(not result.passed and not result.unanswered for result in tested.results)
    errors = sum(bool(result.unanswered) for result in tested.results)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuite name="rictl policy test" tests="{len(tested.results)}" failures="{failed}" errors="{errors}">')
    for result in tested.results:
        head = f"  <testcase classname={quoteattr(escape(result.where.file))} name={quoteattr(escape(result.name))}"
        if result.passed:
            lines.append(f"{head}/>")
            continue
        tag = "error" if result.unanswered else "failure"
        differences = [escape(line) for line in _differences(result)]
        text = xml_text("\n".join(differences))
        lines.append(f"{head}>\n    <{tag} message={quoteattr(differences[0])}>{text}</{tag}>\n  </testcase>")
    return "\n".join([*lines, "</testsuite>"])


FORMATS: dict[str, Callable[[TestedPolicies], str]] = {"text": as_text, "json": as_json, "junit": as_junit}


def _differences(result: CaseResult) -> Iterator[str]:
    yield from (f"{code} has no answer: {error}" for code, error in result.unanswered)
    yield from (f"expected, and does not apply: {one}" for one in result.missing)
    yield from (f"applies, and is not expected: {one}: {message}" for one, message in result.unexpected)
