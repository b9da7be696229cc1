"""Microsoft's SDK for Python: what it reads of tables, and that every change of a table is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models.labels import Label, LocalizedLabel
from PowerPlatform.Dataverse.models.relationship import (
    LookupAttributeMetadata,
    ManyToManyRelationshipMetadata,
    OneToManyRelationshipMetadata,
)
from PowerPlatform.Dataverse.operations.batch import BatchRecordOperations
from PowerPlatform.Dataverse.operations.dataframe import DataFrameOperations
from PowerPlatform.Dataverse.operations.files import FileOperations
from PowerPlatform.Dataverse.operations.query import QueryOperations
from PowerPlatform.Dataverse.operations.records import RecordOperations
from PowerPlatform.Dataverse.operations.tables import TableOperations

from tests.clients.sdk import sdk
from tests.clients.serving import Served

NOWHERE = "11111111-2222-3333-4444-555555555555"
LABEL = Label([LocalizedLabel("Parent", 1033)])
LOOKUP = LookupAttributeMetadata("new_AccountId", LABEL)
ONE = OneToManyRelationshipMetadata("new_account_lead", "account", "lead", "accountid")
MANY = ManyToManyRelationshipMetadata("new_account_lead", "account", "lead")


@pytest.fixture(scope="module")
def client(tls: Served) -> Iterator[DataverseClient]:
    with sdk(tls, "definitions") as found:
        yield found


def test_a_table_is_described(client: DataverseClient) -> None:
    table = client.tables.get("account")
    assert table is not None
    assert (table.schema_name, table.logical_name, table.entity_set_name) == ("Account", "account", "accounts")
    assert (table.primary_name_attribute, table.primary_id_attribute) == ("name", "accountid")
    assert client.tables.get("nosuch") is None


def test_tables_are_listed_and_filtered(client: DataverseClient) -> None:
    assert {"account", "contact", "lead", "opportunity", "task"} <= {table["LogicalName"] for table in client.tables.list()}
    assert [table["LogicalName"] for table in client.tables.list(filter="SchemaName eq 'Account'", select=["LogicalName"])] == ["account"]


def test_columns_are_listed_and_read(client: DataverseClient) -> None:
    assert len(client.tables.list_columns("account")) > 40
    (column,) = client.tables.list_columns("account", select=["LogicalName", "AttributeType"], filter="LogicalName eq 'name'")
    assert column["AttributeType"] == "String"
    assert client.tables.get_column("account", "name")["MaxLength"] == 160


def test_keys_and_relationships_are_described(client: DataverseClient) -> None:
    assert [key.key_attributes for key in client.tables.get_alternate_keys("account")] == [["accountnumber"]]
    named = {found["SchemaName"] for found in client.tables.list_table_relationships("account")}
    assert {"contact_customer_accounts", "account_primary_contact"} <= named
    assert len(client.tables.list_relationships()) > 20
    found = client.tables.get_relationship("contact_customer_accounts")
    assert found is not None
    assert (found.relationship_type, found.referenced_entity, found.referencing_entity) == ("one_to_many", "account", "contact")
    assert client.tables.get_relationship("nosuch") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda c, _: c.tables.create("new_Thing", {"new_Size": "string"}),
        lambda c, _: c.tables.delete("account"),
        lambda c, _: c.tables.add_columns("account", {"new_Size": "string"}),
        lambda c, _: c.tables.remove_columns("account", "telephone1"),
        lambda c, _: c.tables.update_column("account", "telephone1", {"display_name": "Phone"}),
        lambda c, _: c.tables.update_columns("account", {"telephone1": {"display_name": "Phone"}}),
        lambda c, _: c.tables.create_alternate_key("account", "new_by_name", ["name"]),
        lambda c, _: c.tables.delete_alternate_key("account", NOWHERE),
        lambda c, _: c.tables.create_one_to_many_relationship(LOOKUP, ONE),
        lambda c, _: c.tables.create_many_to_many_relationship(MANY),
        lambda c, _: c.tables.create_lookup_field("lead", "new_AccountId", "account"),
        lambda c, _: c.tables.delete_relationship(NOWHERE),
        lambda c, file: c.files.upload("account", NOWHERE, "new_Document", str(file)),
    ],
    ids=[
        "create",
        "delete",
        "add_columns",
        "remove_columns",
        "update_column",
        "update_columns",
        "create_alternate_key",
        "delete_alternate_key",
        "create_one_to_many_relationship",
        "create_many_to_many_relationship",
        "create_lookup_field",
        "delete_relationship",
        "upload",
    ],
)
def test_what_is_not_emulated_says_so(client: DataverseClient, change: Callable[[DataverseClient, Path], object], tmp_path: Path) -> None:
    file = tmp_path / "document.txt"
    file.write_text("text")
    with pytest.raises(HttpError, match="The embedded Dataverse does not support") as refused:
        change(client, file)
    assert refused.value.status_code == 501


def test_no_method_of_the_sdk_goes_unjudged() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_sdk_*.py"))
    for kind in (RecordOperations, QueryOperations, TableOperations, DataFrameOperations, FileOperations, BatchRecordOperations):
        methods = {name for name in vars(kind) if not name.startswith("_")}
        assert {name for name in methods if not re.search(rf"\.{name}\(", text)} == set(), kind
