"""Microsoft's SDK for Python: filters, orders, pages, expansions, FetchXML, SQL and data frames."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pandas
import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models.filters import FilterExpression, col, raw
from PowerPlatform.Dataverse.models.query_builder import ExpandOption

from tests.clients.sdk import sdk
from tests.clients.serving import Served

TAG = uuid.uuid4().hex[:8]
NAMES = [f"{number} {TAG}" for number in range(7)]


@pytest.fixture(scope="module")
def client(tls: Served) -> Iterator[DataverseClient]:
    with sdk(tls, "queries") as found:
        for number, name in enumerate(NAMES):
            row = {"name": name, "numberofemployees": number, "telephone1": "even" if number % 2 == 0 else None}
            person = found.records.create("contact", {"lastname": f"P{number} {TAG}", "firstname": "Ana"})
            id = found.records.create("account", {**row, "primarycontactid@odata.bind": f"/contacts({person})"})
            found.records.update("contact", person, {"parentcustomerid_account@odata.bind": f"/accounts({id})"})
        yield found


def test_rows_are_filtered_ordered_and_bounded(client: DataverseClient) -> None:
    rows = client.records.list(
        "account", filter=f"endswith(name,'{TAG}') and numberofemployees gt 2", select=["name"], orderby=["numberofemployees desc"], top=3
    )
    assert [row["name"] for row in rows] == NAMES[6:3:-1]


def test_every_page_comes_once(client: DataverseClient) -> None:
    pages = client.records.list_pages("account", filter=f"endswith(name,'{TAG}')", select=["name"], orderby=["name"], page_size=3)
    assert [[row["name"] for row in page] for page in pages] == [NAMES[:3], NAMES[3:6], NAMES[6:]]


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        (col("numberofemployees") == 3, [3]),
        (col("numberofemployees") != 3, [0, 1, 2, 4, 5, 6]),
        (col("numberofemployees") > 4, [5, 6]),
        (col("numberofemployees") >= 4, [4, 5, 6]),
        (col("numberofemployees") < 2, [0, 1]),
        (col("numberofemployees") <= 2, [0, 1, 2]),
        (col("numberofemployees").between(2, 4), [2, 3, 4]),
        (col("numberofemployees").not_between(2, 4), [0, 1, 5, 6]),
        (col("numberofemployees").in_([1, 6]), [1, 6]),
        (col("numberofemployees").not_in([1, 6]), [0, 2, 3, 4, 5]),
        (col("telephone1").is_null(), [1, 3, 5]),
        (col("telephone1").is_not_null(), [0, 2, 4, 6]),
        (col("telephone1") == None, [1, 3, 5]),  # noqa: E711
        (col("name").startswith("4"), [4]),
        (col("name").contains("5 "), [5]),
        (col("name").like("2%"), [2]),
        (col("name").not_like("2%"), [0, 1, 3, 4, 5, 6]),
        (raw("numberofemployees eq 1"), [1]),
        (~(col("numberofemployees") > 1), [0, 1]),
        ((col("numberofemployees") == 1) | (col("name") == NAMES[6]), [1, 6]),
        ((col("numberofemployees") > 1) & (col("telephone1") == "EVEN"), [2, 4, 6]),
    ],
    ids=str,
)
def test_every_expression_of_the_builder_selects_its_rows(
    client: DataverseClient, expression: FilterExpression, numbers: list[int]
) -> None:
    query = client.query.builder("account").select("numberofemployees").where(col("name").endswith(TAG)).where(expression)
    assert [row["numberofemployees"] for row in query.order_by("numberofemployees").execute()] == numbers


def test_the_builder_formats_counts_and_pages(client: DataverseClient) -> None:
    query = client.query.builder("account").select("name", "statecode").where(col("name").contains(TAG)).order_by("name", descending=True)
    first = query.include_formatted_values().count().page_size(4).execute().first()
    assert first is not None
    assert (first["name"], first["statecode@OData.Community.Display.V1.FormattedValue"]) == (NAMES[6], "Active")
    assert [len(list(page)) for page in query.execute_pages()] == [4, 3]


def test_the_builder_expands_one_row_and_many(client: DataverseClient) -> None:
    people = ExpandOption("contact_customer_accounts").select("lastname").filter("firstname eq 'Ana'").order_by("lastname").top(1)
    query = client.query.builder("account").select("name").where(col("name") == NAMES[2]).include_annotations("*")
    (row,) = query.expand("primarycontactid", people).execute()
    assert row["primarycontactid"]["lastname"] == f"P2 {TAG}"
    assert [found["lastname"] for found in row["contact_customer_accounts"]] == [f"P2 {TAG}"]


def test_a_result_becomes_a_data_frame(client: DataverseClient) -> None:
    frame = client.query.builder("account").select("name", "numberofemployees").where(col("name").contains(TAG)).execute().to_dataframe()
    assert isinstance(frame, pandas.DataFrame)
    assert sorted(frame["numberofemployees"]) == list(range(7))


def test_columns_and_navigation_are_learned_from_the_definitions(client: DataverseClient) -> None:
    columns = {column["name"]: column for column in client.query.sql_columns("account")}
    assert columns["accountid"]["is_pk"]
    assert columns["name"]["is_name"]
    assert columns["telephone1"]["label"] == "Main Phone"
    with pytest.warns(DeprecationWarning, match="odata_select"):
        assert {"accountid", "name"} <= set(client.query.odata_select("account"))
    found = {one["lookup_attribute"]: one for one in client.query.odata_expands("contact") if one["target_table"] == "account"}
    assert found["parentcustomerid"]["nav_property"] == "parentcustomerid_account"
    assert found["parentcustomerid"]["target_entity_set"] == "accounts"


def test_the_sdk_finds_how_to_bind_by_itself(client: DataverseClient) -> None:
    person = client.records.create("contact", {"lastname": "bound"})
    with pytest.warns(DeprecationWarning, match="odata_bind"):
        bind = client.query.odata_bind("account", "contact", person)
    assert bind == {"primarycontactid@odata.bind": f"/contacts({person})"}
    with pytest.warns(DeprecationWarning, match="odata_expand"):
        assert client.query.odata_expand("account", "contact") == "primarycontactid"


def test_fetchxml_pages_by_its_cookie(client: DataverseClient) -> None:
    xml = (
        f"<fetch count='3'><entity name='account'><attribute name='name'/><order attribute='name'/>"
        f"<filter><condition attribute='name' operator='like' value='%{TAG}'/></filter></entity></fetch>"
    )
    pages = [[row["name"] for row in page] for page in client.query.fetchxml(xml).execute_pages()]
    assert pages == [NAMES[:3], NAMES[3:6], NAMES[6:]]
    assert [row["name"] for row in client.query.fetchxml(xml).execute()] == NAMES


def test_fetchxml_joins_and_aggregates(client: DataverseClient) -> None:
    xml = (
        "<fetch><entity name='account'><attribute name='name'/>"
        f"<filter><condition attribute='name' operator='eq' value='{NAMES[1]}'/></filter>"
        "<link-entity name='contact' from='contactid' to='primarycontactid' alias='c'><attribute name='lastname'/></link-entity>"
        "</entity></fetch>"
    )
    (row,) = client.query.fetchxml(xml).execute()
    assert (row["name"], row["c.lastname"]) == (NAMES[1], f"P1 {TAG}")

    xml = (
        "<fetch aggregate='true'><entity name='account'><attribute name='numberofemployees' alias='all' aggregate='sum'/>"
        f"<filter><condition attribute='name' operator='like' value='%{TAG}'/></filter></entity></fetch>"
    )
    (row,) = client.query.fetchxml(xml).execute()
    assert row["all"] == 21


def test_sql_selects_orders_and_bounds(client: DataverseClient) -> None:
    rows = client.query.sql("SELECT TOP 2 name, numberofemployees FROM account WHERE numberofemployees < 7 ORDER BY name DESC")
    assert [(row["name"], row["numberofemployees"]) for row in rows] == [(NAMES[6], 6), (NAMES[5], 5)]
    frame = client.dataframe.sql(f"SELECT name FROM account WHERE name = '{NAMES[0]}'")
    assert list(frame["name"]) == [NAMES[0]]


def test_a_wrong_query_is_refused_with_its_reason(client: DataverseClient) -> None:
    with pytest.raises(HttpError, match="Could not find a property named 'nosuch'") as refused:
        list(client.records.list("account", select=["nosuch"]))
    assert refused.value.status_code == 400
    with pytest.raises(HttpError) as refused:
        list(client.records.list("account", filter="name eq"))
    assert refused.value.status_code == 400
