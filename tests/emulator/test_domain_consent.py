from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reconciler.emulator.context import Row
from tests.emulator.domain_world import NOON, World

ANALYTICS = "msdyn_activityanalysisconfig"
WKW = "msdyn_wkwconfig"
ROLES = "msdyn_odosmetadata"
FEATURE = "msdyn_odosfeaturemetadata"

ON = {"msdyn_isorgsettingenable": True, "msdyn_datasource": 3}


def turned_on(folder: Path, scenario: str = "") -> World:
    """An organization in which analytics, Exchange data and who knows whom were turned on a minute ago."""
    world = World(folder, scenario or None)
    world.write(ROLES, {"msdyn_enabledroles": '["a"]'})
    world.write(ANALYTICS, ON)
    world.write(WKW, {"msdyn_iswkwenabled": True})
    world.later(minutes=1)
    return world


def consent(world: World, state: str) -> None:
    """Somebody grants or withdraws the consent now."""
    with world.writing() as rows:
        world.domain.set_consent(rows, state, world.now)  # type: ignore[arg-type]


def settled(world: World) -> None:
    """What the server does before a request."""
    with world.writing() as rows:
        if world.domain.is_due(rows, world.now):
            world.domain.settle(rows, world.now)


def switches(world: World) -> tuple[bool, int, bool, int, int]:
    """(analytics, its status, who knows whom, its status, data source)."""
    analytics, wkw = world.read(ANALYTICS), world.read(WKW)
    return (
        analytics["msdyn_isorgsettingenable"],
        analytics["msdyn_currentstatus"],
        wkw["msdyn_iswkwenabled"],
        wkw["msdyn_currentstatus"],
        analytics["msdyn_datasource"],
    )


def connector(world: World) -> int:
    return int(world.read(ANALYTICS)["msdyn_exchangemarsstatus"])


def test_without_consent_the_connector_waits_until_the_14th_day(tmp_path: Path) -> None:
    world = turned_on(tmp_path)
    assert connector(world) == 2
    world.later(days=13, hours=23)
    assert (connector(world), switches(world)) == (2, (True, 3, True, 3, 3))


def test_on_the_14th_day_all_that_needs_the_consent_goes_off_and_analytics_stays(tmp_path: Path) -> None:
    world = turned_on(tmp_path)
    world.later(days=14)
    assert (switches(world), connector(world)) == ((True, 3, False, 6, 1), 5)
    assert world.read(ROLES)["msdyn_enabledroles"] == '["a"]'


@pytest.mark.parametrize("by_server", [True, False])
def test_a_lapse_is_a_write_of_the_service_account_at_that_very_moment(tmp_path: Path, by_server: bool) -> None:
    world = turned_on(tmp_path)
    world.later(days=20)
    if by_server:
        settled(world)
    service = world.read("systemuser", fullname="Dynamics 365 Office Data Service")["systemuserid"]
    for table in (ANALYTICS, WKW):
        row = world.read(table)
        assert (service, "2026-12-07T12:00:00Z") == (row["_modifiedby_value"], row["modifiedon"])


def test_storing_a_lapse_shows_what_was_shown_before_and_gives_a_new_etag(tmp_path: Path) -> None:
    world = turned_on(tmp_path)
    world.later(days=15)
    before = {table: world.read(table) for table in (ANALYTICS, WKW)}
    settled(world)
    settled(world)
    after = {table: world.read(table) for table in (ANALYTICS, WKW)}

    def content(row: Row) -> Row:
        return {column: value for column, value in row.items() if column != "versionnumber"}

    assert {table: content(row) for table, row in before.items()} == {table: content(row) for table, row in after.items()}
    assert all(after[table]["versionnumber"] > before[table]["versionnumber"] for table in before)


def test_with_consent_the_connector_becomes_active_and_nothing_lapses(tmp_path: Path) -> None:
    world = turned_on(tmp_path)
    consent(world, "granted")
    assert connector(world) == 2
    world.later(seconds=2)
    assert connector(world) == 3
    world.later(days=30)
    assert (switches(world), connector(world)) == ((True, 3, True, 3, 3), 3)


