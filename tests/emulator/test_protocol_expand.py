"""$expand and $orderby over HTTP: references, links to members, pages of nested members, limits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator.query_world import BRANCHES, query_client
from tests.emulator.wire import Client

ONLY = "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship."


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with query_client(tmp_path_factory.mktemp("expand")) as client:
        yield client


def test_a_lookup_is_expanded_as_a_reference(api: Client) -> None:
    body = api.get("branches?$select=name&$expand=parentbranchid/$ref").body
    base = f"{api.server.url('toy')}/api/data/v9.2"

    assert body["@odata.context"] == f"{base}/$metadata#branches(name,parentbranchid,parentbranchid/$ref())"
    assert body["value"][1]["parentbranchid"] == {"@odata.id": f"{base}/branches({BRANCHES[0]})"}
    assert body["value"][1]["_parentbranchid_value"] == BRANCHES[0]
    assert body["value"][0]["parentbranchid"] is None


def test_members_come_with_the_address_that_gives_them_again(api: Client) -> None:
    row = api.get("branches?$select=name&$expand=branch_stores($select=title;$filter=area gt 5;$orderby=area desc)").body["value"][0]

    link = row["branch_stores@odata.nextLink"]
    assert link.startswith(
        f"{api.server.url('toy')}/api/data/v9.2/branches({BRANCHES[0]})/branch_stores?$select=title&$filter=area%20gt%205"
    )
    again = api.get(link.partition("/v9.2/")[2].replace("%20", " ")).body["value"]
    assert [store["title"] for store in again] == [store["title"] for store in row["branch_stores"]] == ["beta", "Alpha"]


def test_members_below_a_nested_expand_come_in_pages(api: Client) -> None:
    options = "$select=name&$expand=branch_stores($select=title),branch_children($select=name;$expand=keeperid($select=fullname))"
    row = api.get(f"branches?{options}", Prefer="odata.maxpagesize=1").body["value"][0]

    assert [store["title"] for store in row["branch_stores"]] == ["Alpha"]
    assert "countOfRecords" in row["branch_stores@odata.nextLink"]
    following = api.get(row["branch_stores@odata.nextLink"].partition("/v9.2/")[2], Prefer="odata.maxpagesize=1").body
    assert [store["title"] for store in following["value"]] == ["beta"]
    assert "@odata.nextLink" not in following
    assert [child["name"] for child in row["branch_children"]] == ["North"]
    whole = api.get(f"branches?{options}").body["value"][0]
    assert len(whole["branch_stores"]) == 2
    assert "branch_stores@odata.nextLink" not in whole


@pytest.mark.parametrize(
    ("expand", "message"),
    [
        ("branch_stores/$ref", "Expand with $ref is only supported on lookup type navigation property."),
        ("parentbranchid($orderby=name)", ONLY),
        ("parentbranchid($top=1)", ONLY),
        ("branch_stores($top=1;$expand=branchid)", ONLY),
        ("branch_children($expand=branch_stores($orderby=area))", ONLY),
        ("branch_children($expand=branch_tag_association)", "A nested $expand of the many-to-many relationship"),
        ("branch_tag_association($expand=createdby)", "A nested $expand of the many-to-many relationship"),
        ("branch_stores($orderby=nothing)", "Could not find a property named 'nothing'"),
    ],
)
def test_what_cannot_be_expanded_is_refused_by_its_text(api: Client, expand: str, message: str) -> None:
    reply = api.get(f"branches?$expand={expand}")

    assert reply.error == (400, "0x80060888")
    assert reply.body["error"]["message"].startswith(message)


def test_members_of_many_to_many_relationships_are_expanded(api: Client) -> None:
    rows = api.get("branches?$select=name&$expand=branch_tag_association($select=word)").body["value"]

    assert [[tag["word"] for tag in row["branch_tag_association"]] for row in rows[:3]] == [["old", "new"], ["new"], []]


def test_expanded_rows_cannot_multiply_without_end(tmp_path_factory: pytest.TempPathFactory) -> None:
    with query_client(tmp_path_factory.mktemp("multiply")) as api:
        head = {"parentbranchid@odata.bind": f"/branches({BRANCHES[0]})"}
        for number in range(40):
            api("POST", "branches", {"name": f"n{number}", **head})
        inside = "branch_children"
        for _ in range(3):
            inside = f"branch_children($select=name;$expand=parentbranchid($select=name;$expand={inside}))"
        reply = api.get(f"branches?$select=name&$expand={inside}")

    assert reply.status == 400
    assert "more than 50,000 expanded rows" in reply.body["error"]["message"]


def test_rows_are_ordered_by_columns_of_other_rows(api: Client) -> None:
    assert api.get("branches?$select=name&$orderby=parentbranchid/name desc,name desc").names[:3] == ["Far 100%", "south", "North"]
    assert api.get("branches?$select=name&$orderby=parentbranchid/parentbranchid/name desc").names[0] == "Far 100%"
    assert api.get("branches?$orderby=parentbranchid/nothing").status == 400


def test_rows_of_tables_are_counted_together(api: Client) -> None:
    inline = api.get("RetrieveTotalRecordCount(EntityNames=['tag','store'])").body
    aliased = api.get('RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["tag","store"]').body

    assert inline == aliased
    assert inline["@odata.context"].endswith("/$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse")
    assert inline["EntityRecordCountCollection"] == {"Count": 2, "IsReadOnly": False, "Keys": ["tag", "store"], "Values": [2, 4]}


@pytest.mark.parametrize("inside", ["", "EntityNames=[]", "EntityNames=tag", "EntityNames=@p1", "EntityNames=['nothing']"])
def test_counts_need_the_names_of_tables(api: Client, inside: str) -> None:
    assert api.get(f"RetrieveTotalRecordCount({inside})").status == 400


def test_counts_are_read_only(api: Client) -> None:
    assert api("POST", "RetrieveTotalRecordCount", {}).status == 404
