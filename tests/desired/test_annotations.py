"""Why a section says what it says: whose words count after baselines are merged, and what happens after the last day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalog.register import CATALOG
from reconciler.desired.annotations import annotations_of, expiry_findings
from reconciler.desired.compose import compose
from reconciler.desired.part import ANNOTATIONS
from reconciler.model.note import Note, nearest_note, placed
from reconciler.model.source import SourceSpan
from reconciler.plan.digest import desired_sha256
from tests.desired.loading import TODAY, loaded, write, write_baseline

WEIGHTS = "relationshipIntelligence: {relationshipAnalytics: {activityWeights: {email: 9%s}}}\n"


def test_every_section_can_be_explained_and_keeps_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = """\
attestations:
  termsAccepted: {by: crm, date: 2026-11-01, ticket: CRM-1}
relationshipIntelligence:
  why: master
  relationshipAnalytics: {owner: ana, healthScore: {enabled: true, grading: {good: 60, why: agreed, expires: 2027-03-31}}}
forms:
  - table: lead
    form: Contoso Lead
    why: pilot
    widgets: [{widget: who-knows-whom}, {widget: relationship-health, ticket: CRM-2}]
limits: {changes: 5, why: small steps}
"""
    (environment,) = loaded(write(tmp_path, "a", body), root=tmp_path).environments

    assert [(n.section, n.why, n.owner, n.ticket, n.expires) for n in environment.notes] == [
        ("attestations.termsAccepted", None, None, "CRM-1", None),
        ("relationshipIntelligence", "master", None, None, None),
        ("relationshipIntelligence.relationshipAnalytics", None, "ana", None, None),
        ("relationshipIntelligence.relationshipAnalytics.healthScore.grading", "agreed", None, None, dt.date(2027, 3, 31)),
        ("forms[0]", "pilot", None, None, None),
        ("forms[0].widgets[1]", None, None, "CRM-2", None),
        ("limits", "small steps", None, None, None),
    ]
    assert [str(n.where) for n in environment.notes][1] == "environments/a.yaml:8:3"
    assert [(limit.name, limit.most) for limit in environment.limits] == [("changes", 5)]


def test_a_baselines_words_stay_while_one_of_its_values_in_that_section_does(tmp_path: Path) -> None:
    write_baseline(tmp_path, "b", WEIGHTS % ", meeting: 7, why: the platform")
    beside = write(tmp_path, "a", "extends: [b]\n" + WEIGHTS % ", why: here")
    instead = write(tmp_path, "c", "extends: [b]\n" + WEIGHTS % ", meeting: 3")

    both, replaced = loaded(beside, instead, root=tmp_path).environments

    assert [note.why for note in both.notes] == ["here", "the platform"]
    assert replaced.notes == ()


def test_a_replaced_list_takes_its_explanations_along(tmp_path: Path) -> None:
    form = "forms: [{table: lead, form: %s, why: %s, widgets: []}]\n"
    second = ", {table: contact, form: Contact, widgets: [], why: the platform}]"
    write_baseline(tmp_path, "b", (form % ("Lead", "the platform")).removesuffix("]\n") + second + "\n")

    found = loaded(write(tmp_path, "a", "extends: [b]\n" + form % ("Other", "here")), root=tmp_path)

    assert [note.why for note in found.environments[0].notes] == ["here"]


def test_an_expired_exception_of_a_baseline_is_told_there_and_takes_down_those_whom_it_reaches(tmp_path: Path) -> None:
    path = write_baseline(tmp_path, "b", WEIGHTS % ", expires: 2026-11-22")
    reached, free = write(tmp_path, "a", "extends: [b]\n"), write(tmp_path, "c", "extends: [b]\n" + WEIGHTS % "")

    found = loaded(reached, free, root=tmp_path)

    assert [(d.code, d.where is not None and Path(d.where.file).name) for d in found.diagnostics] == [("exception-expired", "b.yaml")]
    assert [environment.name for environment in found.environments] == ["c"]
    assert [d.code for d in loaded(path, root=tmp_path).diagnostics] == ["exception-expired"]


def test_an_expired_exception_of_a_file_with_other_mistakes_is_told_as_well(tmp_path: Path) -> None:
    found = loaded(write(tmp_path, "a", "nonsense: 1\n" + WEIGHTS % ", expires: 2026-11-22"), root=tmp_path)

    assert [diagnostic.code for diagnostic in found.diagnostics] == ["unknown-key", "exception-expired"]


@given(st.integers(-400, 400))
def test_an_exception_holds_on_its_last_day_and_is_announced_for_a_fortnight(days: int) -> None:
    day = (TODAY + dt.timedelta(days=days)).isoformat()
    root, _ = compose(WEIGHTS % f", expires: {day}", "a.yaml")
    assert root is not None

    found = [said.code for said in expiry_findings(annotations_of(root), TODAY)]

    assert found == (["exception-expired"] if days < 0 else ["exception-expires-soon"] if days <= 14 else [])


def test_a_better_reason_makes_no_saved_plan_stale_but_a_value_does(tmp_path: Path) -> None:
    def digest(body: str) -> str:
        return desired_sha256(loaded(write(tmp_path, "a", body), root=tmp_path).environments[0])

    assert digest(WEIGHTS % ", why: one") == digest(WEIGHTS % ", why: two, expires: 2027-01-01") == digest(WEIGHTS % "")
    assert digest(WEIGHTS % "") != digest(WEIGHTS.replace("9", "8") % "")


def test_no_setting_is_called_like_an_annotation() -> None:
    steps = {step for kind, field in CATALOG.fields() for step in (*kind.section, *field.name.split("."))}

    assert steps.isdisjoint(ANNOTATIONS)


def test_the_innermost_section_of_the_same_file_speaks() -> None:
    notes = [
        Note("relationshipIntelligence", why="outer", where=SourceSpan("a", 1, 1)),
        Note("relationshipIntelligence.whoKnowsWhom", why="inner", where=SourceSpan("a", 2, 1)),
        Note("relationshipIntelligence.whoKnowsWhom", why="baseline", where=SourceSpan("b", 2, 1)),
        Note("forms[1]", why="second", where=SourceSpan("a", 9, 1)),
    ]

    def why(section: str, file: str | None) -> str | None:
        note = nearest_note(placed(notes), section, file)
        return note.why if note is not None else None

    assert why("relationshipIntelligence.whoKnowsWhom.enabled", "a") == "inner"
    assert why("relationshipIntelligence.whoKnowsWhom.enabled", "b") == "baseline"
    assert why("relationshipIntelligence.whoKnowsWhomElse", "a") == "outer"
    assert why("forms[1].widgets[0]", "a") == "second"
    assert why("forms[10]", "a") is None
    assert why("forms[1]", None) is None
