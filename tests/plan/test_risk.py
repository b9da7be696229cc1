"""How much harm a change could do, how many people it concerns, where a person sees it, and what moved since the base commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.model.change import Change, SettingsChange, WidgetChange
from reconciler.model.desired import Connection, DesiredEnvironment, DesiredWidget
from reconciler.model.fact import Fact, Known, Ref, Unknown
from reconciler.model.live import LiveState, PeopleCount, RoleIds
from reconciler.model.plan import PeopleImpact, Plan
from reconciler.plan.build import build_plan
from reconciler.plan.cause import with_causes
from reconciler.plan.people import people_to_count
from tests.plan.worlds import (
    EXECUTIVE,
    FORM_ID,
    MANAGER,
    SALESPERSON,
    attested,
    carry_out,
    declared_form,
    lead_form,
    names,
    on_form,
    organization,
    plan,
    wish,
)

S, M, E = SALESPERSON.id, MANAGER.id, EXECUTIVE.id
ON = ("exchange_data", "enabled")
ROLES = ("exchange_data", "securityRoles")
WKW = ("who_knows_whom", "enabled")
ANALYTICS = ("relationship_analytics", "enabled")
PROD = {"labels": (("tier", "prod"),)}


def stored(*roles: str) -> Known:
    return Known(tuple(Ref(id) for id in sorted(roles)))


def live(exchange: Mapping[tuple[str, str], Fact], counts: Mapping[RoleIds, int | str], *, lower: bool = False) -> LiveState:
    people = {
        roles: Unknown(count) if isinstance(count, str) else PeopleCount(count, lower and count == 5000) for roles, count in counts.items()
    }
    return organization(exchange, people=people)


def the(changes: tuple[Change, ...]) -> Change:
    (change,) = changes
    return change


def risk(made: Plan) -> tuple[str, str]:
    change = the(made.changes)
    return change.risk, change.risk_because


def numbers(impact: PeopleImpact) -> tuple[int | None, ...]:
    return impact.before, impact.after, impact.added, impact.removed


def test_opening_exchange_data_is_a_high_risk_that_tells_how_many_people() -> None:
    made = plan(wish({ON: True, ROLES: names("Salesperson")}), live({}, {(S,): 1212}))

    assert risk(made) == ("high", "opens Exchange data of 1,212 more people")
    (impact,) = made.impacts
    assert (str(impact.address), impact.what) == ("contoso-test/exchange_data", "People whose Exchange data is used")
    assert numbers(impact) == (0, 1212, 1212, 0)
    assert made.risk == "high"


def test_one_more_person_is_not_people() -> None:
    assert risk(plan(wish({ON: True, ROLES: names("Salesperson")}), live({}, {(S,): 1})))[1] == "opens Exchange data of 1 more person"


def test_a_role_more_and_a_role_less_are_counted_apart() -> None:
    there = live({ON: Known(True), ROLES: stored(S, M)}, {(S, M): 87, (S, E): 250, (S, M, E): 299})
    desired = wish({ON: True, ROLES: names("Salesperson", "Contoso Account Executive")})

    assert people_to_count(desired, there, CATALOG) == ((S, M), (S, E), (S, M, E))
    made = plan(desired, there)
    assert [numbers(impact) for impact in made.impacts] == [(87, 250, 212, 49)]
    assert risk(made) == ("high", "opens Exchange data of 212 more people")


def test_fewer_roles_are_a_medium_risk_and_need_no_third_count() -> None:
    there = live({ON: Known(True), ROLES: stored(S, M)}, {(S, M): 87, (S,): 60})
    desired = wish({ON: True, ROLES: names("Salesperson")})

    assert people_to_count(desired, there, CATALOG) == ((S, M), (S,))
    made = plan(desired, there)
    assert [numbers(impact) for impact in made.impacts] == [(87, 60, 0, 27)]
    assert risk(made) == ("medium", "Exchange data of people with fewer roles is used")


def test_a_role_that_nobody_else_has_is_a_medium_risk() -> None:
    there = live({ON: Known(True), ROLES: stored(S)}, {(S,): 60, (S, M): 60})

    made = plan(wish({ON: True, ROLES: names("Salesperson", "Sales Manager")}), there)

    assert risk(made) == ("medium", "opens Exchange data to whoever gets such a role; today that is nobody else")


def test_roles_of_a_switch_that_stays_off_concern_nobody() -> None:
    there = live({ROLES: stored(S)}, {})
    desired = wish({ON: False, ROLES: names("Sales Manager")})

    assert people_to_count(desired, there, CATALOG) == ()
    made = plan(desired, there)
    assert (risk(made), made.impacts) == (("low", ""), ())


def test_nothing_is_counted_where_nothing_moves() -> None:
    there = live({ON: Known(True), ROLES: stored(S)}, {})

    assert people_to_count(wish({ON: True, ROLES: names("Salesperson")}), there, CATALOG) == ()
    assert people_to_count(wish({WKW: True}), there, CATALOG) == ()


def test_without_stored_roles_everybody_is_concerned_until_now() -> None:
    there = live({ON: Known(True)}, {(): 400, (S,): 60})

    made = plan(wish({ON: True, ROLES: names("Salesperson")}), there)

    assert [numbers(impact) for impact in made.impacts] == [(400, 60, 0, 340)]


def test_what_nobody_could_count_is_told_with_its_reason_and_stays_a_high_risk() -> None:
    made = plan(wish({ON: True, ROLES: names("Salesperson")}), live({}, {(S,): "user may not be read"}))

    (impact,) = made.impacts
    assert (numbers(impact), impact.not_counted) == ((0, None, None, 0), "user may not be read")
    assert risk(made) == ("high", "opens Exchange data of more people, and it is not known of how many")


def test_where_the_service_stops_counting_numbers_are_lower_bounds_and_differences_of_them_unknown() -> None:
    opening = plan(wish({ON: True, ROLES: names("Salesperson")}), live({}, {(S,): 5000}, lower=True))
    assert risk(opening) == ("high", "opens Exchange data of at least 5,000 more people")
    assert opening.impacts[0].is_at_least

    there = live({ON: Known(True), ROLES: stored(S)}, {(S,): 5000, (M, S): 5000, (S, M): 5000}, lower=True)
    (impact,) = plan(wish({ON: True, ROLES: names("Salesperson", "Sales Manager")}), there).impacts
    assert (numbers(impact), impact.not_counted) == ((5000, 5000, None, 0), "the service counts to 5,000 only")


def test_a_limit_that_was_not_read_leaves_the_number_of_today_open() -> None:
    there = live({ON: Known(True), ROLES: Unknown("no list of roles")}, {})

    (impact,) = plan(wish({ON: False}), there).impacts

    assert (numbers(impact), impact.not_counted) == ((None, 0, 0, None), "no list of roles")


def test_a_switch_that_was_not_read_leaves_it_open_as_well() -> None:
    there = live({ON: Unknown("2 is neither on nor off"), ROLES: stored(S)}, {(M,): 3})

    assert people_to_count(wish({ON: True, ROLES: names("Sales Manager")}), there, CATALOG) == ()


@pytest.mark.parametrize(("labels", "expected"), [((), "medium"), ((("tier", "prod"),), "high"), ((("tier", "test"),), "medium")])
def test_switching_off_weighs_more_in_production(labels: tuple[tuple[str, str], ...], expected: str) -> None:
    made = plan(wish({ANALYTICS: False}, labels=labels), organization({ANALYTICS: Known(True)}))

    where = " in production" if expected == "high" else ""
    assert risk(made) == (expected, f"switches Relationship analytics off{where}")


def test_what_is_never_switched_off_again_is_a_high_risk() -> None:
    terms = {("relationship_intelligence", "termsAccepted"): True}

    assert risk(plan(wish(terms, attestations=(attested("termsAccepted"),)), organization())) == (
        "high",
        "termsAccepted is never switched off again by rictl",
    )


def test_what_the_consent_can_undo_is_a_medium_risk_and_an_option_a_low_one() -> None:
    assert risk(plan(wish({WKW: True}), organization())) == (
        "medium",
        "without the Microsoft 365 consent Who knows whom is switched off again on day 14",
    )
    assert risk(plan(wish({("relationship_analytics", "activityWeights.email"): 7}), organization())) == ("low", "")


def with_widget() -> tuple[DesiredEnvironment, LiveState, Plan]:
    desired = wish(forms=(declared_form(DesiredWidget("who-knows-whom")),), connection=Connection(url="https://contoso.crm4.dynamics.com"))
    there = on_form(lead_form())
    return desired, there, plan(desired, there)


def without_widget(there: LiveState) -> LiveState:
    """The form after somebody ran the plan of `with_widget`."""
    from reconciler.forms.reconcile import reconcile
    from reconciler.plan.forms import known_widgets

    done = reconcile(
        lead_form().unpublished,
        form_id=FORM_ID,
        wanted=(DesiredWidget("who-knows-whom"),),
        known=known_widgets(CATALOG),
        language=1033,
        exclusive=False,
    ).xml
    return replace(there, forms={("lead", "Contoso Lead"): lead_form(unpublished=done, published=done)})


def test_a_widget_that_goes_is_a_medium_risk_and_one_that_comes_a_low_one() -> None:
    desired, there, made = with_widget()
    assert risk(made) == ("low", "")

    removal = plan(replace(desired, forms=(declared_form(),)), without_widget(there))

    assert risk(removal) == ("medium", "takes a widget away from everybody who uses the form")


def test_a_form_leads_to_its_editor_in_the_portal_of_its_cloud() -> None:
    desired, there, made = with_widget()
    known = replace(there, organization=replace(there.organization, environment_id="Default-0aa1"))
    in_china = replace(desired, connection=replace(desired.connection, cloud="china"))
    path = f"/e/Default-0aa1/s/00000001-0000-0000-0001-00000000009b/entity/lead/form/edit/{FORM_ID}"

    classic = f"https://contoso.crm4.dynamics.com/main.aspx?pagetype=formeditor&etn=lead&extraqs=formtype%3Dmain%26formId%3D{FORM_ID}"
    assert the(made.changes).link == classic
    assert the(plan(desired, known).changes).link == f"https://make.powerapps.com{path}"
    assert the(plan(in_china, known).changes).link == f"https://make.powerapps.cn{path}"


def test_a_form_whose_id_is_none_has_no_link() -> None:
    desired, _, _ = with_widget()

    assert the(plan(desired, on_form(lead_form(id="x&y"))).changes).link is None


@pytest.mark.parametrize(
    ("connection", "url", "link"),
    [
        (
            Connection(url="https://contoso.crm4.dynamics.com"),
            "https://contoso.crm4.dynamics.com",
            "https://contoso.crm4.dynamics.com/main.aspx?pagetype=control"
            "&controlName=MscrmControls.UnifiedConfigCustomControl.UnifiedConfigCustomControl",
        ),
        (Connection(url="http://127.0.0.1:8080/contoso"), "http://127.0.0.1:8080/contoso", "http://127.0.0.1:8080/contoso/settings"),
        (Connection(emulator="contoso"), "http://127.0.0.1:8080/contoso", None),
        (Connection(url="http://contoso.example"), "http://contoso.example", None),
        (Connection(url="https://[contoso"), "https://[contoso", None),
    ],
)
def test_settings_lead_to_a_page_that_will_be_there(connection: Connection, url: str, link: str | None) -> None:
    there = organization()
    there = replace(there, organization=replace(there.organization, url=url))

    assert the(plan(wish({WKW: True}, connection=connection), there).changes).link == link


def test_causes_tell_what_moved_in_git_in_the_environment_and_in_both() -> None:
    weight, phone, task = (("relationship_analytics", f"activityWeights.{name}") for name in ("email", "phoneCall", "task"))
    there = organization({weight: Known(4), phone: Known(6), task: Known(9)})
    base = wish({weight: 7, phone: 6, task: 5})
    now = wish({weight: 7, phone: 8, task: 3, WKW: True})

    made = with_causes(plan(now, there), build_plan(base, there, CATALOG))

    causes = {field.field: field.cause for change in made.changes if isinstance(change, SettingsChange) for field in change.fields}
    assert causes == {
        "enabled": "git",
        "activityWeights.email": "environment",
        "activityWeights.phoneCall": "git",
        "activityWeights.task": "both",
    }


def widget_cause(made: Plan) -> str | None:
    change = the(made.changes)
    assert isinstance(change, WidgetChange)
    return change.cause


def test_a_widget_has_one_cause() -> None:
    desired, there, made = with_widget()
    moved = replace(desired, forms=(declared_form(DesiredWidget("who-knows-whom", rows=9)),))
    empty = replace(desired, forms=())

    assert widget_cause(with_causes(made, build_plan(empty, there, CATALOG))) == "git"
    assert widget_cause(with_causes(made, build_plan(desired, there, CATALOG))) == "environment"
    assert widget_cause(with_causes(made, build_plan(moved, there, CATALOG))) == "both"


def test_risk_links_and_impacts_do_not_change_what_is_done() -> None:
    desired = wish({ON: True, ROLES: names("Salesperson")})
    there = live({}, {(S,): 3})

    assert plan(desired, carry_out(plan(desired, there), there)).is_empty
