"""A comment keeps within its limit: environments are folded away from the last one up, and the comment says so and where all of it is."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.plan import Plan
from reconciler.model.run import ApplyRun, PlanRun
from reconciler.report.formats.book import Style, render
from reconciler.report.formats.markdown import LARGEST_COMMENT, MARKER
from tests.plan.worlds import NOW
from tests.report.settling import CHANGING, applied, incomplete, refused, run_of_plans
from tests.report.worlds import apply_run, calm_plan, full_plan

ADDRESS = "https://github.com/contoso/crm/actions/runs/17"
FOLDED = re.compile(r"_(\d+) of (\d+) environments are shortened here: \[the full report\]\((.*)\)\._")


@cache
def a_full_plan() -> Plan:
    return full_plan()


def fleet(number: int, name: str = "contoso-{}", made: Plan | None = None) -> PlanRun:
    made = made if made is not None else a_full_plan()
    return PlanRun(tuple(replace(made, environment=name.format(index)) for index in range(number)), (), NOW, "0.1.0")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_a_small_fleet_is_shown_whole() -> None:
    text = render("markdown", fleet(2), Style(report=ADDRESS))

    assert text.startswith(f"{MARKER}\n### Plan: ")
    assert text.count("<details") == text.count("</details>") == 2
    assert text.count("In this order:") == 2
    assert "shortened" not in text


def test_nothing_to_say_is_two_lines() -> None:
    assert render("markdown", PlanRun((), (), NOW, "0.1.0"), Style()).split("\n") == [MARKER, "### Plan: no changes in 0 environments."]


def test_the_last_environments_lose_their_details_first_then_their_tables() -> None:
    whole = render("markdown", fleet(6), Style())

    text = render("markdown", fleet(6), Style(limit=utf16(whole) - 1, report=ADDRESS))
    sections = text.split("<details")[1:]
    assert ["In this order:" in section for section in sections] == [True] * len([s for s in sections if "In this order:" in s]) + [
        False
    ] * len([s for s in sections if "In this order:" not in s])
    assert 0 < sum("In this order:" in section for section in sections) < 6
    assert len(sections) == 6
    folded = FOLDED.search(text)
    assert folded is not None
    assert folded.groups() == (str(6 - sum("In this order:" in section for section in sections)), "6", ADDRESS)


def test_without_an_address_the_comment_says_where_else_to_look() -> None:
    text = render("markdown", fleet(40), Style(limit=20_000))

    assert "environments are shortened here; the full report is among the files of this run._" in text


def test_two_hundred_environments_with_long_names_fit_into_a_comment_and_each_has_its_row() -> None:
    text = render("markdown", fleet(200, "contoso-{}-" + "n" * 60), Style(report=ADDRESS))

    assert utf16(text) <= LARGEST_COMMENT
    assert sum(line.startswith("| contoso-") for line in text.split("\n")) == 200
    assert FOLDED.search(text) is not None
    assert text.count("<details") == text.count("</details>")


def test_rows_that_do_not_fit_are_counted() -> None:
    text = render("markdown", fleet(200, "contoso-{}-" + "n" * 300), Style(limit=20_000, report=ADDRESS))

    rows = sum(line.startswith("| contoso-") for line in text.split("\n"))
    assert 0 < rows < 200
    assert f"\n| and {200 - rows} more | | | | |\n" in text
    assert utf16(text) <= 20_000


@pytest.mark.parametrize(("unit", "size"), [("characters", utf16), ("bytes", lambda text: len(text.encode()))], ids=["characters", "bytes"])
def test_an_emoji_counts_as_the_platform_counts_it(unit: str, size: object) -> None:
    assert callable(size)
    run = fleet(80, "\U0001f680" * 120 + "{}")

    text = render("markdown", run, Style(limit=30_000, limit_in="bytes" if unit == "bytes" else "characters", report=ADDRESS))

    assert len(text) < size(text) <= 30_000
    assert "\U0001f680" in text


@settings(max_examples=40, deadline=None)
@given(
    number=st.integers(0, 30),
    name=st.text(st.characters(codec="utf-8"), min_size=1, max_size=400),
    said=st.text(st.characters(codec="utf-8"), max_size=3_000),
    limit=st.integers(4_096, 80_000),
    in_bytes=st.booleans(),
)
def test_no_limit_is_ever_exceeded_and_no_section_cut_in_two(number: int, name: str, said: str, limit: int, in_bytes: bool) -> None:
    run = run_of_plans(*(refused(f"{name}{index}", said) for index in range(number)), incomplete(name, said))

    text = render("markdown", run, Style(limit=limit, limit_in="bytes" if in_bytes else "characters", report=ADDRESS))

    assert (len(text.encode()) if in_bytes else utf16(text)) <= limit
    assert text.startswith(MARKER)
    assert text.count("<details") == text.count("</details>")


def test_without_details_only_the_tables_are_there() -> None:
    text = render("markdown", fleet(2), Style(details=False))

    assert text.count("<details") == 2
    assert "In this order:" not in text


def test_an_environment_of_which_nothing_is_to_be_said_has_no_section() -> None:
    text = render("markdown", fleet(1, made=calm_plan()), Style())

    assert "| contoso-0 |" in text
    assert "<details" not in text


def test_an_apply_says_what_became_of_each_environment() -> None:
    text = render("markdown", apply_run(), Style())

    assert "| contoso-calm | converged |" in text
    assert re.search(r"\| contoso-test \| \*\*not converged\*\* \(1 of \d+ steps done\): the service said no \|", text)
    assert "| contoso-stop | **interrupted** (1 of 1 steps done) |" in text
    assert text.count("<details") == 4


def test_an_apply_of_many_environments_is_folded_too() -> None:
    (_, failed) = applied().outcomes
    run = ApplyRun(tuple(replace(failed, plan=replace(CHANGING, environment=f"e{number}")) for number in range(60)), NOW, "0.1.0")

    text = render("markdown", run, Style(limit=12_000, report=ADDRESS))

    assert utf16(text) <= 12_000
    assert FOLDED.search(text) is not None
    assert "<details" not in render("markdown", run, Style(details=False))
