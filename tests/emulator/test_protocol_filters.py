"""What $filter can say: collections, query functions, dates, hierarchies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from reconciler.emulator.query.periods import COUNTED, PLAIN, counted_period, plain_period
from reconciler.emulator.query.query_functions import OPERATORS
from tests.emulator.query_world import BRANCHES, query_client
from tests.emulator.wire import Client

CRM = "Microsoft.Dynamics.CRM"
HEAD, NORTH, SOUTH, FAR, LONE, ONEILL = "Head", "North", "south", "Far 100%", "Lone", "O'Neill"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with query_client(tmp_path_factory.mktemp("filters")) as client:
        yield client


def names(api: Client, filter: str) -> list[str]:
    reply = api.get(f"branches?$select=name&$filter={filter}".replace("%", "%25"))
    assert reply.status == 200, reply.body
    return reply.names


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("branch_stores/any()", [HEAD, NORTH]),
        ("not branch_stores/any()", [SOUTH, FAR, LONE, ONEILL]),
        ("branch_stores/any(s:s/title eq 'BETA')", [HEAD]),
        ("branch_stores/any(s:s/area ge 20 and contains(s/title,'a'))", [HEAD, NORTH]),
        ("branch_stores/all(s:s/area eq 20)", [NORTH, SOUTH, FAR, LONE, ONEILL]),
        ("branch_stores/any(s:s/area eq 10) and branch_stores/any(s:s/area eq 30)", [HEAD]),
        ("branch_stores/any(s:s/area eq size)", [NORTH]),
        ("branch_stores/any(s:s/branchid/city eq 'bern')", [HEAD]),
        ("branch_children/any(c:c/branch_stores/any(s:s/title eq 'gamma'))", [HEAD]),
        ("branch_children/any(c:c/branch_children/any(d:d/size lt c/size))", [HEAD]),
        ("branch_tag_association/any(t:t/word eq 'old')", [HEAD]),
        ("branch_tag_association/any(t:t/word eq 'new')", [HEAD, NORTH]),
        ("branch_tag_association/all(t:t/word eq 'new')", [NORTH, SOUTH, FAR, LONE, ONEILL]),
        (f"branch_stores/any(s:{CRM}.In(PropertyName='s/area',PropertyValues=['10']))", [HEAD]),
    ],
)
def test_collections_are_searched_with_any_and_all(api: Client, filter: str, expected: list[str]) -> None:
    assert names(api, filter) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('Between(PropertyName=\'size\',PropertyValues=["7","20"])', [NORTH, SOUTH, ONEILL]),
        ("NotBetween(PropertyName='size',PropertyValues=['7','20'])", [HEAD, FAR, LONE]),
        ("In(PropertyName='city',PropertyValues=['bern','chur'])", [HEAD, SOUTH, FAR]),
        ('In(PropertyName="name",PropertyValues=["O\'Neill","nobody"])', [ONEILL]),
        ("NotIn(PropertyName='city',PropertyValues=['bern','chur'])", [NORTH, LONE, ONEILL]),
        ("On(PropertyName='opened',PropertyValue='2026-11-22')", [NORTH]),
        ("On(PropertyName='opened',PropertyValue=2026-11-22)", [NORTH]),
        ("OnOrAfter(PropertyName='opened',PropertyValue='2026-11-23')", [HEAD, ONEILL]),
        ("OnOrBefore(PropertyName='opened',PropertyValue='2026-11-22T01:00:00Z')", [NORTH, SOUTH, FAR]),
        ("Today(PropertyName='opened')", [HEAD]),
        ("Yesterday(PropertyName='opened')", [NORTH]),
        ("Tomorrow(PropertyName='opened')", [ONEILL]),
        ("LastXDays(PropertyName='opened',PropertyValue=1)", [HEAD, NORTH]),
        ("LastXDays(PropertyName='opened',PropertyValue=23)", [HEAD, NORTH, SOUTH]),
        ("LastXHours(PropertyName='opened',PropertyValue=5)", [HEAD]),
        ("NextXHours(PropertyName='opened',PropertyValue=24)", [ONEILL]),
        ("NextXDays(PropertyName='opened',PropertyValue=1)", [ONEILL]),
        ("NextXWeeks(PropertyName='opened',PropertyValue=1)", [ONEILL]),
        ("LastXYears(PropertyName='opened',PropertyValue=1)", [HEAD, NORTH, SOUTH, FAR]),
        ("Last7Days(PropertyName='opened')", [HEAD, NORTH]),
        ("Next7Days(PropertyName='opened')", [HEAD, ONEILL]),
        ("ThisWeek(PropertyName='opened')", [HEAD, NORTH, ONEILL]),
        ("LastMonth(PropertyName='opened')", [SOUTH]),
        ("ThisMonth(PropertyName='opened')", [HEAD, NORTH, ONEILL]),
        ("NextMonth(PropertyName='opened')", []),
        ("ThisYear(PropertyName='opened')", [HEAD, NORTH, SOUTH, ONEILL]),
        ("LastYear(PropertyName='opened')", [FAR]),
        ("OlderThanXMonths(PropertyName='opened',PropertyValue=1)", [FAR]),
        ("OlderThanXMinutes(PropertyName='opened',PropertyValue=5)", [HEAD, NORTH, SOUTH, FAR]),
        ("EqualBusinessId(PropertyName='_businessunitid_value')", [HEAD, NORTH, SOUTH]),
        ("NotEqualBusinessId(PropertyName='_businessunitid_value')", [FAR, LONE, ONEILL]),
        ("EqualUserLanguage(PropertyName='language')", [HEAD, NORTH]),
        ("Today(PropertyName='parentbranchid/opened')", [NORTH, SOUTH]),
        (f"Under(PropertyName='branchid',PropertyValue='{BRANCHES[0]}')", [NORTH, SOUTH, FAR]),
        (f"UnderOrEqual(PropertyName='branchid',PropertyValue='{BRANCHES[1]}')", [NORTH, FAR]),
        (f"NotUnder(PropertyName='branchid',PropertyValue='{BRANCHES[0]}')", [HEAD, LONE, ONEILL]),
        (f"Above(PropertyName='branchid',PropertyValue={BRANCHES[3]})", [HEAD, NORTH]),
        (f"AboveOrEqual(PropertyName='branchid',PropertyValue='{BRANCHES[3].upper()}')", [HEAD, NORTH, FAR]),
    ],
)
def test_query_functions_find_what_they_are_named_for(api: Client, call: str, expected: list[str]) -> None:
    assert names(api, f"{CRM}.{call}") == expected


def test_query_functions_take_their_parameters_from_aliases(api: Client) -> None:
    reply = api.get(f'branches?$filter={CRM}.In(PropertyName=@p1,PropertyValues=@p2)&@p1=\'name\'&@p2=["O\'Neill","North"]')

    assert reply.names == [NORTH, ONEILL]


def test_the_virtual_clock_decides_what_today_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    with query_client(tmp_path_factory.mktemp("clock")) as api:
        assert names(api, f"{CRM}.Today(PropertyName='opened')") == [HEAD]
        api.server.clock.advance(dt.timedelta(days=1))
        assert names(api, f"{CRM}.Today(PropertyName='opened')") == [ONEILL]


@pytest.mark.parametrize(
    "filter",
    [
        "tolower(name) eq 'x'",
        "length(name) eq 1",
        "contains(name)",
        f"{CRM}.Nonsense(PropertyName='name')",
        "Contoso.Today(PropertyName='opened')",
        f"{CRM}.Today()",
        f"{CRM}.Today(PropertyName='name')",
        f"{CRM}.Today(PropertyName='nothing')",
        f"{CRM}.In(PropertyName='name')",
        f"{CRM}.In(PropertyName='name',PropertyValues='x')",
        f"{CRM}.In(PropertyName='size',PropertyValues=['x'])",
        f"{CRM}.Between(PropertyName='size',PropertyValues=['1'])",
        f"{CRM}.Between(PropertyName='rent',PropertyValues=['1','x'])",
        f"{CRM}.On(PropertyName='opened',PropertyValue='soon')",
        f"{CRM}.LastXDays(PropertyName='opened',PropertyValue=0)",
        f"{CRM}.LastXDays(PropertyName='opened',PropertyValue=99999999999)",
        f"{CRM}.LastXDays(PropertyName='opened')",
        f"{CRM}.LastXDays(PropertyName='opened',PropertyValue='x')",
        f"{CRM}.Under(PropertyName='branchid',PropertyValue='x')",
        f"{CRM}.In(PropertyName='open',PropertyValues=['perhaps'])",
        "branch_nothing/any()",
        "branch_stores/any(s:s/nothing eq 1)",
        "parentbranchid/branch_stores/any(s:s/area eq 1)",
        "parentbranchid/parentbranchid/branch_stores/any(s:s/area eq 1)",
        "name eq 'x' and 'y",
    ],
)
def test_what_the_service_would_not_understand_is_refused(api: Client, filter: str) -> None:
    assert api.get(f"branches?$filter={filter}").status == 400


@pytest.mark.parametrize(
    "filter",
    [
        f"{CRM}.ThisFiscalYear(PropertyName='opened')",
        f"{CRM}.ContainValues(PropertyName='kind',PropertyValues=['1'])",
        f"{CRM}.EqualUserTeams(PropertyName='_keeperid_value')",
        f"{CRM}.Contains(PropertyName='name',PropertyValue='x')",
        f"{CRM}.Under(PropertyName='name',PropertyValue='{BRANCHES[0]}')",
    ],
)
def test_query_functions_that_are_not_emulated_answer_501(api: Client, filter: str) -> None:
    assert api.get(f"branches?$filter={filter}").status == 501


def test_every_period_has_a_query_function() -> None:
    assert {"LastXWeeks", "OlderThanXMinutes", "ThisWeek", "Last7Days", "NotBetween"} <= set(OPERATORS)
    assert set(OPERATORS.values()) >= PLAIN | COUNTED


@pytest.mark.parametrize(
    ("name", "number", "first", "last"),
    [
        ("last-x-days", 4, "2020-08-13T00:00:00", "2020-08-17T13:00:00"),
        ("last-x-weeks", 2, "2020-08-03T00:00:00", "2020-08-17T13:00:00"),
        ("last-x-months", 3, "2020-05-17T00:00:00", "2020-08-17T13:00:00"),
        ("last-x-years", 2, "2018-08-17T00:00:00", "2020-08-17T13:00:00"),
        ("next-x-days", 4, "2020-08-17T13:00:00", "2020-08-22T00:00:00"),
        ("next-x-weeks", 2, "2020-08-17T13:00:00", "2020-09-01T00:00:00"),
        ("next-x-months", 3, "2020-08-17T13:00:00", "2020-11-18T00:00:00"),
    ],
)
def test_counted_periods_begin_or_end_at_midnight(name: str, number: int, first: str, last: str) -> None:
    now = dt.datetime(2020, 8, 17, 13, tzinfo=dt.UTC)

    assert [str(end.isoformat())[:19] for end in counted_period(name, number, now) if end] == [first, last]


def test_periods_stop_at_the_ends_of_the_calendar() -> None:
    now = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)

    assert counted_period("next-x-years", 10_000, now)[1] == dt.datetime.max.replace(tzinfo=dt.UTC)
    assert counted_period("last-x-years", 10_000, now)[0] == dt.datetime.min.replace(tzinfo=dt.UTC)
    assert counted_period("last-x-weeks", 10_000, dt.datetime(20, 1, 1, tzinfo=dt.UTC))[0] == dt.datetime.min.replace(tzinfo=dt.UTC)
    assert counted_period("next-x-months", 1, now)[1] == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert plain_period("last-week", now) == (dt.datetime(2026, 1, 18, tzinfo=dt.UTC), dt.datetime(2026, 1, 25, tzinfo=dt.UTC))
