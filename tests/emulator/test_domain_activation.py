from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.catalog.register import CATALOG
from tests.emulator.domain_world import World

ANALYTICS = "msdyn_activityanalysisconfig"
WKW = "msdyn_wkwconfig"
METADATA = "msdyn_relationshipanalyticsmetadata"


def statuses(world: World, table: str, *after: float) -> list[int]:
    """The status of a feature at each of these seconds from now."""
    start, found = world.now, []
    for seconds in after:
        world.now = start
        world.later(seconds=seconds)
        found.append(world.read(table)["msdyn_currentstatus"])
    world.now = start
    return found


def test_a_fresh_row_holds_the_defaults_of_the_catalogue(tmp_path: Path) -> None:
    row = World(tmp_path).read(ANALYTICS)
    columns = CATALOG.table(ANALYTICS).columns
    expected = {column.name: column.default for column in columns if column.default is not None}
    assert expected == {name: row[name] for name in expected}
    assert [column.name for column in columns if column.default is None and column.name.endswith("weight") and row.get(column.name)] == []


def test_every_singleton_of_the_catalogue_has_one_row(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.as_user() as context:
        counts = {table.name: len(context.rows.all(table.name)) for table in CATALOG.tables if table.singleton}
    assert dict.fromkeys(counts, 1) == counts


@pytest.mark.parametrize(("table", "column"), [(ANALYTICS, "msdyn_isorgsettingenable"), (WKW, "msdyn_iswkwenabled")])
def test_turning_on_is_in_progress_at_once_and_done_after_two_seconds(tmp_path: Path, table: str, column: str) -> None:
    world = World(tmp_path)
    world.write(table, {column: True})
    assert statuses(world, table, 0, 1.9, 2, 86400) == [2, 2, 3, 3]


def test_turning_off_goes_through_deactivating(tmp_path: Path) -> None:
    world = World(tmp_path, f"settings: {{{ANALYTICS}: {{msdyn_isorgsettingenable: true, msdyn_currentstatus: 3}}}}")
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": False})
    assert statuses(world, ANALYTICS, 0, 2) == [5, 6]


def test_reading_twice_changes_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    world.later(seconds=1)
    assert world.read(ANALYTICS) == world.read(ANALYTICS)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("succeeds", [2, 3, 3, 3, 3, 3]), ("fails", [2, 4, 4, 4, 4, 4]), ("never", [2] * 6), ("flaps", [2, 3, 2, 3, 2, 3])],
)
def test_a_scenario_says_how_activation_ends(tmp_path: Path, outcome: str, expected: list[int]) -> None:
    world = World(tmp_path, f"activation: {{seconds: 10, outcome: {outcome}}}")
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    assert expected == statuses(world, ANALYTICS, 0, 10, 20, 30, 40, 50)


def test_deactivation_that_fails_still_counts_as_on(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        f"settings: {{{ANALYTICS}: {{msdyn_isorgsettingenable: true, msdyn_currentstatus: 3}}}}\nactivation: {{outcome: fails}}",
    )
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": False})
    assert statuses(world, ANALYTICS, 0, 2) == [5, 7]


def test_one_table_can_behave_differently(tmp_path: Path) -> None:
    world = World(tmp_path, f"activation: {{seconds: 1, tables: {{{WKW}: {{outcome: fails, seconds: 5}}}}}}")
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    world.write(WKW, {"msdyn_iswkwenabled": True})
    assert statuses(world, ANALYTICS, 1) == [3]
    assert statuses(world, WKW, 4, 5) == [2, 4]


def test_writing_a_switch_as_it_stands_restarts_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    world.later(seconds=1)
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    assert statuses(world, ANALYTICS, 1) == [3]
    world.later(seconds=5)
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    assert statuses(world, ANALYTICS, 0) == [3]


def test_writing_a_switch_again_retries_what_failed(tmp_path: Path) -> None:
    world = World(tmp_path, "activation: {outcome: fails}")
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    world.later(seconds=3)
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True})
    assert statuses(world, ANALYTICS, 0, 2) == [2, 4]


def test_a_status_that_a_client_writes_is_kept(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(WKW, {"msdyn_iswkwenabled": True})
    world.write(WKW, {"msdyn_currentstatus": 4})
    assert statuses(world, WKW, 0, 60) == [4, 4]


def test_a_row_that_is_created_with_the_switch_on_activates(tmp_path: Path) -> None:
    world = World(tmp_path, f"settings: {{{WKW}: []}}")
    world.create(WKW, {"msdyn_name": "made", "msdyn_iswkwenabled": True})
    assert statuses(world, WKW, 0, 2) == [2, 3]


def test_without_the_licence_activation_fails(tmp_path: Path) -> None:
    world = World(tmp_path, "licence: enterprise")
    world.write(WKW, {"msdyn_iswkwenabled": True})
    assert statuses(world, WKW, 0, 2) == [2, 4]
    assert world.read("msdyn_salesinsightssettings")["msdyn_islicensepurchased"] is False


def test_the_newer_table_mirrors_the_status_but_not_the_options(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write(ANALYTICS, {"msdyn_isorgsettingenable": True, "msdyn_emailweight": 5, "msdyn_communicationfrequency": 3})
    at_once = world.read(METADATA)
    world.later(seconds=2)
    after = world.read(METADATA)
    assert [at_once["msdyn_provisioningstatus"], after["msdyn_provisioningstatus"]] == [100000002, 100000003]
    assert (after.get("msdyn_absoluteemailweight"), after["msdyn_communicationfrequency"]) == (None, 100000001)


def test_the_newer_table_keeps_its_own_status_when_there_is_nothing_to_mirror(tmp_path: Path) -> None:
    world = World(tmp_path, f"settings: {{{ANALYTICS}: []}}")
    assert world.read(METADATA)["msdyn_provisioningstatus"] == 100000001


def test_two_rows_and_no_row_are_possible(tmp_path: Path) -> None:
    world = World(tmp_path, f"settings: {{{WKW}: [], {ANALYTICS}: [{{}}, {{msdyn_emailweight: 3}}]}}")
    with world.as_user() as context:
        assert (len(context.rows.all(WKW)), len(context.rows.all(ANALYTICS))) == (0, 2)
