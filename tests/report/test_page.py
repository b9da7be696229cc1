"""The page of a report: what a reviewer reads first, what becomes a link, and how much of a large fleet each format takes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from bench.report import large_run
from reconciler.catalog.register import CATALOG
from reconciler.model.plan import Consent
from reconciler.model.run import ApplyRun, PlanRun
from reconciler.report.counts import last_line, summary_of
from reconciler.report.formats.book import Style, render
from reconciler.report.page.consent import window_of
from reconciler.report.page.fleet import people_line
from reconciler.report.page.links import is_known, pieces
from tests.plan.worlds import NOW
from tests.report.test_hostile import Page, azure_commands, github_commands
from tests.report.worlds import apply_run, calm_plan, full_plan, plan_run

STYLE = Style(catalog=CATALOG)


def text_of(page: str) -> str:
    return " ".join("".join(Page(page).text).split())


def test_the_headline_is_the_last_line_of_the_text() -> None:
    run = plan_run()
    page = render("html", run, STYLE)

    assert f"<h1>{last_line(summary_of(run.plans, 1))}</h1>" in page
    assert (
        "As it is, nothing of this is applied anywhere. Refused: contoso-test; not known in full: contoso-test, contoso-asia."
        in text_of(page)
    )


def test_what_has_to_be_decided_stands_first_and_is_unfolded() -> None:
    calm, refused = calm_plan(), full_plan()
    loses = replace(refused, environment="contoso-loses", objections=(), problems=(), unread=())
    page = render("html", PlanRun((calm, loses, refused), plan_run().unreadable, NOW, "0.1.0"), STYLE)

    order = re.findall(r'<a href="#[\w-]+">([\w-]+)</a>', page)
    opened = re.findall(r"<article [^>]*>\s*<details( open)?>\s*<summary><h2 [^>]*>([\w-]+)", page)

    assert order == ["contoso-test", "contoso-asia", "contoso-loses", "contoso-calm"]
    assert opened == [(" open", "contoso-test"), (" open", "contoso-asia"), (" open", "contoso-loses"), ("", "contoso-calm")]


@pytest.mark.parametrize(
    "words",
    [
        "To go on: declare roles",
        'Or take responsibility for it: --allow "exchange-data-of-everyone=REASON"',
        "Waived: too-many-changes 24 would change Reason given: first roll-out",
        "privacy-officers must approve: Exchange data of more people is used",
        "Microsoft 365 Global Administrator, until 2 December 2026: Give the consent",
        "9 of 14 days left, until 2 December 2026",
        "securityRoles could not be read: it holds text that is no list of roles",
        "unknown-role: there is no role Sales Persn environments/contoso-test.yaml:31:5 Next: did you mean Salesperson?",
        "Exchange data of these people is used at least: the service counts no further 87 299 212 0",
        "People who can be introduced prvReadUser is missing not counted not counted not counted not counted",
        "agreed with the works council relationshipIntelligence · owner crm-emea · CRM-1412 · holds until 2027-03-31",
        "high risk opens data",
        "set at http://127.0.0.1:1/settings",
        "Open where it is set",
        "SHA-256 of the plan file 9f86d081 May be applied until 24 November 2026, 10:02 UTC Signature key 8f2d",
        "Nothing would change",
        "labels are written in one language labels-in-language",
        "Next: give a role",
    ],
)
def test_the_page_of_a_plan_says(words: str) -> None:
    assert "".join(words.split()) in "".join(text_of(render("html", plan_run(), STYLE)).split())


def test_a_widget_that_moves_is_shown_from_where_to_where() -> None:
    page = render("html", plan_run(), STYLE)

    assert re.search(r"<th[^>]*>tab</th>\s*<td[^>]*><span class=\"from\">Details</span></td>\s*<td[^>]*><strong>Summary</strong>", page)


def test_without_details_only_the_list_of_changes_is_left() -> None:
    page = render("html", plan_run(), replace(STYLE, details=False))

    assert ("<img" in page, 'class="change' in page, "What changes</h3>" in page) == (False, False, True)
    assert "To go on:" in text_of(page)


def test_without_a_catalogue_kinds_have_their_names() -> None:
    assert "What changes for people" in render("html", plan_run(), STYLE)
    assert "What changes for people" not in render("html", plan_run(), Style())


def test_the_page_of_an_apply_says_what_became_of_every_environment() -> None:
    text = text_of(render("html", apply_run(), STYLE))

    for words in ("not converged", "converged", "interrupted", "nothing was written", "effect unknown", "not reached", "What remains"):
        assert words in text
    assert "Why: the service said no" in text
    assert "What the plan was" not in text_of(render("html", apply_run(), replace(STYLE, details=False)))


def test_nothing_to_show_is_a_page_too() -> None:
    assert "<table" not in render("html", PlanRun((), (), NOW, "0.1.0"), STYLE)
    assert "Apply: 0 of 0 environments converged." in render("html", ApplyRun((), NOW, "0.1.0"), STYLE)


def test_a_saved_plan_may_name_kinds_that_nobody_knows() -> None:
    made = full_plan()
    odd = tuple(replace(change, address=replace(change.address, kind="odd", key="x")) for change in made.changes)

    assert "odd" in render("html", PlanRun((replace(made, changes=odd),), (), NOW, "0.1.0"), STYLE)


def test_the_same_run_is_the_same_bytes() -> None:
    assert render("html", plan_run(), STYLE) == render("html", plan_run(), STYLE)


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://contoso.crm4.dynamics.com/main.aspx?x=1", True),
        ("https://make.powerapps.com/e/1/s/2", True),
        ("https://admin.microsoft.com/#/Settings", True),
        ("https://contoso.crm4.dynamics.com:443/", True),
        ("http://contoso.crm4.dynamics.com/", False),
        ("https://contoso.crm4.dynamics.com:8443/", False),
        ("https://contoso.crm4.dynamics.com:port/", False),
        ("https://dynamics.com.example/", False),
        ("https://contoso.crm4.dynamics.com@example.com/", False),
        ("https://example.com\\.dynamics.com/", False),
        ("https://example.com/\u202e.dynamics.com", False),
        ("https://[::1/", False),
        ("javascript:alert(1)//.dynamics.com", False),
    ],
)
def test_only_hosts_that_are_known_become_links(address: str, known: bool) -> None:
    assert is_known(address) is known


def test_an_address_in_a_sentence_becomes_a_link_without_what_ends_the_sentence() -> None:
    text = "go to (https://admin.microsoft.com/#/Settings); not https://example.com/."

    assert list(pieces(text)) == [
        ("go to (", None),
        ("https://admin.microsoft.com/#/Settings", "https://admin.microsoft.com/#/Settings"),
        ("); not https://example.com/.", None),
    ]


@pytest.mark.parametrize(("left", "over", "shown"), [(14, 0, 14), (1, 13, 1), (-3, 14, 0)])
def test_the_window_of_a_consent_shows_the_days_that_are_over(left: int, over: int, shown: int) -> None:
    window = window_of(Consent("pending", "x", NOW + dt.timedelta(days=left), left))

    assert window is not None
    assert (sum(window.days), len(window.days), window.said) == (over, 14, f"{shown} of 14 days left")


def test_a_consent_that_is_there_or_not_needed_has_no_window() -> None:
    assert window_of(Consent("not-needed", "x")) is None
    given, lapsed = window_of(Consent("granted", "x", None, 3)), window_of(Consent("lapsed", "x"))
    assert (given and given.days, lapsed and lapsed.days) == ((), ())


def test_people_are_counted_in_few_words() -> None:
    counted = full_plan().impacts[0]

    assert people_line([]) == ""
    assert people_line([counted, replace(counted, added=1, removed=3)]) == "213 more, 3 fewer"
    assert people_line(full_plan().impacts) == "not counted"


def test_a_large_fleet_keeps_the_limits_of_the_platforms() -> None:
    run = large_run()
    comment = render("markdown", run, STYLE)
    summary = render("markdown", run, replace(STYLE, limit=1024 * 1024, limit_in="bytes"))
    names = [command[0] for command in github_commands(render("github", run, STYLE)) if isinstance(command, tuple)]
    issues = [command for command in azure_commands(render("azdo", run, STYLE)) if command[0] == "task.logissue"]

    assert sum(len(plan.changes) for plan in run.plans) == 2_000
    assert len(comment) <= 65_536
    assert len(summary.encode()) <= 1024 * 1024
    assert max(names.count(level) for level in ("error", "warning", "notice")) <= 11
    assert len(issues) <= 22
    assert "environments are shortened here" in comment


def test_a_comment_names_the_plan_file_and_begins_with_what_has_to_be_decided() -> None:
    calm, refused = calm_plan(), full_plan()
    loses = replace(refused, environment="contoso-loses", objections=(), problems=(), unread=())
    run = replace(plan_run(), plans=(calm, loses, refused))
    comment = render("markdown", run, STYLE)

    assert "Plan file `sha256 9f86d081`, to be applied until 2026-11-24 10:02 UTC." in comment
    assert re.findall(r"^\| (contoso-\w+) \|", comment, re.MULTILINE) == ["contoso-asia", "contoso-test", "contoso-loses", "contoso-calm"]


def test_a_comment_says_where_a_widget_stood_and_where_it_will_stand() -> None:
    comment = render("markdown", plan_run(), STYLE)

    assert "before: tab Details / column 1 / before Timeline / section old" in comment
    assert "after: tab Summary" in comment
