"""What stands around a change in the text of a plan: risk, cause, notes, link; and how many people it concerns."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.model.address import Address
from reconciler.model.change import SettingsChange
from reconciler.model.desired import Connection
from reconciler.model.fact import Known, Unknown
from reconciler.model.live import PeopleCount
from reconciler.model.note import Note
from reconciler.model.plan import PeopleImpact, Plan
from reconciler.model.run import PlanRun
from reconciler.model.source import SourceSpan
from reconciler.model.words import impact_in_words
from reconciler.report.as_text import as_text
from reconciler.report.explain_plan import plan_explained
from reconciler.report.formats.book import Style, render
from tests.plan.worlds import NOW, SALESPERSON, names, organization, plan, wish

REAL = Connection(url="https://contoso.crm4.dynamics.com")
OPENING: dict[Any, Any] = {("exchange_data", "enabled"): True, ("exchange_data", "securityRoles"): names("Salesperson")}


def opening(count: PeopleCount | Unknown) -> Plan:
    made = plan(wish(OPENING, connection=REAL), organization(people={(SALESPERSON.id,): count}))
    (change,) = made.changes
    assert isinstance(change, SettingsChange)
    note = Note("relationshipIntelligence.exchangeData", "agreed with the works council", "crm-emea", "CRM-1412", dt.date(2027, 3, 31))
    placed = replace(note, where=SourceSpan("environments/contoso-test.yaml", 9, 3))
    enabled, roles = change.fields
    told = replace(change, fields=(replace(enabled, note=placed, cause="git"), replace(roles, note=placed, cause="environment")))
    return replace(made, changes=(told,))


def test_around_a_change_stands_what_a_reviewer_weighs() -> None:
    text = as_text([opening(PeopleCount(212))])

    assert (
        "\n      risk high: opens Exchange data of 212 more people"
        "\n      changed in git: enabled"
        "\n      changed in the environment: securityRoles"
        "\n      relationshipIntelligence.exchangeData: agreed with the works council; owner crm-emea;"
        "\n        CRM-1412; until 2027-03-31 (environments/contoso-test.yaml:9)"
        "\n      a person sees it at"
        "\n        https://contoso.crm4.dynamics.com/main.aspx?pagetype=control"
        "&controlName=MscrmControls.UnifiedConfigCustomControl.UnifiedConfigCustomControl\n"
    ) in text
    assert "contoso-test/exchange_data  enable (2 fields), changed in git and in the environment\n" in text
    assert "\n  People whose Exchange data is used: 212 more, 0 fewer; 0 today, 212 afterwards\n" in text


def test_where_nobody_could_count_every_format_says_why() -> None:
    made = opening(Unknown("user may not be read: the privilege prvReadUser is missing"))
    said = "People whose Exchange data is used: an unknown number more, 0 fewer; 0 today, an unknown number afterwards"
    why = "(user may not be read: the privilege prvReadUser is missing)"
    run = PlanRun((made,), (), NOW, "0.1.0")

    assert f"{said} {why}" in " ".join(as_text([made]).split())
    assert f"{said} {why}" in render("markdown", run, Style())
    assert "changed in git and in the environment" in render("markdown", run, Style())
    assert said in " ".join(plan_explained([made], CATALOG).split())


@pytest.mark.parametrize(
    ("numbers", "more", "expected"),
    [
        ((87, 299, 212, 0), {}, "X: 212 more, 0 fewer; 87 today, 299 afterwards"),
        ((0, 5000, 5000, 0), {"is_at_least": True, "not_counted": "w"}, "X: 5,000 more, 0 fewer; 0 today, 5,000 afterwards (at least; w)"),
        ((None, None, None, None), {"not_counted": "w"}, "X: not counted (w)"),
        ((None, None, None, None), {}, "X: not counted (nobody counted)"),
    ],
)
def test_the_words_for_people_tell_lower_bounds_and_gaps(numbers: tuple[int | None, ...], more: dict[str, Any], expected: str) -> None:
    before, after, added, removed = numbers

    assert impact_in_words(PeopleImpact(Address("p", "exchange_data"), before, after, added, removed, "X", **more)) == expected


def test_a_low_risk_is_not_printed() -> None:
    weight = ("relationship_analytics", "activityWeights.email")

    text = as_text([plan(wish({weight: 7}), organization({weight: Known(4)}))])

    assert "risk" not in text
    assert "changed in" not in text
