"""Microsoft's SDK for Python: rows as pandas data frames, there and back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pandas
import pytest
from PowerPlatform.Dataverse.client import DataverseClient

from tests.clients.sdk import sdk
from tests.clients.serving import Served


@pytest.fixture(scope="module")
def client(tls: Served) -> Iterator[DataverseClient]:
    with sdk(tls, "frames") as found:
        yield found


def read(client: DataverseClient, tag: str) -> pandas.DataFrame:
    with pytest.warns(DeprecationWarning, match="deprecated"):
        return client.dataframe.get(
            "account", filter=f"endswith(name,'{tag}')", select=["accountid", "name", "telephone1"], orderby=["name"], page_size=2
        )


def test_a_data_frame_is_created_read_changed_and_deleted(client: DataverseClient) -> None:
    tag = uuid.uuid4().hex[:8]
    frame = pandas.DataFrame([{"name": f"{number} {tag}", "telephone1": str(number)} for number in range(3)])
    frame["accountid"] = client.dataframe.create("account", frame)
    assert list(read(client, tag)["accountid"]) == list(frame["accountid"])

    changes = pandas.DataFrame({"accountid": frame["accountid"], "telephone1": ["a", None, "c"]})
    client.dataframe.update("account", changes, id_column="accountid")
    assert read(client, tag)["telephone1"].tolist() == ["a", "1", "c"]
    client.dataframe.update("account", changes, id_column="accountid", clear_nulls=True)
    assert read(client, tag)["telephone1"].isna().tolist() == [False, True, False]

    client.dataframe.delete("account", frame["accountid"][:1])
    client.dataframe.delete("account", frame["accountid"][1:2], use_bulk_delete=False)
    assert len(read(client, tag)) == 1
    assert client.dataframe.delete("account", pandas.Series([], dtype=str)) is None


def test_one_row_and_no_row_become_data_frames(client: DataverseClient) -> None:
    id = client.records.create("account", {"name": "one"})
    with pytest.warns(DeprecationWarning, match="deprecated"):
        assert list(client.dataframe.get("account", record_id=id, select=["name"])["name"]) == ["one"]
    assert read(client, "nobody").empty


def test_data_frames_travel_in_a_batch(client: DataverseClient) -> None:
    tag = uuid.uuid4().hex[:8]
    batch = client.batch.new()
    batch.dataframe.create("account", pandas.DataFrame([{"name": f"a {tag}"}, {"name": f"b {tag}"}]))
    made = batch.execute()
    assert [answer.status_code for answer in made.responses] == [200]
    ids = made.responses[0].data["Ids"]

    batch = client.batch.new()
    batch.dataframe.update("account", pandas.DataFrame({"accountid": ids, "telephone1": ["1", "2"]}), id_column="accountid")
    assert not batch.execute().has_errors
    assert read(client, tag)["telephone1"].tolist() == ["1", "2"]

    batch = client.batch.new()
    batch.dataframe.delete("account", pandas.Series(ids), use_bulk_delete=False)
    assert not batch.execute().has_errors
    assert read(client, tag).empty
