"""$apply over HTTP: filters, groups, aggregates."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator.query_world import BRANCHES, query_client
from tests.emulator.wire import Client

FORMATTED = "OData.Community.Display.V1.FormattedValue"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with query_client(tmp_path_factory.mktemp("apply")) as client:
        yield client


@pytest.mark.parametrize(
    ("apply", "expected"),
    [
        ("aggregate($count as n)", [{"n": 6}]),
        (
            "aggregate(size with sum as s,size with min as l,size with max as h,rent with average as a)",
            [{"s": 102, "l": 5, "h": 50, "a": 26.55}],
        ),
        ("aggregate(opened with max as last)", [{"last": "2026-11-24T10:00:00Z"}]),
        ("groupby((kind))", [{}, {"kind": 1}, {"kind": 2}]),
        ("groupby((kind),aggregate($count as n))", [{"n": 1}, {"kind": 1, "n": 3}, {"kind": 2, "n": 2}]),
        ("groupby((open,kind))", [{}, {"open": False, "kind": 1}, {"open": True, "kind": 1}, {"open": True, "kind": 2}]),
        ("filter(size gt 10)/groupby((city))", [{"city": "Basel"}, {"city": "Bern"}]),
        ("filter(size gt 10)/filter(open eq true)/aggregate($count as n)", [{"n": 2}]),
        ("filter(size gt 900)/aggregate($count as n,size with max as h)", [{"n": 0}]),
        (
            "groupby((parentbranchid/name),aggregate(size with sum as s))",
            [{"s": 57}, {"branch_name": "Head", "s": 40}, {"branch_name": "North", "s": 5}],
        ),
        ("groupby((parentbranchid))", [{}, {"_parentbranchid_value": BRANCHES[0]}, {"_parentbranchid_value": BRANCHES[1]}]),
    ],
)
def test_rows_are_grouped_and_aggregated(api: Client, apply: str, expected: list[dict[str, object]]) -> None:
    reply = api.get(f"branches?$apply={apply}")

    assert reply.status == 200, reply.body
    assert reply.body["value"] == expected
    assert reply.body["@odata.context"].endswith("/$metadata#branches")


def test_groups_and_aggregates_are_formatted(api: Client) -> None:
    reply = api.get(
        "branches?$apply=groupby((kind),aggregate($count as n,rent with sum as r))", Prefer=f'odata.include-annotations="{FORMATTED}"'
    )

    assert reply.body["value"][1] == {
        f"kind@{FORMATTED}": "Shop",
        "kind": 1,
        f"n@{FORMATTED}": "3",
        "n": 3,
        f"r@{FORMATTED}": "107.50",
        "r": 107.5,
    }


def test_groups_are_ordered_by_what_they_have_in_common(api: Client) -> None:
    assert api.get("branches?$apply=groupby((kind))&$orderby=kind desc&$top=1").body["value"] == [{"kind": 2}]
    refused = api.get("branches?$apply=groupby((kind),aggregate($count as n))&$orderby=n")
    assert refused.error == (400, "0x80060888")
    assert refused.body["error"]["message"] == "The query node SingleValueOpenPropertyAccess is not supported"


@pytest.mark.parametrize(
    "apply",
    [
        "",
        "nonsense",
        "aggregate()",
        "aggregate(size)",
        "aggregate(size with median as m)",
        "aggregate(nothing with sum as m)",
        "aggregate(name with sum as m)",
        "groupby(kind)",
        "groupby((kind),aggregate($count as n),x)",
        "groupby((kind ne 1))",
        "groupby((opened))",
        "groupby((nothing))",
        "filter(nothing eq 1)/aggregate($count as n)",
    ],
)
def test_what_is_wrong_is_refused(api: Client, apply: str) -> None:
    assert api.get(f"branches?$apply={apply}").status == 400


@pytest.mark.parametrize(
    "options",
    [
        "$apply=topcount(2,size)",
        "$apply=groupby((kind),filter(kind eq 1))",
        "$apply=groupby((kind))/aggregate($count as n)",
        "$apply=groupby((kind))&$filter=kind eq 1",
    ],
)
def test_what_is_not_emulated_says_so(api: Client, options: str) -> None:
    assert api.get(f"branches?{options}").status == 501


def test_it_applies_to_rows_only(api: Client) -> None:
    assert api.get(f"branches({BRANCHES[0]})?$apply=aggregate($count as n)").status == 400
    assert api.get("branches/$count?$apply=aggregate($count as n)").status == 400
    members = api.get(f"branches({BRANCHES[0]})/branch_stores?$apply=aggregate(area with sum as s)")
    assert members.body["value"] == [{"s": 40}]
