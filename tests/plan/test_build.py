from __future__ import annotations

from dataclasses import replace

from reconciler.model.desired import DesiredValue
from reconciler.model.fact import Known, Ref, Unknown
from reconciler.model.live import NoRow
from reconciler.model.plan import AwaitActivation, WriteRow
from reconciler.plan.build import desired_sha256, plan_sha256
from tests.plan.worlds import (
    EXECUTIVE,
    MANAGER,
    SALESPERSON,
    attested,
    carry_out,
    codes_of,
    names,
    organization,
    origin,
    plan,
    wish,
)

EVERYTHING: dict[tuple[str, str], DesiredValue] = {
    ("relationship_intelligence", "termsAccepted"): True,
    ("relationship_intelligence", "analyticsPermitted"): True,
    ("relationship_analytics", "enabled"): True,
    ("relationship_analytics", "activityWeights.email"): 7,
    ("relationship_analytics", "healthScore.grading.good"): 60,
    ("who_knows_whom", "enabled"): True,
    ("exchange_data", "enabled"): True,
    ("exchange_data", "securityRoles"): names("Salesperson", "Sales Manager"),
}


def shape(steps: tuple[object, ...]) -> list[tuple[str, ...]]:
    shown = []
    for step in steps:
        if isinstance(step, WriteRow):
            shown.append((step.phase, step.table, *(write.field for write in step.fields)))
        if isinstance(step, AwaitActivation):
            shown.append((step.phase, "await", step.kind, step.target))
    return shown


def test_everything_goes_on_in_the_safe_order() -> None:
    made = plan(wish(EVERYTHING, attestations=(attested("termsAccepted"),)), organization())

    assert shape(made.steps) == [
        ("roles", "msdyn_odosmetadata", "securityRoles"),
        ("switch", "organization", "termsAccepted", "analyticsPermitted"),
        ("on", "msdyn_activityanalysisconfig", "enabled", "enabled"),
        ("on", "msdyn_wkwconfig", "enabled"),
        ("on", "await", "relationship_analytics", "on"),
        ("on", "await", "who_knows_whom", "on"),
        ("options", "msdyn_activityanalysisconfig", "activityWeights.email"),
        ("options", "msdyn_relationshipanalyticsmetadata", "healthScore.grading.good"),
    ]
    assert codes_of(made) == []
    assert made.is_complete


def test_everything_goes_off_the_other_way() -> None:
    on = {key: Known(True) for key in EVERYTHING if key[1] == "enabled"}
    declared: dict[tuple[str, str], DesiredValue] = dict.fromkeys(on, False)

    made = plan(wish(declared), organization(on))

    assert shape(made.steps) == [
        ("close", "msdyn_activityanalysisconfig", "enabled"),
        ("off", "msdyn_activityanalysisconfig", "enabled"),
        ("off", "msdyn_wkwconfig", "enabled"),
        ("off", "await", "relationship_analytics", "off"),
        ("off", "await", "who_knows_whom", "off"),
    ]
    assert {change.action for change in made.changes} == {"disable"}


def test_a_carried_out_plan_leaves_nothing() -> None:
    desired = wish(EVERYTHING, attestations=(attested("termsAccepted"),))
    live = organization()

    again = plan(desired, carry_out(plan(desired, live), live))

    assert again.changes == ()
    assert again.steps == ()
    assert again.checked == len(EVERYTHING)


def test_what_is_not_declared_is_not_touched() -> None:
    made = plan(wish(), organization({("who_knows_whom", "enabled"): Known(True)}))

    assert made.is_empty
    assert made.is_complete
    assert made.objections == ()


def test_an_unknown_fact_is_neither_changed_nor_hidden() -> None:
    broken = organization({("who_knows_whom", "enabled"): Unknown("no privilege")})

    made = plan(wish({("who_knows_whom", "enabled"): True}), broken)

    assert made.is_empty
    assert not made.is_complete
    assert [(gap.field, gap.reason) for gap in made.unread] == [("enabled", "no privilege")]


