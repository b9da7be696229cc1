"""What is wrong between files, and what a broken file does to the others."""

from __future__ import annotations

from pathlib import Path

from tests.desired.loading import HEAD, loaded, write, write_baseline


def test_two_environments_of_one_name_are_both_told_and_neither_is_used(tmp_path: Path) -> None:
    first = write(tmp_path, "a", HEAD.format(name="same"), head=False)
    second = write(tmp_path, "b", HEAD.format(name="same").replace("//same", "//other"), head=False)

    found = loaded(first, second, root=tmp_path)

    errors = [(d.code, Path(d.where.file).name) for d in found.diagnostics if d.severity == "error" and d.where]
    assert (errors, found.environments) == ([("duplicate-name", "a.yaml"), ("duplicate-name", "b.yaml")], ())


def test_two_files_for_one_organization_are_both_told(tmp_path: Path) -> None:
    first = write(tmp_path, "a")
    second = write(tmp_path, "b", HEAD.format(name="b").replace("//b.crm4", "//A.crm4"), head=False)
    third = write(tmp_path, "c")

    found = loaded(first, second, third, root=tmp_path)

    assert [d.code for d in found.diagnostics] == ["same-organization", "same-organization"]
    assert [environment.name for environment in found.environments] == ["c"]


def test_a_broken_baseline_is_told_once_and_takes_down_those_who_extend_it(tmp_path: Path) -> None:
    write_baseline(tmp_path, "broken", "accept: [nothing-known]\n")
    first, second = write(tmp_path, "a", "extends: [broken]\n"), write(tmp_path, "b", "extends: [broken]\n")
    third = write(tmp_path, "c")

    found = loaded(first, second, third, root=tmp_path)

    assert ([d.code for d in found.diagnostics], [e.name for e in found.environments]) == (["unknown-value"], ["c"])


def test_a_contradiction_inside_a_baseline_is_told_once(tmp_path: Path) -> None:
    body = "relationshipIntelligence: {relationshipAnalytics: {healthScore: {grading: {good: 30, fair: 40}}}}\n"
    path = write_baseline(tmp_path, "b", body)
    environments = [write(tmp_path, name, "extends: [b]\n") for name in ("x", "y")]

    found = loaded(*environments, path, root=tmp_path)

    assert ([d.code for d in found.diagnostics], found.baselines, found.environments) == (["not-ascending"], 1, ())


def test_a_baseline_that_nobody_extends_is_not_read(tmp_path: Path) -> None:
    write_baseline(tmp_path, "broken", "nonsense: 1\n")

    assert loaded(write(tmp_path, "a"), root=tmp_path).diagnostics == ()


def test_a_baseline_among_the_environments_is_told_to_move(tmp_path: Path) -> None:
    path = write(tmp_path, "b", "apiVersion: rictl/v1\nkind: Baseline\nmetadata: {name: b}\n", head=False)

    assert [diagnostic.code for diagnostic in loaded(path, root=tmp_path).diagnostics] == ["wrong-kind"]


def test_a_file_outside_of_the_workspace_is_taken_for_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.yaml"
    path.write_text("apiVersion: rictl/v1\nkind: Baseline\nmetadata: {name: elsewhere}\n", encoding="utf-8")

    found = loaded(path, root=tmp_path)

    assert (found.diagnostics, found.baselines, found.is_valid) == ((), 1, True)


def test_each_file_is_told_once_however_often_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a", "nonsense: 1\n")

    found = loaded(path, path, path.parent / ".." / "environments" / path.name, root=tmp_path)

    assert (len(found.diagnostics), len(found.files)) == (1, 1)


def test_findings_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    paths = [write(tmp_path, name, "zzz: 1\naaa: 1\nrelationshipIntelligence: {enabled: 1}\n") for name in ("b", "a")]

    found = loaded(*paths, root=tmp_path).diagnostics

    places = [(Path(d.where.file).name, d.where.line) for d in found if d.where]
    assert places == [("a.yaml", 5), ("a.yaml", 6), ("a.yaml", 7), ("b.yaml", 5), ("b.yaml", 6), ("b.yaml", 7)]
