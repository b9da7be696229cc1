"""Guards against what a plan would do to people: accidents are asked about, and what cannot work here is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.desired import DesiredEnvironment, DesiredValue
from reconciler.model.fact import Absent, Fact, Known, Ref
from reconciler.model.live import LiveRole, LiveState, Organization
from reconciler.plan import codes
from reconciler.plan.build import waive
from tests.plan.worlds import EXECUTIVE, MANAGER, ROLES, SALESPERSON, attested, codes_of, names, organization, plan, wish

WHO: dict[tuple[str, str], DesiredValue] = {("who_knows_whom", "enabled"): True}
EXCHANGE: dict[tuple[str, str], DesiredValue] = {
    ("exchange_data", "enabled"): True,
    ("exchange_data", "securityRoles"): names("Salesperson"),
}
GUARDS = ("all-roles-replaced", "disabling-in-production", "data-location-not-supported", "not-in-this-region", "too-many-changes")


def holding(*roles: LiveRole) -> Known:
    return Known(tuple(Ref(role.id.upper(), role.name) for role in roles))


def with_roles(fact: Fact) -> LiveState:
    return organization({("exchange_data", "securityRoles"): fact})


def at(url: str, region: str | None = None) -> LiveState:
    return organization(organization=Organization("id", "Contoso", url, "9.2.25014.1", region))


def located(country: str, **changes: Any) -> DesiredEnvironment:
    return wish({**EXCHANGE, **WHO}, attestations=(attested("exchangeDataLocation", country),), **changes)


def test_a_selection_of_which_nothing_stays_is_asked_about() -> None:
    made = plan(wish({("exchange_data", "securityRoles"): names("Contoso Account Executive")}), with_roles(holding(SALESPERSON, MANAGER)))

    (objection,) = made.objections
    assert (objection.code, objection.waivable, str(objection.address)) == ("all-roles-replaced", True, "contoso-test/exchange_data")
    assert objection.message == (
        "none of the 2 securityRoles stays: Salesperson, Sales Manager would give way to Contoso Account Executive"
    )


@pytest.mark.parametrize("held", [Absent(), Known(()), holding(SALESPERSON), holding(MANAGER, SALESPERSON)])
def test_a_selection_that_grows_starts_or_keeps_a_role_is_not(held: Fact) -> None:
    assert codes_of(plan(wish({("exchange_data", "securityRoles"): names("Salesperson")}), with_roles(held))) == []


@given(st.sets(st.sampled_from(ROLES)), st.sets(st.sampled_from(ROLES), min_size=1))
def test_all_roles_are_replaced_exactly_if_some_were_there_and_none_of_them_stays(held: set[LiveRole], wanted: set[LiveRole]) -> None:
    made = plan(wish({("exchange_data", "securityRoles"): names(*(role.name for role in wanted))}), with_roles(holding(*held)))

    assert ("all-roles-replaced" in codes_of(made)) == (bool(held) and held.isdisjoint(wanted))


@pytest.mark.parametrize("tier", ["prod", "production", "PROD"])
def test_switching_a_feature_off_in_production_is_asked_about(tier: str) -> None:
    desired = wish({("who_knows_whom", "enabled"): False}, labels=(("tier", tier),))

    made = plan(desired, organization({("who_knows_whom", "enabled"): Known(True)}))

    assert [(o.code, o.message) for o in made.objections] == [
        ("disabling-in-production", "Who knows whom is on and would be switched off in production")
    ]


@pytest.mark.parametrize("labels", [(), (("tier", "test"),), (("stage", "prod"),), (("tier", "prod-like"),)])
def test_elsewhere_it_is_not(labels: tuple[tuple[str, str], ...]) -> None:
    desired = wish({("who_knows_whom", "enabled"): False}, labels=labels)

    assert codes_of(plan(desired, organization({("who_knows_whom", "enabled"): Known(True)}))) == []


def test_what_is_off_already_or_goes_on_in_production_is_not_asked_about() -> None:
    prod = (("tier", "prod"),)

    assert codes_of(plan(wish({("who_knows_whom", "enabled"): False}, labels=prod), organization())) == []
    assert codes_of(plan(wish(WHO, labels=prod), organization())) == []


def test_exchange_data_from_where_it_cannot_be_used_is_told_for_each_feature_that_needs_it() -> None:
    made = plan(located("DE"), organization())

    assert [(o.code, o.message) for o in made.objections] == [
        ("data-location-not-supported", "Who knows whom would have no effect: Exchange data kept in DE cannot be used for insights"),
        ("data-location-not-supported", "Exchange data would have no effect: Exchange data kept in DE cannot be used for insights"),
    ]
    assert "what rests on Dynamics 365 data alone works everywhere. Supported as of 2022-08-19: AT, FI, FR, " in made.objections[0].hint


def test_a_supported_or_unknown_location_and_what_is_on_already_are_not_told() -> None:
    there = organization(
        {("exchange_data", "enabled"): Known(True), ("who_knows_whom", "enabled"): Known(True),
         ("exchange_data", "securityRoles"): holding(SALESPERSON)}
    )  # fmt: skip

    assert codes_of(plan(located("FR"), organization())) == []
    assert codes_of(plan(wish({**EXCHANGE, **WHO}), organization())) == []
    assert codes_of(plan(located("DE"), there)) == []


def test_the_newer_generation_has_no_such_list() -> None:
    desired = wish(WHO, attestations=(attested("exchangeDataLocation", "DE"),), generation="server-side-sync")

    assert codes_of(plan(desired, organization())) == []


@pytest.mark.parametrize(
    ("url", "region", "refused"),
    [
        ("https://contoso.crm8.dynamics.com", None, "IND"),
        ("https://contoso.crm4.dynamics.com", "IND", None),
        ("http://127.0.0.1:8787/contoso", "SE", "SE"),
        ("http://127.0.0.1:8787/contoso", "EMEA", None),
        ("https://contoso.crm99.dynamics.com", None, None),
        ("not an address", None, None),
    ],
)
def test_a_feature_is_refused_in_a_region_that_does_not_have_it(url: str, region: str | None, refused: str | None) -> None:
    made = plan(wish(WHO), at(url, region))

    expected = f"Who knows whom is not offered in full in the region of this organization ({refused})"
    assert [o.message for o in made.objections] == ([expected] if refused else [])


def test_what_every_region_has_is_never_refused() -> None:
    assert codes_of(plan(wish({("relationship_analytics", "enabled"): True}), at("https://contoso.crm8.dynamics.com"))) == []


@pytest.mark.parametrize("code", GUARDS)
def test_each_guard_is_waived_by_its_own_name_only(code: str) -> None:
    assert code in codes.WAIVABLE
    made = plan(located("DE", labels=(("tier", "prod"),)), at("https://contoso.crm8.dynamics.com"))
    waived = waive(made, {code: "agreed"})

    assert {o.code for o in waived.objections if o.waived == "agreed"} == {code} & set(codes_of(made))


def test_a_role_that_replaces_others_may_also_be_too_many() -> None:
    made = plan(wish({("exchange_data", "securityRoles"): names(EXECUTIVE.name)}), with_roles(holding(SALESPERSON, MANAGER)))

    assert codes_of(made) == ["all-roles-replaced"]