def test_a_setting_that_nobody_read_is_unknown() -> None:
    made = plan(wish({("who_knows_whom", "enabled"): True}), organization(settings=None, rows={"msdyn_wkwconfig": Unknown("two rows")}))

    assert [gap.reason for gap in made.unread] == ["two rows"]
    unasked = replace(organization(), settings={})
    assert [gap.reason for gap in plan(wish({("who_knows_whom", "enabled"): True}), unasked).unread] == ["it was not read"]


def test_roles_are_compared_as_a_set() -> None:
    stored = Known((Ref(MANAGER.id), Ref(SALESPERSON.id.upper())))
    live = organization({("exchange_data", "securityRoles"): stored})

    same = plan(wish({("exchange_data", "securityRoles"): names("Salesperson", "Sales Manager")}), live)
    other = plan(wish({("exchange_data", "securityRoles"): names("Salesperson", EXECUTIVE.name)}), live)

    assert same.is_empty
    assert [step.fields[0].after for step in other.steps if isinstance(step, WriteRow)] == [(Ref(SALESPERSON.id), Ref(EXECUTIVE.id))]


def test_a_number_is_never_taken_for_a_switch() -> None:
    live = organization({("relationship_analytics", "healthScore.enabled"): Known(1)})

    made = plan(wish({("relationship_analytics", "healthScore.enabled"): True}), live)

    assert len(made.steps) == 1


def test_a_missing_row_is_created_only_when_that_is_accepted() -> None:
    desired = wish({("who_knows_whom", "enabled"): True})
    live = organization(rows={"msdyn_wkwconfig": NoRow()})
    accepting = replace(desired, accept=desired.accept | {"inferred-row-creation"})

    assert codes_of(plan(desired, live)) == ["settings-row-missing"]
    assert codes_of(plan(accepting, live)) == []
    assert [step.row_id for step in plan(accepting, live).steps if isinstance(step, WriteRow)] == [None]


def test_switching_off_what_has_no_row_changes_nothing() -> None:
    made = plan(wish({("who_knows_whom", "enabled"): False}), organization(rows={"msdyn_wkwconfig": NoRow()}))

    assert made.is_empty
    assert made.objections == ()


def test_a_step_carries_version_row_and_spelling_that_it_is_based_on() -> None:
    live = organization(encodings={("exchange_data", "securityRoles"): "comma-ids"})

    step = plan(wish({("exchange_data", "securityRoles"): names("Salesperson")}), live).steps[0]

    assert isinstance(step, WriteRow)
    assert (step.row_id, step.etag, step.guarded) == ("row-of-msdyn_odosmetadata", 'W/"7"', True)
    assert step.fields[0].encoding == "comma-ids"


def test_the_last_author_of_a_row_is_named() -> None:
    made = plan(wish({("who_knows_whom", "enabled"): True}), organization())

    change = made.changes[0]
    assert change.change == "settings"
    assert change.modified_by is not None
    assert change.modified_by.name == "Ana Pop"


def test_a_one_way_switch_is_never_set_back() -> None:
    live = organization({("relationship_intelligence", "termsAccepted"): Known(True)})

    assert plan(wish({("relationship_intelligence", "termsAccepted"): False}), live).is_empty


def test_the_same_inputs_give_the_same_digest() -> None:
    desired = wish(EVERYTHING, attestations=(attested("termsAccepted"),))

    assert plan_sha256(plan(desired, organization())) == plan_sha256(plan(desired, organization()))
    assert plan_sha256(plan(desired, organization())) != plan_sha256(plan(desired, organization(requests=3)))


def test_moving_a_line_does_not_change_the_digest_of_a_wish() -> None:
    desired = wish(EVERYTHING)
    moved = replace(desired, settings=tuple(replace(setting, origin=origin(99)) for setting in desired.settings))

    assert desired_sha256(desired) == desired_sha256(moved)
    assert desired_sha256(desired) != desired_sha256(replace(desired, accept=frozenset()))
