from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.change import SettingsChange, Vouched
from reconciler.model.desired import Selector
from reconciler.model.fact import Absent, Known, Ref, Unknown
from reconciler.model.live import LiveRole, LiveRow, NoRow, Organization
from reconciler.model.plan import Plan, WriteRow
from reconciler.plan import codes
from tests.plan.worlds import (
    NOW,
    SERVICE,
    attested,
    codes_of,
    metadata,
    names,
    organization,
    plan,
    wish,
)

TERMS = {("relationship_intelligence", "termsAccepted"): True}
WHO = {("who_knows_whom", "enabled"): True}
EXCHANGE = {("exchange_data", "enabled"): True}
ANALYTICS = {("relationship_analytics", "enabled"): True}
NEWER = Organization("id", "Contoso", "https://contoso.crm.dynamics.com", "9.2.25052.00110")


def test_terms_need_an_attestation_only_when_they_would_be_written() -> None:
    there = organization({("relationship_intelligence", "termsAccepted"): Known(True)})

    assert codes_of(plan(wish(TERMS), organization())) == ["terms-not-attested"]
    assert codes_of(plan(wish(TERMS, attestations=(attested("termsAccepted"),)), organization())) == []
    assert codes_of(plan(wish(TERMS), there)) == []


def test_what_rests_on_a_word_names_it() -> None:
    made = plan(wish({**TERMS, **WHO}, attestations=(attested("termsAccepted"),)), organization())

    vouched = {field.field: field.vouched for change in made.changes if isinstance(change, SettingsChange) for field in change.fields}
    assert vouched == {"termsAccepted": Vouched("termsAccepted", "crm-platform", dt.date(2026, 11, 1)), "enabled": None}


def test_an_inferred_binding_is_refused_with_its_assumption_and_the_way_to_confirm_it() -> None:
    made = plan(wish(WHO, accept=frozenset()), organization())

    (objection,) = made.objections
    assert objection.code == "binding-not-accepted"
    assert "inferred-activation-by-patch" in objection.message
    assert "makes the service start or stop the feature" in objection.message
    assert "827101b2e818" in objection.message
    assert "accept: [inferred-activation-by-patch]" in objection.hint
    assert "PATCH the column in a sandbox" in objection.hint


def test_a_documented_binding_needs_no_acceptance() -> None:
    desired = wish({("who_knows_whom", "introductionTemplate"): Selector("name", "Warm introduction")}, accept=frozenset())

    assert codes_of(plan(desired, organization())) == []


def test_one_acceptance_is_named_once_for_all_of_its_fields() -> None:
    desired = wish({("relationship_analytics", f"activityWeights.{name}"): 7 for name in ("email", "meeting", "task")}, accept=frozenset())

    assert codes_of(plan(desired, organization())) == ["binding-not-accepted"]


@pytest.mark.parametrize("stored", [Absent(), Known(())])
def test_exchange_data_without_any_role_is_refused(stored: Any) -> None:
    live = organization({("exchange_data", "securityRoles"): stored})

    assert codes_of(plan(wish(EXCHANGE), live)) == ["exchange-data-of-everyone"]


def test_exchange_data_that_is_open_to_everyone_already_is_refused_too() -> None:
    live = organization({("exchange_data", "enabled"): Known(True)})

    assert codes_of(plan(wish(EXCHANGE), live)) == ["exchange-data-of-everyone"]


def test_stored_or_declared_roles_limit_exchange_data() -> None:
    stored = organization({("exchange_data", "securityRoles"): Known((Ref("1"),))})
    declared = wish({**EXCHANGE, ("exchange_data", "securityRoles"): names("Salesperson")})

    assert codes_of(plan(wish(EXCHANGE), stored)) == []
    assert codes_of(plan(declared, organization())) == []


