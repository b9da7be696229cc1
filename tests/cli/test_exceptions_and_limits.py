"""Limits and exceptions in whole runs: what a plan refuses, what a waiver lets through, and what apply checks again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Rictl = Callable[..., tuple[int, str, str]]


@pytest.fixture
def write(workspace: Path) -> Callable[..., None]:
    path = workspace / "environments" / "small.yaml"
    text = path.read_text(encoding="utf-8")

    def written(limits: str = "", **section: str) -> None:
        said = "".join(f"    {key}: {value}\n" for key, value in section.items())
        path.write_text(text.replace("    enabled: true\n", f"    enabled: true\n{said}") + limits, encoding="utf-8")

    return written


def day(days: int) -> str:
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)).isoformat()


def test_a_plan_beyond_a_limit_is_refused_and_names_the_way_through(rictl: Rictl, write: Callable[..., None]) -> None:
    write("limits: {changes: 1}\n")

    code, out, _ = rictl("plan")
    waived, told, _ = rictl("plan", "--allow", "too-many-changes=the first roll-out")

    assert (code, waived) == (3, 0)
    flat = " ".join(out.split())
    assert "limits.changes is 1 (environments/small.yaml:15), and this plan changes 3: small/relationship_analytics" in flat
    assert "--allow too-many-changes=REASON" in flat
    assert "the first roll-out" in told


def test_a_waived_limit_is_recorded_in_the_saved_plan_and_holds_when_it_is_applied(
    rictl: Rictl, write: Callable[..., None], workspace: Path
) -> None:
    write("limits: {changes: 1}\n")
    assert rictl("plan", "--out", "plan.json", "--allow", "too-many-changes=the first roll-out")[0] == 0

    (saved,) = json.loads((workspace / "plan.json").read_text(encoding="utf-8"))["plans"]

    assert [(o["code"], o["waived"]) for o in saved["objections"]] == [("too-many-changes", "the first roll-out")]
    assert rictl("apply", "plan.json")[0] == 0


def test_a_reason_reaches_the_saved_plan_and_a_better_one_leaves_it_valid(
    rictl: Rictl, write: Callable[..., None], workspace: Path
) -> None:
    write(why="agreed", owner="ana", expires=day(90))
    assert rictl("plan", "--out", "plan.json")[0] == 0

    (saved,) = json.loads((workspace / "plan.json").read_text(encoding="utf-8"))["plans"]
    notes = [field["note"] for field in saved["changes"][0]["fields"]]
    write(why="agreed with the works council on Monday", owner="ana", expires=day(90))

    assert {(note["why"], note["owner"], note["expires"], note["where"]["line"]) for note in notes} == {("agreed", "ana", day(90), 9)}
    assert rictl("apply", "plan.json")[0] == 0


def test_an_exception_that_expired_since_the_plan_was_saved_stops_the_apply(rictl: Rictl, write: Callable[..., None]) -> None:
    write(why="agreed", expires=day(0))
    saved, _, warned = rictl("plan", "--out", "plan.json")
    write(why="agreed", expires=day(-1))

    code, _, said = rictl("apply", "plan.json")

    assert (saved, code) == (0, 1)
    assert "warning[exception-expires-soon]" in warned
    assert "error[exception-expired]" in said
    assert "--> environments/small.yaml:10:14" in said
    assert said.endswith("Nothing was read or written.\n")
    assert rictl("validate")[0] == 1


def test_production_is_switched_off_only_by_name(rictl: Rictl, workspace: Path) -> None:
    path = workspace / "environments" / "small.yaml"
    text = path.read_text(encoding="utf-8").replace("{name: small}", "{name: small, labels: {tier: prod}}")
    path.write_text(text, encoding="utf-8")
    assert rictl("apply", "--auto-approve")[0] == 0
    path.write_text(text.replace("    enabled: true\n", "    enabled: false\n"), encoding="utf-8")

    refused, out, _ = rictl("apply", "--auto-approve")
    told = " ".join(out.split())

    assert refused == 3
    assert "disabling-in-production" in told
    assert "Relationship analytics is on and would be switched off in production" in told
    assert rictl("apply", "--auto-approve", "--allow", "disabling-in-production=the licence ends")[0] == 0
    assert rictl("plan", "--detailed-exitcode")[0] == 0


def test_where_an_organization_is_decides_what_may_be_switched_on(rictl: Rictl, workspace: Path) -> None:
    scenario = workspace / "environments" / "_emulator" / "small.yaml"
    scenario.write_text("host: small.crm8.dynamics.com\n" + scenario.read_text(encoding="utf-8"), encoding="utf-8")
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("forms:\n", "  whoKnowsWhom: {enabled: true}\nforms:\n"), encoding="utf-8")

    code, out, _ = rictl("plan")

    assert code == 3
    assert "Who knows whom is not offered in full in the region of this organization (IND)" in " ".join(out.split())
