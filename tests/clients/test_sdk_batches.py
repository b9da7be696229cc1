"""Microsoft's SDK for Python: batches, change sets, and references inside them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.models.upsert import UpsertItem

from tests.clients.sdk import sdk
from tests.clients.serving import Served


@pytest.fixture(scope="module")
def client(tls: Served) -> Iterator[DataverseClient]:
    with sdk(tls, "batches") as found:
        yield found


@pytest.fixture
def tag() -> str:
    return uuid.uuid4().hex[:8]


def test_one_batch_holds_everything(client: DataverseClient, tag: str) -> None:
    id = client.records.create("account", {"name": f"A {tag}", "accountnumber": tag})
    doomed = client.records.create("account", {"name": f"D {tag}"})
    batch = client.batch.new()
    batch.records.create("account", {"name": f"B {tag}"})
    batch.records.retrieve("account", id, select=["name"])
    batch.records.list("account", filter=f"endswith(name,'{tag}') and name ne 'x y'", select=["name"], orderby=["name"], top=2)
    batch.records.update("account", id, {"telephone1": "1"})
    batch.records.upsert("account", [UpsertItem(alternate_key={"accountnumber": tag}, record={"numberofemployees": 3})])
    batch.records.delete("account", doomed)
    batch.tables.get("account")
    batch.tables.list(filter="SchemaName eq 'Account'", select=["LogicalName"])
    result = batch.execute()

    assert [answer.status_code for answer in result.responses] == [204, 200, 200, 204, 204, 204, 200, 200]
    assert result.responses[1].data["name"] == f"A {tag}"
    assert [row["name"] for row in result.responses[2].data["value"]] == [f"A {tag}", f"B {tag}"]
    row = client.records.retrieve("account", id, select=["telephone1", "numberofemployees"])
    assert row is not None
    assert (row["telephone1"], row["numberofemployees"]) == ("1", 3)
    assert client.records.retrieve("account", doomed) is None


def test_later_rows_of_a_change_set_refer_to_earlier_ones(client: DataverseClient, tag: str) -> None:
    batch = client.batch.new()
    with batch.changeset() as changes:
        person = changes.records.create("contact", {"lastname": tag})
        account = changes.records.create("account", {"name": f"A {tag}", "primarycontactid@odata.bind": person})
        changes.records.update("account", account, {"telephone1": "33"})
    result = batch.execute()
    assert not result.has_errors

    (row,) = client.records.list("account", filter=f"name eq 'A {tag}'", select=["telephone1"], expand=["primarycontactid"])
    assert (row["telephone1"], row["primarycontactid"]["lastname"]) == ("33", tag)
    assert row["accountid"] in result.entity_ids


def test_a_change_set_that_fails_leaves_nothing_behind(client: DataverseClient, tag: str) -> None:
    before = client.records.create("account", {"name": f"before {tag}"})
    batch = client.batch.new()
    with batch.changeset() as changes:
        changes.records.create("account", {"name": f"A {tag}"})
        changes.records.delete("account", before)
        changes.records.update("account", str(uuid.uuid4()), {"name": "x"})
    result = batch.execute()

    assert [(answer.status_code, answer.error_code) for answer in result.failed] == [(404, "0x80040217")]
    assert [row["name"] for row in client.records.list("account", filter=f"endswith(name,'{tag}')", select=["name"])] == [f"before {tag}"]


def test_a_batch_goes_on_after_an_error_only_when_asked(client: DataverseClient, tag: str) -> None:
    for asked, statuses in ((True, [404, 204, 400]), (False, [404])):
        batch = client.batch.new()
        batch.records.retrieve("account", str(uuid.uuid4()))
        batch.records.create("account", {"name": f"A {tag}"})
        batch.records.create("account", {"nosuch": 1})
        assert [answer.status_code for answer in batch.execute(continue_on_error=asked).responses] == statuses
    assert len(list(client.records.list("account", filter=f"name eq 'A {tag}'"))) == 1


def test_bulk_messages_and_sql_travel_in_a_batch(client: DataverseClient, tag: str) -> None:
    batch = client.batch.new()
    batch.records.create("account", [{"name": f"{number} {tag}"} for number in range(3)])
    batch.query.sql(f"SELECT name FROM account WHERE name = '1 {tag}'")
    result = batch.execute()

    assert [answer.status_code for answer in result.responses] == [200, 200]
    assert len(result.responses[0].data["Ids"]) == 3
    assert [row["name"] for row in result.responses[1].data["value"]] == [f"1 {tag}"]
