"""Rules between environments: twins that drifted apart, and production ahead of test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.desired.load import Loaded
from tests.desired.loading import loaded, write, write_baseline

HEAD = "apiVersion: rictl/v1\nkind: Environment\nmetadata: {{name: {name}, labels: {{{labels}}}}}\nconnection: {{url: 'https://{name}.crm4.dynamics.com'}}\n"
ANALYTICS = "relationshipIntelligence: {relationshipAnalytics: {%s}}\n"
LEAD = "forms: [{table: lead, form: Lead, widgets: [%s]%s}]\n"


def fleet(root: Path, files: Mapping[tuple[str, str], str]) -> Loaded:
    paths = [write(root, name, HEAD.format(name=name, labels=labels) + body, head=False) for (name, labels), body in files.items()]
    return loaded(*paths, root=root)


def said(found: Loaded) -> list[tuple[str, str, int, str]]:
    return [(d.code, Path(d.where.file).name, d.where.line, d.summary) for d in found.diagnostics if d.where is not None]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_twins_that_say_the_same_are_not_mentioned(tmp_path: Path) -> None:
    roles = "relationshipIntelligence: {exchangeData: {enabled: true, securityRoles: [%s]}}\n"

    found = fleet(
        tmp_path, {("a", "twin: x"): roles % "Salesperson, Sales Manager", ("b", "twin: x"): roles % "Sales Manager, Salesperson"}
    )

    assert found.diagnostics == ()


def test_twins_that_differ_are_told_once_where_they_differ(tmp_path: Path) -> None:
    found = fleet(
        tmp_path,
        {
            ("a", "twin: x"): ANALYTICS % "communicationFrequency: once-a-week, activityWeights: {email: 6}",
            ("b", "twin: x"): ANALYTICS % "communicationFrequency: once-a-day" + LEAD % ("{widget: who-knows-whom}", ""),
            ("c", "twin: y"): "",
            ("d", ""): "",
        },
    )

    name = "relationshipIntelligence.relationshipAnalytics"
    assert said(found) == [
        ("twins-differ", "a.yaml", 5, f"`{name}.activityWeights.email` is declared here, and not in its twin `b`"),
        ("twins-differ", "b.yaml", 5, f"`{name}.communicationFrequency` is once-a-day here, and once-a-week in its twin `a`"),
        ("twins-differ", "b.yaml", 6, "the form `Lead` is declared here, and not in its twin `a`"),
    ]
    assert len(found.environments) == 4


def test_a_form_of_the_same_widgets_in_other_places_differs_too(tmp_path: Path) -> None:
    found = fleet(
        tmp_path,
        {("a", "twin: x"): LEAD % ("{widget: who-knows-whom}", ""), ("b", "twin: x"): LEAD % ("{widget: who-knows-whom, rows: 9}", "")},
    )

    assert [d.summary for d in found.diagnostics] == ["the form `Lead` is placed otherwise in its twin `a`"]


@pytest.mark.parametrize("explained", ["a", "b"])
def test_a_difference_with_a_reason_in_either_twin_is_not_mentioned(tmp_path: Path, explained: str) -> None:
    bodies = {name: ANALYTICS % (f"communicationFrequency: {how}" + (", why: agreed" if name == explained else ""))
              for name, how in (("a", "once-a-week"), ("b", "once-a-day"))}  # fmt: skip

    assert fleet(tmp_path, {("a", "twin: x"): bodies["a"], ("b", "twin: x"): bodies["b"]}).diagnostics == ()


def test_an_owner_alone_is_no_reason(tmp_path: Path) -> None:
    body = ANALYTICS % "communicationFrequency: once-a-week, owner: ana"

    assert [d.code for d in fleet(tmp_path, {("a", "twin: x"): body, ("b", "twin: x"): ""}).diagnostics] == ["twins-differ"]


def test_what_only_baselines_say_differently_points_at_the_connection(tmp_path: Path) -> None:
    for name, how in (("weekly", "once-a-week"), ("daily", "once-a-day")):
        write_baseline(tmp_path, name, ANALYTICS % f"communicationFrequency: {how}")

    found = fleet(tmp_path, {("a", "twin: x"): "extends: [weekly]\n", ("b", "twin: x"): "extends: [daily]\n"})
    mixed = fleet(tmp_path, {("a", "twin: x"): ANALYTICS % "communicationFrequency: once-a-month", ("b", "twin: x"): "extends: [daily]\n"})

    assert [(code, file, line) for code, file, line, _ in said(found)] == [("twins-differ", "b.yaml", 4)]
    assert [(code, file, line) for code, file, line, _ in said(mixed)] == [("twins-differ", "a.yaml", 5)]


def test_production_ahead_of_test_is_told_once_a_kind_and_once_a_table(tmp_path: Path) -> None:
    prod = ANALYTICS % "enabled: true, activityWeights: {email: 9, meeting: 8}" + LEAD % ("{widget: who-knows-whom}", "")
    test = ANALYTICS % "enabled: false, activityWeights: {email: 3}"

    found = fleet(tmp_path, {("p", "tier: Production"): prod, ("t", "tier: test"): test, ("d", "tier: dev"): prod})

    name = "relationshipIntelligence.relationshipAnalytics"
    assert said(found) == [
        (
            "production-ahead-of-test",
            "p.yaml",
            5,
            f"`{name}.enabled`, `{name}.activityWeights.meeting` are declared in production, and in no test environment",
        ),
        ("production-ahead-of-test", "p.yaml", 6, "`who-knows-whom on lead` is declared in production, and in no test environment"),
    ]


def test_what_is_off_in_production_needs_no_rehearsal(tmp_path: Path) -> None:
    body = "relationshipIntelligence: {enabled: false}\n"

    assert fleet(tmp_path, {("p", "tier: prod"): body, ("t", "tier: test"): ""}).diagnostics == ()


def test_a_reason_lets_production_go_ahead(tmp_path: Path) -> None:
    prod = ANALYTICS % "enabled: true, why: test has no licence" + LEAD % ("{widget: who-knows-whom, why: the same}", "")

    assert fleet(tmp_path, {("p", "tier: prod"): prod, ("t", "tier: test"): ""}).diagnostics == ()


def test_without_a_test_environment_there_is_no_such_rule(tmp_path: Path) -> None:
    assert fleet(tmp_path, {("p", "tier: prod"): ANALYTICS % "enabled: true"}).diagnostics == ()


def test_a_test_environment_with_mistakes_is_not_taken_for_one_that_declares_nothing(tmp_path: Path) -> None:
    found = fleet(tmp_path, {("p", "tier: prod"): ANALYTICS % "enabled: true", ("t", "tier: test"): ANALYTICS % "enabled: 1"})

    assert [diagnostic.code for diagnostic in found.diagnostics] == ["wrong-type"]


def test_what_production_takes_from_a_baseline_points_at_its_connection(tmp_path: Path) -> None:
    write_baseline(tmp_path, "b", ANALYTICS % "enabled: true")

    found = fleet(tmp_path, {("p", "tier: prod"): "extends: [b]\n", ("t", "tier: test"): ""})

    assert [(code, file, line) for code, file, line, _ in said(found)] == [("production-ahead-of-test", "p.yaml", 4)]


def test_a_file_switches_a_warning_off_for_itself_and_for_nobody_else(tmp_path: Path) -> None:
    silent = "disable: [{code: production-ahead-of-test, why: test moves to another tenant}]\n"
    prod = ANALYTICS % "enabled: true"

    found = fleet(tmp_path, {("p", "tier: prod"): prod + silent, ("q", "tier: prod"): prod, ("t", "tier: test"): silent})

    assert [file for _, file, _, _ in said(found)] == ["q.yaml"]


def test_a_baseline_switches_nothing_off_for_those_who_extend_it(tmp_path: Path) -> None:
    write_baseline(tmp_path, "b", "disable: [{code: file-name, why: for this file}]\n")
    path = write(tmp_path, "a", HEAD.format(name="other", labels="") + "extends: [b]\n", head=False)

    assert [d.code for d in loaded(path, root=tmp_path).diagnostics] == ["file-name"]


def test_no_error_is_switched_off(tmp_path: Path) -> None:
    found = fleet(tmp_path, {("a", ""): "disable: [{code: exception-expired, why: please}]\n"})

    assert [d.code for d in found.diagnostics] == ["unknown-value"]
