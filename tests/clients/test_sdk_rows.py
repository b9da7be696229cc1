"""Microsoft's SDK for Python, unchanged: rows one by one and in bulk."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from azure.identity import ClientSecretCredential
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models.upsert import UpsertItem

from tests.clients.control import control
from tests.clients.sdk import sdk
from tests.clients.serving import Served


@pytest.fixture(scope="module")
def client(tls: Served) -> Iterator[DataverseClient]:
    with sdk(tls, "rows") as found:
        yield found


@pytest.fixture
def tag() -> str:
    return uuid.uuid4().hex[:8]


def names(client: DataverseClient, tag: str) -> list[str]:
    return [row["name"] for row in client.records.list("account", filter=f"endswith(name,'{tag}')", select=["name"], orderby=["name"])]


def test_a_row_is_created_read_changed_and_deleted(client: DataverseClient, tag: str) -> None:
    id = client.records.create("account", {"name": f"A {tag}", "accountnumber": tag, "numberofemployees": 5, "revenue": 12.5})
    assert uuid.UUID(id)
    row = client.records.retrieve("account", id, select=["name", "revenue", "numberofemployees"])
    assert row is not None
    assert (row["name"], row["revenue"], row["numberofemployees"], row.id, row.etag.startswith('W/"')) == (f"A {tag}", 12.5, 5, id, True)

    client.records.update("account", id, {"name": f"B {tag}", "telephone1": "555"})
    changed = client.records.retrieve("account", id, select=["name", "telephone1"])
    assert changed is not None
    assert (changed["name"], changed["telephone1"]) == (f"B {tag}", "555")
    assert changed.etag != row.etag

    client.records.delete("account", id)
    assert client.records.retrieve("account", id) is None


def test_a_choice_may_be_given_by_its_label(client: DataverseClient, tag: str) -> None:
    id = client.records.create("account", {"name": f"A {tag}", "industrycode": "Accounting"})
    client.records.update("account", id, {"industrycode": "consulting"})

    row = client.records.retrieve("account", id, select=["industrycode"], include_annotations="*")
    assert row is not None
    assert row["industrycode"] == 7
    assert row["industrycode@OData.Community.Display.V1.FormattedValue"] == "Consulting"


def test_lookups_are_bound_by_either_spelling_and_expanded(client: DataverseClient, tag: str) -> None:
    account = client.records.create("account", {"name": f"A {tag}"})
    person = client.records.create("contact", {"lastname": tag, "parentcustomerid_account@odata.bind": f"/accounts({account})"})
    client.records.update("account", account, {"primarycontactid@odata.bind": f"/contacts({person})"})

    row = client.records.retrieve("account", account, select=["name"], expand=["primarycontactid", "contact_customer_accounts"])
    assert row is not None
    assert row["primarycontactid"]["lastname"] == tag
    assert [found["contactid"] for found in row["contact_customer_accounts"]] == [person]


def test_many_rows_are_created_and_changed_at_once(client: DataverseClient, tag: str) -> None:
    ids = client.records.create("account", [{"name": f"{number} {tag}"} for number in range(5)])
    assert len(set(ids)) == 5
    assert names(client, tag) == [f"{number} {tag}" for number in range(5)]

    client.records.update("account", ids, {"telephone1": "9"})
    client.records.update("account", ids[:2], [{"name": f"x {tag}"}, {"name": f"y {tag}"}])
    assert names(client, tag) == [f"2 {tag}", f"3 {tag}", f"4 {tag}", f"x {tag}", f"y {tag}"]
    assert len(list(client.records.list("account", filter=f"telephone1 eq '9' and endswith(name,'{tag}')"))) == 5


def test_of_many_rows_none_is_created_when_one_is_refused(client: DataverseClient, tag: str) -> None:
    with pytest.raises(HttpError) as refused:
        client.records.create("account", [{"name": f"A {tag}"}, {"name": f"B {tag}", "nosuch": 1}])
    assert refused.value.status_code == 400
    assert names(client, tag) == []


def test_an_upsert_creates_and_then_changes_the_same_row(client: DataverseClient, tag: str) -> None:
    for record in ({"name": f"A {tag}"}, {"telephone1": "77"}):
        client.records.upsert("account", [UpsertItem(alternate_key={"accountnumber": tag}, record=record)])

    (row,) = client.records.list("account", filter=f"accountnumber eq '{tag}'", select=["name", "telephone1"])
    assert (row["name"], row["telephone1"]) == (f"A {tag}", "77")


def test_many_upserts_create_and_change_at_once(client: DataverseClient, tag: str) -> None:
    client.records.create("account", {"name": f"0 {tag}", "accountnumber": f"0{tag}"})
    client.records.upsert(
        "account", [{"alternate_key": {"accountnumber": f"{n}{tag}"}, "record": {"name": f"new {n} {tag}"}} for n in range(3)]
    )
    assert names(client, tag) == [f"new {n} {tag}" for n in range(3)]


def test_many_rows_are_deleted_one_by_one_or_by_a_job(client: DataverseClient, tag: str) -> None:
    ids = [client.records.create("account", {"name": f"{number} {tag}"}) for number in range(4)]
    client.records.delete("account", ids[:2], use_bulk_delete=False)
    assert names(client, tag) == [f"2 {tag}", f"3 {tag}"]

    job = client.records.delete("account", ids[2:])
    assert job is not None
    assert uuid.UUID(job)
    assert names(client, tag) == []


def test_the_old_way_to_read_still_works(client: DataverseClient, tag: str) -> None:
    ids = client.records.create("account", [{"name": f"{number} {tag}"} for number in range(3)])
    with pytest.warns(DeprecationWarning, match="deprecated"):
        assert client.records.get("account", ids[0], select=["name"])["name"] == f"0 {tag}"
    with pytest.warns(DeprecationWarning, match="deprecated"):
        pages = [len(page) for page in client.records.get("account", filter=f"endswith(name,'{tag}')", page_size=2)]
    assert pages == [2, 1]


@pytest.mark.parametrize(
    ("payload", "status", "code"),
    [
        ({"nosuch": 1}, 400, "0x80048d19"),
        ({"name": "x" * 161}, 400, "0x80044331"),
        ({"industrycode": 4711}, 400, "0x8004431a"),
        ({"primarycontactid@odata.bind": f"/contacts({uuid.UUID(int=5)})"}, 404, "0x80040217"),
    ],
)
def test_what_is_refused_is_told_with_status_and_code(client: DataverseClient, payload: dict[str, object], status: int, code: str) -> None:
    with pytest.raises(HttpError) as refused:
        client.records.create("account", {"name": "refused", **payload})
    assert refused.value.status_code == status
    assert refused.value.details["service_error_code"] == code
    assert refused.value.details["service_request_id"]


def test_a_row_that_is_not_there_cannot_be_changed_or_deleted(client: DataverseClient) -> None:
    nowhere = str(uuid.uuid4())
    for change in (lambda: client.records.update("account", nowhere, {"name": "x"}), lambda: client.records.delete("account", nowhere)):
        with pytest.raises(HttpError) as refused:
            change()
        assert (refused.value.status_code, refused.value.details["service_error_code"]) == (404, "0x80040217")
    assert client.records.retrieve("account", nowhere) is None


def test_a_second_row_with_the_same_alternate_key_is_refused(client: DataverseClient, tag: str) -> None:
    client.records.create("account", {"name": f"A {tag}", "accountnumber": tag})
    with pytest.raises(HttpError) as refused:
        client.records.create("account", {"name": f"B {tag}", "accountnumber": tag})
    assert (refused.value.status_code, refused.value.details["service_error_code"]) == (412, "0x80060892")


def test_whoever_has_the_wrong_secret_learns_so_from_the_credential(tls: Served) -> None:
    from azure.core.exceptions import ClientAuthenticationError

    wrong = ClientSecretCredential(tls.tenant, tls.client_id, "wrong", authority=tls.authority, disable_instance_discovery=True)
    with DataverseClient(tls.url("rows"), wrong) as client, pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        client.records.create("account", {"name": "x"})


def test_a_busy_service_is_told_with_the_seconds_to_wait(tls: Served, client: DataverseClient, tag: str) -> None:
    control(tls, "POST", "faults", effect="throttle", organization="rows", method="POST", path="accounts", retry_after=7)
    with pytest.raises(HttpError) as refused:
        client.records.create("account", {"name": f"A {tag}"})
    assert (refused.value.status_code, refused.value.is_transient, refused.value.details["retry_after"]) == (429, True, 7)
    assert refused.value.details["service_error_code"] == "0x80072322"
    assert client.records.create("account", {"name": f"A {tag}"})


def test_two_organizations_know_nothing_of_each_other(tls: Served, client: DataverseClient, tag: str) -> None:
    id = client.records.create("account", {"name": f"A {tag}"})
    with sdk(tls, "contoso") as other:
        assert other.records.retrieve("account", id) is None