def test_consent_that_comes_late_brings_nothing_back_by_itself(tmp_path: Path) -> None:
    world = turned_on(tmp_path)
    world.later(days=15)
    consent(world, "granted")
    world.later(days=1)
    assert (switches(world), connector(world)) == ((True, 3, False, 6, 1), 5)
    world.write(ANALYTICS, {"msdyn_datasource": 3})
    world.write(WKW, {"msdyn_iswkwenabled": True})
    world.later(days=30)
    assert (switches(world), connector(world)) == ((True, 3, True, 3, 3), 3)


def test_turning_on_again_without_consent_starts_another_14_days(tmp_path: Path) -> None:
    world = turned_on(tmp_path)
    world.later(days=20)
    world.write(WKW, {"msdyn_iswkwenabled": True})
    world.later(days=13)
    assert switches(world) == (True, 3, True, 3, 1)
    world.later(days=1)
    assert switches(world) == (True, 3, False, 6, 1)


def test_the_window_starts_with_the_first_feature_and_ends_when_all_are_off(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(WKW, {"msdyn_iswkwenabled": True})
    world.later(days=10)
    world.write(ANALYTICS, ON)
    world.later(days=3)
    world.write(WKW, {"msdyn_iswkwenabled": False})
    world.write(ANALYTICS, {"msdyn_datasource": 1})
    assert connector(world) == 7
    world.later(days=5)
    world.write(WKW, {"msdyn_iswkwenabled": True})
    world.later(days=13)
    assert world.read(WKW)["msdyn_iswkwenabled"] is True


def test_analytics_alone_needs_no_consent(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    world.later(days=40)
    assert (switches(world), connector(world)) == ((True, 3, False, 1, 1), 1)


def test_exchange_data_without_analytics_does_not_start_the_connector(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(ANALYTICS, {"msdyn_datasource": 3})
    assert connector(world) == 1


def test_withdrawing_the_consent_is_recorded_and_stops_the_connector(tmp_path: Path) -> None:
    world = turned_on(tmp_path)
    consent(world, "granted")
    world.later(days=20)
    consent(world, "withdrawn")
    row = world.read(FEATURE)
    assert (row["msdyn_isconsentrevoked"], row["msdyn_consentrevokedtime"]) == (True, "2026-12-13T12:01:00Z")
    assert (switches(world), connector(world)) == ((True, 3, True, 3, 3), 402)
    consent(world, "granted")
    row = world.read(FEATURE)
    assert (row["msdyn_isconsentrevoked"], row["msdyn_consentrevokedtime"]) == (False, None)


def test_a_scenario_can_start_in_the_middle_of_the_window(tmp_path: Path) -> None:
    world = World(tmp_path, f"settings: {{{WKW}: {{msdyn_iswkwenabled: true, msdyn_currentstatus: 3}}}}\nconsent: {{turnedOnDaysAgo: 10}}")
    row = world.read(WKW)
    assert (True, (NOON - dt.timedelta(days=10)).strftime("%Y-%m-%dT%H:%M:%SZ")) == (row["msdyn_iswkwenabled"], row["modifiedon"])
    world.later(days=4)
    assert world.read(WKW)["msdyn_iswkwenabled"] is False


def test_a_scenario_can_start_with_a_withdrawn_consent(tmp_path: Path) -> None:
    assert World(tmp_path, "consent: {state: withdrawn}").read(FEATURE)["msdyn_isconsentrevoked"] is True


def test_after_the_native_integration_there_is_no_clock_and_exchange_data_has_no_effect(tmp_path: Path) -> None:
    world = turned_on(tmp_path, "version: 9.2.25052.00140")
    world.later(days=30)
    assert (switches(world), connector(world)) == ((True, 3, True, 3, 3), 1)
    with world.as_user() as context:
        assert context.rows.all(FEATURE) == []
