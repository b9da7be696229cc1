"""Wishes and forms that do not fit each other."""

from __future__ import annotations

import pytest

from reconciler.forms.reconcile import Problem
from reconciler.model.desired import Anchor, DesiredWidget
from reconciler.model.source import Origin, SourceSpan
from tests.forms.samples import COMPACT, at, form, run, section, tab

TWICE = form(
    tab("T", section("same") + section("same"), section("one")),
    tab("T", section("one")),
    tab("Empty"),
)


def only(xml: bytes, *wanted: DesiredWidget) -> Problem:
    """The one problem of a reconcile that must leave the bytes alone."""
    done = run(xml, *wanted)
    assert (done.xml, done.edits, done.findings) == (xml, (), ())
    assert len(done.problems) == 1
    return done.problems[0]


@pytest.mark.parametrize(
    ("xml", "anchor", "code", "says"),
    [
        (COMPACT, {"tab": "Sumary"}, "tab-not-found", "'Summary', 'More'"),
        (TWICE, {"tab": "T"}, "tab-ambiguous", "{T-id}"),
        (form(), {}, "tab-not-found", "no tabs"),
        (COMPACT, {"tab": "Summary", "column": 3}, "column-out-of-range", "2 columns, not 3"),
        (COMPACT, {"tab": "More", "column": 0}, "column-out-of-range", "1 column, not 0"),
        (TWICE, {"tab": "Empty"}, "column-out-of-range", "0 columns"),
        (COMPACT, {"tab": "More", "after": "Details"}, "section-not-found", "there is 'Extra'"),
        (COMPACT, {"tab": "Summary", "column": 2, "before": "Details"}, "section-not-found", "'Company', 'Timeline'"),
        (COMPACT, {"after": ""}, "section-not-found", "'Details', 'Contact', 'Company', 'Timeline', 'Extra'"),
        (COMPACT, {"after": "ri_charts"}, "section-not-found", "ri_charts"),
        (COMPACT, {"after": "ri_network"}, "anchors-in-a-circle", "ri_network"),
        (TWICE, {"after": "same"}, "section-ambiguous", "2 sections"),
        (TWICE, {"after": "one"}, "section-ambiguous", "{one-id}"),
        (form(tab("T", "")), {"after": "x"}, "section-not-found", "there is none"),
    ],
)
def test_an_anchor_that_fits_nothing_or_too_much_is_a_problem(xml: bytes, anchor: dict[str, str | int], code: str, says: str) -> None:
    problem = only(xml, at("network", **anchor))

    assert problem.code == code
    assert says in problem.message
    assert problem.message.startswith("network")
    assert problem.hint


def test_a_section_that_stands_elsewhere_is_told() -> None:
    assert "tab 'Summary', column 1" in only(COMPACT, at("network", tab="More", after="Details")).hint


def test_ours_does_not_stand_beside_itself() -> None:
    there = run(COMPACT, "network").xml

    assert only(there, at("network", after="ri_network__d")).code == "section-not-found"


def test_widgets_that_wait_for_each_other_have_no_place() -> None:
    circle = [at("network", after="charts"), at("charts", before="ri_network"), DesiredWidget("team-health")]

    for xml in (COMPACT, run(COMPACT, "network", "charts").xml):
        done = run(xml, *circle)
        assert [each.code for each in done.problems] == ["anchors-in-a-circle", "anchors-in-a-circle"]
        assert done.xml == xml


def test_all_problems_are_told_at_once_each_with_its_place() -> None:
    spans = [SourceSpan("a.yaml", line, 1) for line in (1, 2)]
    wanted = [DesiredWidget(name, Anchor(tab="no"), origin=Origin(span)) for name, span in zip(("network", "charts"), spans, strict=True)]

    done = run(COMPACT, *wanted)

    assert [each.where for each in done.problems] == spans


def test_an_anchor_is_checked_even_when_the_widget_is_there() -> None:
    assert only(run(COMPACT, "network").xml, at("network", tab="Gone")).code == "tab-not-found"


def test_long_lists_and_names_are_shortened() -> None:
    many = form(tab("T", "".join(section(f"{'s' * 90}{i}") for i in range(30))))

    message = only(many, at("network", after="x")).message

    assert "and 20 more" in message
    assert len(message) < 900


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (DesiredWidget("netwrok"), "widget-unknown"),
        (DesiredWidget("network", rows=0), "rows-out-of-range"),
        (DesiredWidget("network", rows=101), "rows-out-of-range"),
        (DesiredWidget("network", label=" "), "label-unwritable"),
        (DesiredWidget("network", label="a\x00b"), "label-unwritable"),
        (DesiredWidget("network", label="\ud800"), "label-unwritable"),
        (DesiredWidget("network", form_factors=()), "form-factors-empty"),
    ],
)
def test_a_wish_that_no_form_can_fulfil_is_a_problem(wish: DesiredWidget, code: str) -> None:
    assert only(COMPACT, wish).code == code


def test_a_widget_declared_twice_is_a_problem() -> None:
    assert only(COMPACT, DesiredWidget("network"), DesiredWidget("network")).code == "widget-declared-twice"


@pytest.mark.parametrize("xml", [b"", b"<form>", b"no xml", b"<forms />", b"<!DOCTYPE form><form />", b"\xff\xfe<\x00f\x00"])
def test_a_form_that_cannot_be_read_is_a_problem(xml: bytes) -> None:
    assert only(xml, DesiredWidget("network")).code == "form-unreadable"
