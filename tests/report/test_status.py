"""What a row of the status says of plans that are incomplete, refused, half done or hostile."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.fact import Known, Ref, Unknown
from reconciler.model.journal import JournalReading
from reconciler.model.live import FormMissing, LiveRow, LiveState, NoRow
from reconciler.model.plan import Approval, HumanTask, Objection, Plan
from reconciler.model.run import Unreadable
from reconciler.plan import codes
from reconciler.report.handoff import handoff_of, handoff_text
from reconciler.report.handoff_calendar import calendar_of
from reconciler.report.status import StatusRow
from reconciler.report.status_document import status_json
from reconciler.report.status_rows import status_row
from reconciler.report.status_text import status_text
from tests.plan.test_forms import WHO
from tests.plan.worlds import MANAGER, NOW, SALESPERSON, attested, declared_form, lead_form, names, on_form, organization, plan, wish

NO_JOURNAL = JournalReading("contoso-test", ())
ANALYTICS = {("relationship_analytics", "enabled"): True}
EXCHANGE: dict[tuple[str, str], Any] = {("exchange_data", "enabled"): True, ("exchange_data", "securityRoles"): names("Salesperson")}
LOCATION = (attested("exchangeDataLocation", "IE"), attested("exchangeConsent"))


def row(desired: DesiredEnvironment, live: LiveState, **changes: Any) -> StatusRow:
    return status_row(desired, replace(plan(desired, live), **changes), NO_JOURNAL, CATALOG)


def states(found: StatusRow) -> dict[str, str]:
    return {feature.kind: feature.state for feature in found.features}


def test_roles_are_those_of_the_environment_not_those_of_the_file() -> None:
    held = tuple(Ref(role.id, role.name) for role in (SALESPERSON, MANAGER))
    live = organization({("exchange_data", "enabled"): Known(True), ("exchange_data", "securityRoles"): Known(held)})

    found = row(wish(EXCHANGE, attestations=LOCATION), live)

    assert (states(found), found.roles, found.drift.changes) == ({"exchange_data": "on"}, 2, 1)


@pytest.mark.parametrize("field", ["enabled", "securityRoles"])
def test_what_could_not_be_read_is_unknown(field: str) -> None:
    live = organization({("exchange_data", "enabled"): Known(True), ("exchange_data", field): Unknown("403")})

    found = row(wish(EXCHANGE, attestations=LOCATION), live)

    assert not found.is_readable
    assert found.roles is None if field == "securityRoles" else states(found) == {"exchange_data": "unknown"}
    assert "roles ?" in status_text([replace(found, roles=None)])
    assert found.next is not None
    assert found.next.what == f"make {field} readable: 403"


def test_a_role_that_is_not_found_leaves_the_number_of_roles_and_the_switch_unknown() -> None:
    desired = wish({**EXCHANGE, ("exchange_data", "securityRoles"): names("Salesperso")}, attestations=LOCATION, owner="crm")

    found = row(desired, organization())

    assert (found.roles, states(found), found.drift.state) == (None, {"exchange_data": "unknown"}, "unknown")
    assert found.next is not None
    assert found.next.who == "crm"
    assert "Salesperson" in found.next.what


def test_a_setting_that_this_generation_does_not_have_is_not_said_to_be_on() -> None:
    found = row(wish(EXCHANGE, generation="server-side-sync"), organization())

    assert states(found) == {"exchange_data": "unknown"}
    assert found.refused == (codes.NOT_IN_THIS_GENERATION,)
    assert "refused: not-in-this-generation" in status_text([found])


def test_declared_off_and_nothing_stored_is_off() -> None:
    live = organization(rows={"msdyn_wkwconfig": NoRow()})

    found = row(wish({("who_knows_whom", "enabled"): False}), live)

    assert (states(found), found.drift.state, found.next) == ({"who_knows_whom": "off"}, "nothing", None)


def test_a_form_that_is_not_found_leaves_its_widgets_unknown() -> None:
    desired = wish(forms=(declared_form(WHO),))

    missing = row(desired, organization(forms={("lead", "Contoso Lead"): FormMissing(())}))
    unread = row(desired, organization(forms={("lead", "Contoso Lead"): Unknown("403")}))
    other = row(desired, on_form(lead_form(type=7)))

    assert [found.widgets.present for found in (missing, unread, other)] == [None, None, None]
    assert "widgets ?/1" in status_text([missing])


def test_what_is_written_and_not_published_is_drift() -> None:
    made = plan(wish(forms=(declared_form(WHO),)), on_form(lead_form()))

    found = status_row(wish(forms=(declared_form(WHO),)), replace(made, changes=(), steps=made.steps[1:]), NO_JOURNAL, CATALOG)

    assert (found.drift.state, found.drift.changes, found.widgets.present) == ("changes", 0, 1)
    assert "not published" in status_text([found])


def test_what_a_person_switched_off_is_drift_also_when_the_service_switched_off_the_rest() -> None:
    from reconciler.model.live import ConsentSignals
    from tests.plan.worlds import ANA, SERVICE

    desired = wish({("who_knows_whom", "enabled"): True, **EXCHANGE}, attestations=LOCATION[:1])
    live = organization(
        consent=ConsentSignals(connector_status=5),
        rows={
            "msdyn_wkwconfig": LiveRow("r", modified_on=NOW, modified_by=ANA),
            "msdyn_activityanalysisconfig": LiveRow("r", modified_on=NOW, modified_by=SERVICE),
        },
    )

    found = row(desired, live)

    assert found.consent is not None
    assert found.consent.state == "lapsed"
    # The roles of the second differ, too: so it is both.
    assert found.drift.changes == 2
    assert found.drift.switched_off_by_service == ("exchange_data",)


@pytest.mark.parametrize(
    ("changes", "who", "what"),
    [
        ({"approvals": (Approval("privacy", "p", "more people"),)}, "privacy", "approve the plan: more people"),
        ({"objections": (Objection("c", "m", "do this"),)}, "crm", "do this"),
        ({"problems": (Diagnostic("c", "is wrong"),)}, "crm", "is wrong"),
        ({}, "crm", "rictl apply contoso-test"),
        (
            {"tasks": (HumanTask("a", "late", "x", NOW + dt.timedelta(2)), HumanTask("b", "soon", "y", NOW), HumanTask("c", "any", "z"))},
            "soon",
            "y",
        ),
    ],
)
def test_who_is_next(changes: dict[str, Any], who: str, what: str) -> None:
    found = row(wish(ANALYTICS, owner="crm"), organization(), **changes)

    assert found.next is not None
    assert (found.next.who, found.next.what) == (who, what)


def test_without_an_owner_the_file_is_named() -> None:
    lost = Unreadable("contoso-test", "denied", "Dataverse refused the caller")

    found = status_row(wish(ANALYTICS), lost, NO_JOURNAL, CATALOG)

    assert found.next is not None
    assert found.next.who == "whoever keeps environments/contoso-test.yaml"
    assert found.next.what == "find out why it cannot be read: Dataverse refused the caller"
    assert (found.widgets.declared, found.is_readable) == (0, False)


def hostile() -> tuple[DesiredEnvironment, Plan]:
    desired = wish({("who_knows_whom", "enabled"): True}, owner="crm\x1b[31m\r\nBcc: all@contoso.example")
    made = plan(desired, organization())
    return desired, replace(made, target=replace(made.target, organization="Contoso\x1b[2J\r\nEND:VEVENT\u202e"))


def test_nothing_hostile_leaves_the_table_the_json_the_message_or_the_calendar() -> None:
    desired, made = hostile()
    found = status_row(desired, made, NO_JOURNAL, CATALOG)
    handed = handoff_of(desired, made, CATALOG)
    assert handed is not None
    message, entry = handoff_text(handed), calendar_of(handed, NOW, "0.1.0")

    for text in (status_text([found]), status_json([found], NOW, "0.1.0"), message, entry):
        assert not {"\x1b", "\u202e"} & set(text)
    assert json.loads(status_json([found], NOW, "0.1.0"))["environments"][0]["organization"] == made.target.organization
    assert "\nBcc:" not in message
    assert "Bcc: all@contoso.example" in message
    assert entry.count("\r\nEND:VEVENT") == 1


def test_a_task_that_is_not_about_the_consent_is_handed_over_without_its_story() -> None:
    made = replace(
        plan(wish(ANALYTICS), organization()), tasks=(HumanTask("repair-activation", "Dynamics 365 administrator", "Look at it"),)
    )
    handed = handoff_of(wish(ANALYTICS), made, CATALOG)
    assert handed is not None

    text = handoff_text(handed)

    assert text.splitlines()[0] == "Subject: Administrator needed for Contoso Test (contoso-test)"
    assert "Dynamics 365 administrator: Look at it." in text
    assert "consent" not in text
    assert "the team that keeps environments/contoso-test.yaml" in text


def test_an_unknown_consent_asks_to_check_it() -> None:
    desired = wish({("who_knows_whom", "enabled"): True})
    live = organization(
        {("who_knows_whom", "enabled"): Known(True)}, rows={"msdyn_wkwconfig": LiveRow("r", modified_on=NOW - dt.timedelta(40))}
    )
    handed = handoff_of(desired, plan(desired, live), CATALOG)
    assert handed is not None

    text = handoff_text(handed)

    assert "Check that the consent is given" in text
    assert "Without the consent the service by itself switches off, on day 14: Who knows whom." in text
