from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter

from reconciler.catalog.register import CATALOG
from reconciler.model.change import SettingsChange
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.live import LiveState, Person
from reconciler.model.run import PlanRun, Unreadable
from reconciler.plan.build import build_plan, waive
from reconciler.report import plan_document
from reconciler.report.formats.book import Style, render
from reconciler.report.plan_document import PlanDocument, document_json, document_of, parse_document
from reconciler.report.published import published_plan
from tests.plan.test_build import EVERYTHING
from tests.plan.test_forms import WHO
from tests.plan.test_properties import organizations, wishes
from tests.plan.worlds import NOW, attested, declared_form, lead_form, on_form, plan, wish

PLAN = plan(wish(EVERYTHING, attestations=(attested("termsAccepted"),), forms=(declared_form(WHO),)), on_form(lead_form()))
DOCUMENT = document_of(PlanRun((PLAN,), (), NOW, "0.1.0"))


def problem(text: str) -> tuple[str, str]:
    parsed = parse_document(text)
    assert isinstance(parsed, tuple)
    return parsed[0].code, parsed[0].summary


def altered(**changes: Any) -> str:
    return json.dumps({**json.loads(document_json(DOCUMENT)), **changes})


def test_a_document_survives_saving() -> None:
    assert parse_document(document_json(DOCUMENT)) == DOCUMENT


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wishes(), organizations())
def test_every_plan_survives_saving(desired: DesiredEnvironment, live: LiveState) -> None:
    made = waive(build_plan(desired, live, CATALOG), {"activation-failed": "known"})
    document = document_of(PlanRun((made,), (), NOW, "0.1.0"))

    assert parse_document(document_json(document)) == document


def test_a_document_holds_for_a_day_and_in_utc() -> None:
    made = document_of(PlanRun((PLAN,), (), NOW.astimezone(dt.timezone(dt.timedelta(hours=2))), "0.1.0"))

    assert (made.created_at, made.expires_at) == (NOW, NOW + dt.timedelta(hours=24))
    assert made.created_at.tzinfo is dt.UTC


def test_what_is_printed_is_what_is_saved() -> None:
    assert render("json", PlanRun((PLAN,), (), NOW, "0.1.0"), Style()) == document_json(DOCUMENT)


def test_a_document_names_what_could_not_be_read() -> None:
    lost = Unreadable("contoso-prod", "denied", "Dataverse refused the caller")
    made = document_of(PlanRun((PLAN,), (lost,), NOW, "0.1.0"))

    assert parse_document(document_json(made)) == made
    assert (made.unreadable, made.summary.failed, made.summary.environments) == ((lost,), 1, 2)


def test_the_text_is_plain_ascii_whatever_the_names() -> None:
    hostile = replace(PLAN, target=replace(PLAN.target, organization="\x1b[31m\x9b\x7f\u202e営"))
    text = document_json(document_of(PlanRun((hostile,), (), NOW, "0.1.0")))

    assert text.isascii()
    assert not any((ord(character) < 32 and character != "\n") or ord(character) == 127 for character in text)
    parsed = parse_document(text)
    assert isinstance(parsed, PlanDocument)
    assert parsed.plans == (published_plan(hostile),)
    assert parsed.plans[0].target.organization == hostile.target.organization


def test_an_altered_plan_is_found() -> None:
    content = json.loads(document_json(DOCUMENT))
    content["plans"][0]["steps"][0]["fields"][0]["after"] = []

    assert problem(json.dumps(content))[0] == "plan-altered"


def test_an_added_waiver_is_an_alteration() -> None:
    refused = plan(wish(EVERYTHING), on_form(lead_form()))
    content = json.loads(document_json(document_of(PlanRun((refused,), (), NOW, "0.1.0"))))
    content["plans"][0]["objections"][0]["waived"] = "me"

    assert problem(json.dumps(content))[0] == "plan-altered"


@pytest.mark.parametrize("key", ["digests", "plans"])
def test_a_plan_or_digest_that_was_taken_out_is_found(key: str) -> None:
    assert problem(altered(**{key: []}))[0] == "plan-altered"


def test_a_longer_life_is_an_alteration() -> None:
    assert problem(altered(expires_at="2036-01-01T00:00:00Z"))[0] == "plan-altered"


def test_another_maker_is_an_alteration() -> None:
    assert problem(altered(tool_version="9.9.9"))[0] == "plan-altered"


def test_no_person_is_named_in_a_document() -> None:
    changed = next(change for change in PLAN.changes if isinstance(change, SettingsChange))
    by_hand = replace(changed, modified_by=Person("Ana Pop"))
    by_service = replace(changed, modified_by=Person("Sales Insights", is_service=True))
    named = replace(PLAN, changes=(by_hand, by_service), target=replace(PLAN.target, caller="Radu Ionescu"))
    application = replace(PLAN, target=replace(PLAN.target, caller="pipeline", by_application=True))

    text = document_json(document_of(PlanRun((named, application), (), NOW, "0.1.0")))

    assert "Ana Pop" not in text
    assert "Radu Ionescu" not in text
    assert ("Sales Insights" in text, '"pipeline"' in text) == (True, True)


def test_counts_that_do_not_fit_are_an_alteration() -> None:
    content = json.loads(document_json(DOCUMENT))
    content["summary"]["disable"] = 7

    assert problem(json.dumps(content))[0] == "plan-altered"


@pytest.mark.parametrize("version", ["1.1", "2.0", "\x1b[31m"])
def test_another_format_is_told(version: str) -> None:
    code, summary = problem(altered(format_version=version))

    assert code == "plan-version"
    assert "\x1b" not in summary


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"format_version": 1}',
        '{"format_version": "1.0"}',
        "[" * 100_000,
        '{"format_version": "1.0", "plans": [' + '{"steps": ' * 500 + "}" * 500 + "]}",
        altered(created_at="yesterday"),
        altered(summary=None),
        '{"format_version": "1.0", "tool_version": "\\ud800"}',
        "1" * 5000,
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_plan_is_told_without_a_traceback(text: str) -> None:
    assert problem(text)[0] == "not-a-plan"


def test_a_text_that_is_too_long_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_document, "LARGEST", 10)

    assert problem(document_json(DOCUMENT)) == ("not-a-plan", "the text is longer than any plan (10 characters)")


def test_values_keep_their_types() -> None:
    content = json.loads(document_json(DOCUMENT))
    content["plans"][0]["checked"] = "9"

    code, summary = problem(json.dumps(content))
    assert code == "not-a-plan"
    assert "plans.0.checked" in summary


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, definition in schema.get("$defs", {}).items():
        yield from ((f"{name}.{key}", value) for key, value in definition.get("properties", {}).items())
    yield from ((f"PlanDocument.{key}", value) for key, value in schema.get("properties", {}).items())


def test_every_property_of_the_schema_says_what_it_is_and_shows_an_example() -> None:
    schema = TypeAdapter(PlanDocument).json_schema()
    silent = [name for name, value in properties(schema) if "description" not in value or "examples" not in value]

    assert silent == []
    assert len(list(properties(schema))) > 100
