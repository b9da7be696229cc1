"""A switch that opens something is not in a plan while what limits it is not known."""

from __future__ import annotations

from reconciler.model.desired import DesiredValue
from reconciler.model.fact import Absent, Known, Ref, Unknown
from reconciler.model.live import LiveState
from reconciler.model.plan import Plan, WriteRow
from tests.plan.worlds import SALESPERSON, names, organization, plan, wish

SWITCH = ("exchange_data", "enabled")
ROLES = ("exchange_data", "securityRoles")
HELD = Known((Ref(SALESPERSON.id, "Salesperson"),))


def planned(*roles: str, live: LiveState | None = None) -> Plan:
    settings: dict[tuple[str, str], DesiredValue] = {SWITCH: True, ("relationship_analytics", "enabled"): True}
    if roles:
        settings[ROLES] = names(*roles)
    return plan(wish(settings), live or organization())


def written(made: Plan) -> list[tuple[str, str]]:
    return [(write.kind, write.field) for step in made.steps if isinstance(step, WriteRow) for write in step.fields]


def changed(made: Plan) -> list[str]:
    return [change.address.kind for change in made.changes]


def withheld(made: Plan) -> list[str]:
    return [notice.message for notice in made.notices if notice.code == "limit-not-known"]


def test_a_misspelt_role_keeps_the_switch_it_limits_out_of_the_plan() -> None:
    made = planned("Salesperon")

    assert written(made) == [("relationship_analytics", "enabled")]
    assert changed(made) == ["relationship_analytics"]
    assert withheld(made) == [
        "Exchange data is not switched on in this plan: exchangeData.securityRoles, which limits whose data is used, could not be resolved"
    ]
    assert not made.is_complete


def test_roles_that_cannot_be_read_keep_the_switch_out() -> None:
    unlisted = planned("Salesperson", live=organization(roles=Unknown("403")))
    unreadable = planned("Salesperson", live=organization({ROLES: Unknown("it is no list")}))
    undeclared = planned(live=organization({ROLES: Unknown("it is no list")}))

    assert [SWITCH in written(made) for made in (unlisted, unreadable, undeclared)] == [False, False, False]
    assert [len(withheld(made)) for made in (unlisted, unreadable, undeclared)] == [1, 1, 1]
    assert "could not be read" in withheld(unreadable)[0]


def test_a_known_limit_lets_the_switch_in() -> None:
    declared, stored, absent = (
        planned("Salesperson"),
        planned(live=organization({ROLES: HELD})),
        planned(live=organization({ROLES: Absent()})),
    )

    assert [SWITCH in written(made) for made in (declared, stored, absent)] == [True, True, True]
    assert [withheld(made) for made in (declared, stored, absent)] == [[], [], []]


def test_switching_off_waits_for_no_limit() -> None:
    live = organization({SWITCH: Known(True)})

    made = plan(wish({SWITCH: False, ROLES: names("Salesperon")}), live)

    assert written(made) == [SWITCH]
    assert withheld(made) == []
