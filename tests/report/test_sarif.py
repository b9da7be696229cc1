"""Code scanning takes the SARIF, shows each finding where it is written, and knows it again after lines have moved."""

from __future__ import annotations

import json
from typing import Any

from reconciler.model.run import PlanRun, ValidationRun
from reconciler.report.formats.book import Style, render
from tests.report.settling import HOSTILE, broken, incomplete, refused, run_of_plans, validation


def sarif(run: PlanRun | ValidationRun, style: Style | None = None) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render("sarif", run, style or Style()))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    return dict(only)


def test_a_diagnostic_is_a_result_at_its_place() -> None:
    run = sarif(validation(broken(severity="warning")))

    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("unknown-key", "warning")
    assert result["message"]["text"] == "`enabeld` number 1 is not a key\ndid you mean `enabled`?"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "environments/a.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 3, "startColumn": 5, "endColumn": 12},
            }
        }
    ]
    assert run["columnKind"] == "unicodeCodePoints"


def test_a_rule_carries_what_the_documentation_says() -> None:
    style = Style(explanations={"unknown-key": "No such key.\nMore."}, pages={"unknown-key": "https://docs.example/errors.md#unknown-key"})

    (rule,) = sarif(validation(broken(1), broken(2)), style)["tool"]["driver"]["rules"]

    assert rule == {
        "id": "unknown-key",
        "name": "UnknownKey",
        "shortDescription": {"text": "No such key."},
        "fullDescription": {"text": "No such key.\nMore."},
        "help": {"text": "No such key.\nMore."},
        "helpUri": "https://docs.example/errors.md#unknown-key",
    }


def test_a_finding_is_known_again_when_its_line_moves_and_equal_ones_are_told_apart() -> None:
    before = sarif(validation(broken(1), broken(1, line=8)))["results"]
    after = sarif(validation(broken(1, line=30), broken(1, line=80)))["results"]

    prints = [result["partialFingerprints"]["rictl/v1"] for result in before]
    assert prints == [result["partialFingerprints"]["rictl/v1"] for result in after]
    assert len(set(prints)) == 2
    assert sarif(validation(broken(2)))["results"][0]["partialFingerprints"]["rictl/v1"] not in prints


def test_everything_that_is_to_be_settled_in_a_plan_is_a_result() -> None:
    run = sarif(run_of_plans(refused(), incomplete()))

    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        ("exchange-data-of-everyone", "error"),
        ("too-many-changes", "note"),
        ("needs-approval", "warning"),
        ("widget-will-not-show", "note"),
        ("unknown-role", "error"),
        ("not-read", "error"),
        ("denied", "error"),
    ]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]


def test_an_objection_stands_where_the_wish_is_written_and_a_waived_one_is_suppressed() -> None:
    objection, waived, *_ = sarif(run_of_plans(refused()))["results"]

    (location,) = objection["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "environments/contoso-test.yaml"
    assert location["logicalLocations"] == [{"fullyQualifiedName": "contoso-test/relationship_analytics"}]
    assert waived["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "agreed with Ana"}]


def test_a_path_becomes_an_address() -> None:
    problem = sarif(run_of_plans(incomplete()))["results"][0]

    assert problem["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "environments/contoso%20prod.yaml"


def test_names_are_only_text() -> None:
    text = render("sarif", run_of_plans(refused(said=HOSTILE)), Style())

    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert "##" not in text
    assert "##vso[task.complete result=Succeeded]" in json.loads(text)["runs"][0]["results"][0]["message"]["text"]


def test_the_same_run_gives_the_same_bytes() -> None:
    run = run_of_plans(refused(), incomplete())

    assert render("sarif", run, Style()) == render("sarif", run, Style())
