"""Many organizations from one scenario: each with a state of its own, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from reconciler.emulator.storage.store import Store
from tests.emulator.domain_world import NOON
from tests.emulator.wire import Client, send

COPIES = 50
SCENARIO = """
friendlyName: Fleet
uniqueName: fleet
host: fleet.crm4.dynamics.com
copies: 50
users: [{name: Ana Pop, roles: [System Administrator]}]
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedDataverse]:
    folder = tmp_path_factory.mktemp("copies")
    scenarios = folder / "scenarios"
    scenarios.mkdir()
    (scenarios / "fleet.yaml").write_text(SCENARIO, encoding="utf-8")
    (scenarios / "fleet-0007.yaml").write_text("friendlyName: Its own\n", encoding="utf-8")
    with EmbeddedDataverse(folder / "state.sqlite", domain=build_domain(CATALOG, scenarios), catalog=CATALOG) as running:
        yield running


def organization(server: EmbeddedDataverse, name: str) -> Client:
    return Client(server, server.token(), name)


def detail(api: Client) -> dict[str, str]:
    reply = api.get("RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')")
    assert reply.status == 200, reply.content
    told: dict[str, str] = reply.body["Detail"]
    return told


def test_every_copy_has_a_state_of_its_own(server: EmbeddedDataverse) -> None:
    names = [f"fleet-{number:04}" for number in range(1, COPIES + 1)]
    for name in names:
        assert organization(server, name)("POST", "accounts", {"name": f"Account of {name}"}).status == 204

    rows = {name: organization(server, name).get("accounts?$select=name").body["value"] for name in names}
    ids = {organization(server, name).get("WhoAmI").body["OrganizationId"] for name in names}

    assert {name: [row["name"] for row in found] for name, found in rows.items()} == {name: [f"Account of {name}"] for name in names}
    assert len(ids) == COPIES


def test_a_copy_is_told_apart_by_its_names_and_its_host(server: EmbeddedDataverse) -> None:
    told = detail(organization(server, "fleet-0042"))

    assert (told["FriendlyName"], told["UniqueName"]) == ("Fleet 0042", "fleet0042")
    assert "fleet-0042.crm4.dynamics.com" in str(told)
    assert detail(organization(server, "fleet"))["FriendlyName"] == "Fleet"


def test_a_copy_has_what_the_scenario_describes(server: EmbeddedDataverse) -> None:
    assert organization(server, "fleet-0041").get("systemusers?$filter=fullname eq 'Ana Pop'&$select=fullname").body["value"] != []


def test_a_file_of_its_own_is_stronger_than_being_a_copy(server: EmbeddedDataverse) -> None:
    assert detail(organization(server, "fleet-0007"))["FriendlyName"] == "Its own"


@pytest.mark.parametrize("name", ["fleet-0051", "fleet-0000", "fleet-42", "fleet-0042-0001", "fleet-0007-0001"])
def test_beyond_the_copies_there_is_no_organization(server: EmbeddedDataverse, name: str) -> None:
    reply = organization(server, name).get("WhoAmI")

    assert reply.status == 404
    assert "has no organization" in reply.body["error"]["message"]


def test_resetting_one_copy_leaves_the_others_alone(server: EmbeddedDataverse) -> None:
    one, two = organization(server, "fleet-0048"), organization(server, "fleet-0049")
    for api in (one, two):
        api("POST", "contacts", {"lastname": "Pop"})

    send("POST", f"{server.root}/_emulator/v1/reset", b'{"organization": "fleet-0048"}')

    assert one.get("contacts").body["value"] == []
    assert len(two.get("contacts").body["value"]) == 1


def test_long_texts_are_stored_once_for_all_organizations(tmp_path: Path) -> None:
    domain = build_domain(CATALOG, None)
    store = Store(tmp_path / "s.sqlite", dict(domain.tables))
    kept = []
    for name in ("one", "two"):
        with store.writing(name) as rows:
            domain.seed(rows, name, NOON)
        with store.reading(name) as rows:
            kept.append({row["name"] + row["objecttypecode"]: row["formxml"] for row in rows.all("systemform")})
    store.close()

    one, two = kept
    assert one == two
    assert max(map(len, one.values())) > 10_000
    assert all(one[name] is two[name] for name in one if len(one[name]) > 2000)


def test_what_is_written_to_a_shared_text_stays_in_its_organization(server: EmbeddedDataverse) -> None:
    one, two = organization(server, "fleet-0045"), organization(server, "fleet-0046")
    query = "systemforms?$select=formxml&$filter=objecttypecode eq 'lead' and name eq 'Lead'"
    before = two.get(query).body["value"][0]["formxml"]
    form = one.get(query).body["value"][0]
    written = form["formxml"].replace("</form>", "<!-- mine --></form>")
    assert written != form["formxml"]
    assert one("PATCH", f"systemforms({form['formid']})", {"formxml": written}).status == 204
    assert one("POST", "PublishAllXml", {}).status == 204

    assert one.get(query).body["value"][0]["formxml"] == written
    assert two.get(query).body["value"][0]["formxml"] == before
