from __future__ import annotations

import datetime as dt
from typing import Any

from reconciler.model.fact import Known
from reconciler.model.live import ConsentSignals, LiveRow, LiveState
from reconciler.model.plan import Consent
from tests.plan.worlds import ANA, NOW, SERVICE, attested, organization, plan, wish

WHO = {("who_knows_whom", "enabled"): True}
ON = {("who_knows_whom", "enabled"): Known(True)}


def consent(live: LiveState, *attestations: Any, generation: Any = "auto") -> Consent:
    found = plan(wish(WHO, attestations=attestations, generation=generation), live).consent
    assert found is not None
    return found


def row(days_ago: int, by: Any = ANA) -> dict[str, LiveRow]:
    return {"msdyn_wkwconfig": LiveRow("r", modified_on=NOW - dt.timedelta(days=days_ago), modified_by=by)}


def test_nothing_is_said_when_nothing_depends_on_it() -> None:
    assert plan(wish({("relationship_analytics", "enabled"): True}), organization()).consent is None


def test_switching_off_needs_none() -> None:
    made = plan(wish({("who_knows_whom", "enabled"): False}), organization(ON))

    assert made.consent is not None
    assert made.consent.state == "not-needed"
    assert made.tasks == ()


def test_the_newer_generation_has_no_window() -> None:
    assert consent(organization(), generation="server-side-sync").state == "not-needed"


def test_an_active_connector_is_an_observed_consent() -> None:
    found = consent(organization(ON, consent=ConsentSignals(connector_status=3)))

    assert (found.state, found.deadline) == ("granted", None)
    assert found.evidence == "observed: msdyn_exchangemarsstatus is 3 (connector active)"


def test_a_word_is_shown_as_a_word() -> None:
    found = consent(organization(ON), attested("exchangeConsent"))

    assert (found.state, found.evidence) == ("granted", "attested by crm-platform on 2026-11-01")


def test_the_window_of_a_new_enablement_begins_with_the_apply() -> None:
    made = plan(wish(WHO), organization())

    assert made.consent is not None
    assert (made.consent.state, made.consent.days_left) == ("pending", 14)
    assert made.consent.deadline == NOW + dt.timedelta(days=14)
    assert [(task.code, task.who, task.deadline) for task in made.tasks] == [
        ("give-exchange-consent", "Microsoft 365 Global Administrator", NOW + dt.timedelta(days=14))
    ]


def test_an_attested_start_sets_the_deadline() -> None:
    found = consent(organization(ON), attested("enabledOn", True, dt.date(2026, 11, 20)))

    assert (found.state, found.days_left) == ("pending", 10)
    assert found.deadline == dt.datetime(2026, 12, 4, tzinfo=dt.UTC)


def test_an_attested_start_that_is_long_past_sets_no_deadline() -> None:
    found = consent(organization(ON), attested("enabledOn", True, dt.date(2026, 11, 1)))

    assert (found.state, found.deadline) == ("unknown", None)
    assert "on for longer than 14 days (switched on on 2026-11-01" in found.evidence


def test_an_attested_start_after_the_features_were_seen_on_is_not_believed() -> None:
    found = consent(organization(ON, rows=row(3)), attested("enabledOn", True, dt.date(2026, 11, 22)))

    assert (found.state, found.days_left) == ("pending", 11)


def test_without_a_word_the_last_write_bounds_the_deadline() -> None:
    found = consent(organization(ON, rows=row(3)))

    assert (found.state, found.days_left) == ("pending", 11)
    assert "the 14th day is between 2026-11-23 and 2026-12-04" in found.evidence


def test_on_for_longer_than_the_window_says_nothing_certain() -> None:
    made = plan(wish(WHO), organization(ON, rows=row(20)))

    assert made.consent is not None
    assert (made.consent.state, made.consent.deadline) == ("unknown", None)
    assert made.tasks[0].what.startswith("Check that the consent is given")


def test_on_since_nobody_knows_when() -> None:
    assert consent(organization(ON, rows={"msdyn_wkwconfig": LiveRow("r")})).state == "unknown"


def test_what_is_observed_beats_what_is_attested() -> None:
    live = organization(ON, rows=row(3), consent=ConsentSignals(revoked=True))

    found = consent(live, attested("exchangeConsent"))

    assert (found.state, found.days_left) == ("withdrawn", 11)
    assert "msdyn_isconsentrevoked" in found.evidence
    assert "although it is attested by crm-platform" in found.evidence


def test_a_withdrawn_consent_says_who_acts_and_what_happens_next() -> None:
    long_on = plan(wish(WHO), organization(ON, rows=row(20), consent=ConsentSignals(revoked=True)))

    assert long_on.consent is not None
    assert (long_on.consent.state, long_on.consent.deadline) == ("withdrawn", None)
    (task,) = long_on.tasks
    assert task.who == "Microsoft 365 Global Administrator"
    assert task.what.startswith("The consent was withdrawn. Give it again: Microsoft 365 admin center")
    assert "switches what needs the consent off at the latest on day 14" in task.what
    assert "declare these features off instead" in task.what


def test_what_was_switched_off_for_a_withdrawn_consent_has_lapsed() -> None:
    assert consent(organization(rows=row(2, SERVICE), consent=ConsentSignals(revoked=True))).state == "lapsed"


def test_a_consent_attested_as_not_given_is_pending() -> None:
    assert consent(organization(), attested("exchangeConsent", False)).evidence.startswith("attested as not given")


def refused(by: Any, status: int | None = 401) -> LiveState:
    connector = {"msdyn_activityanalysisconfig": LiveRow("a", modified_on=NOW - dt.timedelta(days=2), modified_by=SERVICE)}
    return organization(rows={**row(2, by), **connector}, consent=ConsentSignals(connector_status=status))


def test_a_lapse_is_off_by_the_service_with_a_refused_consent() -> None:
    found = consent(refused(SERVICE))

    assert found.state == "lapsed"
    assert "switched off on 2026-11-21 by # Dynamics 365 Sales" in found.evidence


def test_anything_less_is_not_called_a_lapse() -> None:
    assert consent(refused(ANA)).state == "pending"
    assert consent(refused(SERVICE, status=2)).state == "pending"
    assert consent(organization(rows=row(2, None), consent=ConsentSignals(connector_status=5))).state == "pending"


def test_a_consent_given_after_the_lapse_is_believed() -> None:
    assert consent(refused(SERVICE), attested("exchangeConsent", True, dt.date(2026, 11, 22))).state == "granted"
    assert consent(refused(SERVICE), attested("exchangeConsent", True, dt.date(2026, 11, 21))).state == "lapsed"
