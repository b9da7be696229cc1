"""What Microsoft's public samples do first: contacts with composed names, tasks of rows, deep inserts of both."""

from __future__ import annotations

import pytest

from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.wire import Client, Reply


@pytest.fixture
def client(emulator: EmbeddedDataverse) -> Client:
    return Client(emulator, emulator.token(), "samples")


def made(reply: Reply) -> str:
    assert reply.status == 204
    return str(reply.headers["OData-EntityId"]).rpartition("/")[2]


def test_a_full_name_follows_from_its_parts(client: Client) -> None:
    contact = made(client("POST", "contacts", {"firstname": "Rafel", "lastname": "Shillo", "annualincome": 80000}))
    assert client.get(f"{contact}?$select=fullname,annualincome").body["fullname"] == "Rafel Shillo"
    client("PATCH", contact, {"firstname": None})
    assert client.get(f"{contact}?$select=fullname").body["fullname"] == "Shillo"
    client("PATCH", contact, {"jobtitle": "Senior Developer"})
    assert client.get(f"{contact}?$select=fullname").body["fullname"] == "Shillo"


def test_tasks_belong_to_what_they_are_about(client: Client) -> None:
    account = made(client("POST", "accounts", {"name": "Contoso Ltd", "accountcategorycode": 1, "address1_latitude": 47.639583}))
    task = made(client("POST", "tasks", {"subject": "Sign invoice", "regardingobjectid_account_task@odata.bind": f"/{account}"}))
    assert [row["subject"] for row in client.get(f"{account}/Account_Tasks?$select=subject").body["value"]] == ["Sign invoice"]
    assert client("PATCH", task, {"statecode": 1, "statuscode": 5}).status == 204
    assert client.get(f"{task}?$expand=regardingobjectid_account_task($select=name)").body["regardingobjectid_account_task"]["name"]


def test_an_account_comes_with_its_contact_and_the_tasks_of_that(client: Client) -> None:
    tasks = [{"subject": "Sign invoice", "scheduledend": "2023-04-19T01:00:00Z", "scheduleddurationminutes": 30}, {"subject": "Sweep"}]
    person = {"firstname": "Susie", "lastname": "Curtis", "Contact_Tasks": tasks}
    account = made(client("POST", "accounts", {"name": "Fourth Coffee", "primarycontactid": person}))
    inside = "$expand=primarycontactid($select=fullname;$expand=Contact_Tasks($select=subject))"
    found = client.get(f"{account}?$select=name&{inside}").body["primarycontactid"]
    assert (found["fullname"], sorted(task["subject"] for task in found["Contact_Tasks"])) == ("Susie Curtis", ["Sign invoice", "Sweep"])