def test_what_limits_a_switch_is_pinned_where_the_switch_goes_on() -> None:
    stored = organization(
        {("exchange_data", "securityRoles"): Known((Ref("1"),))}, encodings={("exchange_data", "securityRoles"): "comma-ids"}
    )
    declared = wish({**EXCHANGE, ("exchange_data", "securityRoles"): names("Salesperson")})
    missing = organization(rows={"msdyn_odosmetadata": NoRow()})

    def limits(made: Plan) -> list[tuple[str | None, object, str | None]]:
        writes = [step for step in made.steps if isinstance(step, WriteRow) and step.limits]
        assert [write.fields[0].column for write in writes] == ["msdyn_datasource"]
        return [(limit.row_id, limit.holds, limit.encoding) for write in writes for limit in write.limits]

    salesperson = (Ref("10000000-0000-4000-8000-000000000001"),)
    assert limits(plan(wish(EXCHANGE), stored)) == [("row-of-msdyn_odosmetadata", (Ref("1"),), "comma-ids")]
    assert limits(plan(declared, organization())) == [("row-of-msdyn_odosmetadata", salesperson, None)]
    assert limits(plan(declared, missing)) == [(None, salesperson, None)]


def test_a_limit_that_cannot_be_read_makes_the_plan_incomplete() -> None:
    live = organization({("exchange_data", "securityRoles"): Unknown("junk")})

    made = plan(wish(EXCHANGE), live)

    assert [(gap.field, gap.reason) for gap in made.unread] == [("securityRoles", "junk")]


def test_roles_that_do_not_resolve_are_a_problem_and_not_an_objection() -> None:
    made = plan(wish({**EXCHANGE, ("exchange_data", "securityRoles"): names("Salespersn")}), organization())

    assert codes_of(made) == []
    assert [problem.code for problem in made.problems] == ["role-not-found"]


def test_switching_exchange_data_off_needs_no_roles() -> None:
    live = organization({("exchange_data", "enabled"): Known(True)})

    assert codes_of(plan(wish({("exchange_data", "enabled"): False}), live)) == []


def test_a_kind_that_the_generation_lacks_is_refused_with_its_alternative_and_never_written() -> None:
    made = plan(wish(EXCHANGE), organization(organization=NEWER))

    (objection,) = made.objections
    assert objection.code == "not-in-this-generation"
    assert "server-side-sync" in objection.message
    assert "server-side synchronization" in objection.hint
    assert made.steps == ()


def test_a_generation_that_cannot_be_told_refuses_only_what_not_every_generation_has() -> None:
    unknown = replace(NEWER, version=None)

    made = plan(wish({**EXCHANGE, **WHO}), organization(organization=unknown))

    assert codes_of(made) == ["not-in-this-generation"]
    assert "serviceGeneration" in made.objections[0].hint
    assert [change.address.kind for change in made.changes] == ["who_knows_whom"]


def test_the_file_may_settle_the_generation() -> None:
    desired = wish({**EXCHANGE, ("exchange_data", "securityRoles"): names("Salesperson")}, generation="native-exchange")

    made = plan(desired, organization(organization=NEWER))

    assert codes_of(made) == []
    assert [notice.code for notice in made.notices] == ["generation-differs"]


def test_metadata_that_do_not_fit_are_refused() -> None:
    other_type = organization(metadata=metadata(msdyn_iswkwenabled="Picklist"))
    no_table = organization(metadata={**metadata(), "msdyn_wkwconfig": NoRow()})
    bare = metadata()
    bare["msdyn_wkwconfig"] = replace(bare["msdyn_wkwconfig"], columns={"msdyn_iswkwenabled": "Boolean"})

    assert [o.message for o in plan(wish(WHO), other_type).objections] == [
        "msdyn_wkwconfig.msdyn_iswkwenabled is Picklist in this environment, not Boolean"
    ]
    assert codes_of(plan(wish(WHO), no_table)) == ["metadata-mismatch"]
    assert [o.message for o in plan(wish(WHO), organization(metadata=bare)).objections] == [
        "msdyn_wkwconfig has no column msdyn_currentstatus in this environment"
    ]


def test_a_table_that_is_not_there_is_told_even_though_nothing_could_be_read() -> None:
    live = organization(
        {("who_knows_whom", "enabled"): Unknown("the table does not exist")}, metadata={**metadata(), "msdyn_wkwconfig": NoRow()}
    )

    made = plan(wish(WHO), live)

    assert codes_of(made) == ["metadata-mismatch"]
    assert not made.is_complete


@pytest.mark.parametrize("found", [{}, {"msdyn_wkwconfig": Unknown("403")}])
def test_unconfirmed_metadata_make_the_plan_incomplete(found: dict[str, Any]) -> None:
    made = plan(wish(WHO), organization(metadata=found))

    assert [gap.field for gap in made.unread] == ["enabled"]


def test_a_role_list_that_does_not_fit_its_column_is_refused() -> None:
    roles = tuple(LiveRole(f"10000000-0000-4000-8000-{number:012d}", f"Role {number}", None) for number in range(103))

    fits = plan(wish({("exchange_data", "securityRoles"): names(*(role.name for role in roles[:102]))}), organization(roles=roles))
    too_long = plan(wish({("exchange_data", "securityRoles"): names(*(role.name for role in roles))}), organization(roles=roles))

    assert codes_of(fits) == []
    assert codes_of(too_long) == ["role-list-too-long"]


@pytest.mark.parametrize("status", [4, 6])
def test_on_but_failed_is_never_an_empty_agreement(status: int) -> None:
    live = organization({("relationship_analytics", "enabled"): Known(True)}, activations={"relationship_analytics": status})

    made = plan(wish(ANALYTICS), live)

    assert made.is_empty
    assert codes_of(made) == ["activation-failed"]
    assert [task.code for task in made.tasks] == ["repair-activation"]
    assert made.objections[0].waivable


@pytest.mark.parametrize(
    ("status", "on", "code"),
    [
        (1, True, "in-progress"),
        (2, True, "in-progress"),
        (5, True, "in-progress"),
        (7, True, "counts-as-on"),
        (5, False, "in-progress"),
        (2, False, "in-progress"),
        (3, False, "status-differs"),
        (7, False, "status-differs"),
    ],
)
def test_a_status_beside_the_switch_is_told_and_changes_nothing(status: int, on: bool, code: str) -> None:
    live = organization({("relationship_analytics", "enabled"): Known(on)}, activations={"relationship_analytics": status})

    made = plan(wish({("relationship_analytics", "enabled"): on}), live)

    assert made.is_empty
    assert made.objections == ()
    assert [notice.code for notice in made.notices] == [code]


def test_a_status_that_cannot_be_read_makes_the_plan_incomplete() -> None:
    live = organization({("relationship_analytics", "enabled"): Known(True)}, activations={"relationship_analytics": Unknown("403")})

    assert [gap.reason for gap in plan(wish(ANALYTICS), live).unread] == ["msdyn_currentstatus: 403"]


def test_re_enabling_what_will_lapse_again_is_refused_but_may_be_waived() -> None:
    live = organization(
        rows={"msdyn_wkwconfig": LiveRow("r", modified_on=NOW - dt.timedelta(days=1), modified_by=SERVICE)},
        consent=replace(organization().consent, revoked=True),
    )

    made = plan(wish(WHO), live)

    assert codes_of(made) == ["consent-not-given"]
    assert made.objections[0].waivable
    assert [task.code for task in made.tasks] == ["give-exchange-consent"]


def test_off_without_a_known_cause_is_a_notice() -> None:
    live = organization(rows={"msdyn_wkwconfig": LiveRow("r", modified_by=SERVICE)})

    made = plan(wish(WHO), live)

    assert codes_of(made) == []
    assert "off-cause-unknown" in [notice.code for notice in made.notices]


def test_only_codes_that_are_listed_are_waivable() -> None:
    assert set(codes.OBJECTIONS) >= codes.WAIVABLE
    assert len(set(codes.OBJECTIONS)) == len(codes.OBJECTIONS)
