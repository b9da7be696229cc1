"""A reading: what is asked, what it means, and what a failed part does."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from urllib.parse import unquote

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.live.endpoint import Endpoint
from reconciler.live.reader import DataverseReader
from reconciler.live.session import open_session
from reconciler.model.desired import DesiredEnvironment, Selector
from reconciler.model.errors import Denied, Rejected
from reconciler.model.fact import Absent, Known, Ref, Unknown
from reconciler.model.live import Caller, ConsentSignals, LiveRole, LiveRow, LiveState, NoRow, Organization, Person, TableMetadata
from tests.live.conftest import Rests
from tests.live.organization import (
    ANALYTICS,
    ANALYTICS_ID,
    MANAGER,
    ORGANIZATION_ID,
    SALESPERSON,
    SALESPERSON_TEMPLATE,
    TEMPLATE_ID,
    USER_ID,
    WKW_ID,
    role_row,
)
from tests.live.service import Reply, Service, document, failure, no_table, rows
from tests.live.wishes import environment, form, wish

ANALYTICS_TABLE = "msdyn_activityanalysisconfig"
EVERYTHING = environment(
    wish("relationship_intelligence", "termsAccepted"),
    wish("relationship_analytics", "enabled"),
    wish("relationship_analytics", "activityWeights.email", 7),
    wish("relationship_analytics", "healthScore.grading.good", 60),
    wish("who_knows_whom", "introductionTemplate", Selector("name", "Introduction request")),
    wish("exchange_data", "enabled"),
    forms=(form(Selector("name", "Contoso Lead"), "who-knows-whom", solution="ContosoSales"),),
)


def read(endpoint: Endpoint, desired: DesiredEnvironment, cache: Path | None = None) -> LiveState:
    async def reading() -> LiveState:
        async with open_session(endpoint, read_only=True, patience=Rests().patience) as session:
            return await DataverseReader(session, CATALOG, cache=cache).read(desired)

    return asyncio.run(reading())


def asked(service: Service) -> list[str]:
    return [unquote(line.split(" ")[1]).split("/api/data/v9.2/")[1] for request in service.received for line, _ in request.parts]


def test_a_reading_takes_two_batches_of_gets_and_nothing_else(service: Service, endpoint: Endpoint) -> None:
    live = read(endpoint, EVERYTHING)
    assert [(r.method, r.path) for r in service.received] == [("POST", "/api/data/v9.2/$batch")] * 2
    assert {"GET"} == {line.split(" ")[0] for request in service.received for line, _ in request.parts}
    assert live.requests == 2


def test_every_request_says_what_it_is(service: Service, endpoint: Endpoint) -> None:
    read(endpoint, environment(wish("who_knows_whom", "enabled")))
    first, second = service.received
    wanted = ("odata-version", "odata-maxversion", "accept", "prefer", "authorization")
    assert [first.headers[name] for name in wanted[:4]] == ["4.0", "4.0", "application/json", "odata.continue-on-error"]
    assert first.headers["authorization"].startswith("Bearer ")
    assert first.headers["x-ms-client-request-id"] != second.headers["x-ms-client-request-id"]
    assert {"null"} == {headers["if-none-match"] for _, headers in first.parts}


def test_who_and_where_are_told(endpoint: Endpoint) -> None:
    live = read(endpoint, environment())
    assert Organization(ORGANIZATION_ID, "Contoso Test", endpoint.url, "9.2.25031.00123", "EMEA") == live.organization
    assert Caller(USER_ID, "rictl service principal", 1031) == live.caller
    assert dt.datetime(2026, 11, 23, 10, 2, 11, tzinfo=dt.UTC) == live.read_at


def test_what_is_not_declared_is_not_read(service: Service, endpoint: Endpoint) -> None:
    live = read(endpoint, environment())
    assert len(service.received) == 1
    assert not any(word in address for address in asked(service) for word in ("msdyn_", "roles", "templates", "systemforms", "EntityDef"))
    assert (live.settings, live.rows, live.roles, live.templates) == ({}, {}, (), ())


def test_codes_become_canonical_values(endpoint: Endpoint) -> None:
    live = read(endpoint, EVERYTHING)
    assert {
        ("relationship_intelligence", "termsAccepted"): Known(True),
        ("relationship_analytics", "enabled"): Known(True),
        ("relationship_analytics", "activityWeights.email"): Known(6),
        ("relationship_analytics", "healthScore.grading.good"): Absent(),
        ("who_knows_whom", "enabled"): Known(False),
        ("who_knows_whom", "introductionTemplate"): Known(Ref(TEMPLATE_ID, "Introduction request")),
        ("exchange_data", "enabled"): Known(False),
        ("exchange_data", "securityRoles"): Known((Ref(SALESPERSON, "Salesperson"),)),
    } == live.settings
    assert live.encodings == {("exchange_data", "securityRoles"): "json-ids"}
    assert live.activations == {"relationship_analytics": 3, "who_knows_whom": 6}
    assert ConsentSignals(402, False) == live.consent


def test_a_row_tells_who_wrote_it_and_whether_that_was_the_service(endpoint: Endpoint) -> None:
    live = read(endpoint, EVERYTHING)
    moment = dt.datetime(2026, 11, 20, 10, 2, 11, tzinfo=dt.UTC)
    assert LiveRow(ANALYTICS_ID, 'W/"1201"', moment, Person("# Dynamics 365 Sales", True)) == live.rows[ANALYTICS_TABLE]
    wkw = live.rows["msdyn_wkwconfig"]
    assert isinstance(wkw, LiveRow)
    assert (WKW_ID, Person("Ana Pop", False)) == (wkw.id, wkw.modified_by)
    assert NoRow() == live.rows["msdyn_relationshipanalyticsmetadata"]
    assert "msdyn_odosfeaturemetadata" not in live.rows


def test_roles_are_the_root_ones_with_their_templates(service: Service, endpoint: Endpoint) -> None:
    live = read(endpoint, environment(wish("exchange_data", "securityRoles", (Selector("name", "Salesperson"),))))
    assert (LiveRole(MANAGER, "Sales Manager", None), LiveRole(SALESPERSON, "Salesperson", SALESPERSON_TEMPLATE)) == live.roles
    assert any("_parentroleid_value eq null and componentstate eq 0" in address for address in asked(service))
    assert ("exchange_data", "enabled") in live.settings


def test_further_pages_of_a_list_are_read(service: Service, endpoint: Endpoint) -> None:
    link = f"{service.url}/api/data/v9.2/roles?$select=name&$skiptoken=%3Ccookie%20pagenumber=%222%22%20/%3E"
    service.on("GET", "roles", rows({"roleid": SALESPERSON, "name": "Salesperson"}, **{"@odata.nextLink": link}))
    service.on("GET", "roles", rows({"roleid": MANAGER, "name": "Sales Manager"}), where="skiptoken")
    live = read(endpoint, environment(wish("exchange_data", "enabled")))
    assert not isinstance(live.roles, Unknown)
    assert [role.name for role in live.roles] == ["Sales Manager", "Salesperson"]
    assert live.requests == 3


@pytest.mark.parametrize("link", ["https://evil.example/api/data/v9.2/roles", "{own}roles\\", "{own}ro les"])
def test_a_list_that_continues_elsewhere_is_unknown(service: Service, endpoint: Endpoint, link: str) -> None:
    link = link.replace("{own}", f"{service.url}/api/data/v9.2/")
    service.on("GET", "roles", rows({"roleid": SALESPERSON, "name": "Salesperson"}, **{"@odata.nextLink": link}))
    live = read(endpoint, environment(wish("exchange_data", "enabled")))
    assert isinstance(live.roles, Unknown)
    assert "leads out of the environment" in live.roles.reason


def test_a_list_without_an_end_is_unknown(service: Service, endpoint: Endpoint) -> None:
    link = f"{service.url}/api/data/v9.2/roles?$skiptoken=again"
    service.on("GET", "roles", rows({"roleid": SALESPERSON, "name": "Salesperson"}, **{"@odata.nextLink": link}))
    live = read(endpoint, environment(wish("exchange_data", "enabled")))
    assert isinstance(live.roles, Unknown)
    assert "does not end" in live.roles.reason


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (no_table("msdyn_activityanalysisconfigs"), "the table msdyn_activityanalysisconfig does not exist in this environment"),
        (
            failure(403, "0x80040220", "Principal user (Id=x, type=8), is missing prvReadmsdyn_activityanalysisconfig privilege (Id=y)"),
            "the privilege prvReadmsdyn_activityanalysisconfig is missing",
        ),
        (failure(403, "0x80040220", "The user has not been assigned any roles"), "a privilege is missing"),
        (failure(400, "0x0", "Could not find a property named 'msdyn_emailweight' on type 'x'."), "has no column msdyn_emailweight"),
        (failure(400, "0x80060888", "something else"), "could not be read: 400 Bad Request: 0x80060888: something else"),
        (Reply(200, b"not json", {}), "not a JSON object"),
        (document({"value": [3]}), "not a list of rows"),
        (rows(ANALYTICS, ANALYTICS), "more than one row"),
        (rows({"msdyn_emailweight": 6}), "the row has no id"),
        (Reply(200, b"[" * 100_000, {}), "not a JSON object"),
        (Reply(200, b'{"@odata.nextLink":"x"}', {}), "not a list of rows"),
        (Reply(200, b'{"value":[' + b"{}," * 20_000 + b"{}]}", {}), "more than 20000 rows"),
    ],
)
def test_a_part_that_fails_makes_its_facts_unknown_and_no_other(service: Service, endpoint: Endpoint, reply: Reply, words: str) -> None:
    service.on("GET", "msdyn_activityanalysisconfigs", reply)
    live = read(endpoint, EVERYTHING)
    for key in (("relationship_analytics", "enabled"), ("exchange_data", "enabled")):
        fact = live.settings[key]
        assert isinstance(fact, Unknown)
        assert words in fact.reason
    assert isinstance(live.rows[ANALYTICS_TABLE], Unknown)
    assert isinstance(live.activations["relationship_analytics"], Unknown)
    assert None is live.consent.connector_status
    assert Known(False) == live.settings["who_knows_whom", "enabled"]


def test_a_column_that_the_answer_lacks_is_unknown(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "msdyn_activityanalysisconfigs", rows({"msdyn_activityanalysisconfigid": ANALYTICS_ID}))
    live = read(endpoint, EVERYTHING)
    assert Unknown("the answer lacks the column msdyn_emailweight") == live.settings["relationship_analytics", "activityWeights.email"]


def test_a_code_that_is_none_is_unknown(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "msdyn_activityanalysisconfigs", rows(ANALYTICS | {"msdyn_datasource": 77, "msdyn_currentstatus": "on"}))
    live = read(endpoint, EVERYTHING)
    assert isinstance(live.settings["exchange_data", "enabled"], Unknown)
    assert Unknown("msdyn_currentstatus: 'on' is no status code") == live.activations["relationship_analytics"]


def test_no_row_means_nothing_is_set(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "msdyn_wkwconfigs", rows())
    live = read(endpoint, environment(wish("who_knows_whom", "enabled")))
    assert Absent() == live.settings["who_knows_whom", "enabled"]
    assert NoRow() == live.rows["msdyn_wkwconfig"]
    assert None is live.activations["who_knows_whom"]


@pytest.mark.parametrize(("said", "meant"), [((True, False), True), ((False,), False), ((), None), ((None,), None), (("yes",), None)])
def test_a_revoked_consent_is_known_only_when_a_row_says_so(
    service: Service, endpoint: Endpoint, said: tuple[object, ...], meant: bool | None
) -> None:
    service.on("GET", "msdyn_odosfeaturemetadatas", rows(*({"msdyn_isconsentrevoked": answer} for answer in said)))
    assert meant == read(endpoint, EVERYTHING).consent.revoked


def test_a_missing_consent_table_is_no_signal(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "msdyn_odosfeaturemetadatas", no_table("msdyn_odosfeaturemetadatas"))
    assert ConsentSignals(402, None) == read(endpoint, EVERYTHING).consent


@pytest.mark.parametrize(
    ("text", "encoding", "fact"),
    [
        (f"{MANAGER},{SALESPERSON}", "comma-ids", Known((Ref(MANAGER), Ref(SALESPERSON)))),
        ("Salesperson, Sales Manager", "comma-names", Known((Ref(MANAGER), Ref(SALESPERSON)))),
        ('["Salesperson"]', "json-names", Known((Ref(SALESPERSON),))),
        ("[]", "json-ids", Absent()),
        (None, None, Absent()),
        ("all of them", None, Unknown("msdyn_enabledroles: 'all of them' is neither the id nor the name of one role")),
    ],
)
def test_the_spelling_of_a_role_selection_is_kept(
    service: Service, endpoint: Endpoint, text: str | None, encoding: str | None, fact: object
) -> None:
    service.on("GET", "msdyn_odosmetadatas", rows(role_row(text)))
    live = read(endpoint, environment(wish("exchange_data", "enabled")))
    assert fact == live.settings["exchange_data", "securityRoles"]
    assert encoding == live.encodings.get(("exchange_data", "securityRoles"))


def test_lists_that_may_not_be_read_are_unknown(service: Service, endpoint: Endpoint) -> None:
    for table in ("roles", "templates", "customcontrols", "solutions"):
        service.on("GET", table, failure(403, "0x80040220", f"is missing prvRead{table} privilege"))
    live = read(endpoint, EVERYTHING)
    assert Unknown("role may not be read: the privilege prvReadroles is missing") == live.roles
    assert isinstance(live.templates, Unknown)
    assert isinstance(live.controls, Unknown)
    assert live.solutions == {}
    assert Known((Ref(SALESPERSON),)) == live.settings["exchange_data", "securityRoles"]


def test_the_base_language_stands_in_for_a_user_who_chose_none(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "usersettingscollection", rows({"uilanguageid": 0}))
    assert read(endpoint, environment()).caller.language == 1036
    service.on("GET", "usersettingscollection", rows())
    assert read(endpoint, environment()).caller.language == 1036


def test_a_version_that_is_not_told_is_none(service: Service, endpoint: Endpoint) -> None:
    path = "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')"
    service.on("GET", path, failure(403, "0x80040220", "no"))
    organization = read(endpoint, environment()).organization
    assert (organization.version, organization.region, organization.name) == (None, None, "org1")


def test_nothing_is_said_when_the_caller_is_refused(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "WhoAmI()", failure(401, "", "no"))
    with pytest.raises(Denied):
        read(endpoint, environment())


def test_nothing_is_said_when_the_organization_does_not_say_which_it_is(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "WhoAmI()", document({"UserId": USER_ID}))
    with pytest.raises(Rejected, match="which organization"):
        read(endpoint, environment())


def test_metadata_is_read_once_an_organization_and_version(service: Service, endpoint: Endpoint, tmp_path: Path) -> None:
    cache = tmp_path / "metadata"
    desired = environment(wish("who_knows_whom", "introductionTemplate"))
    first, second = read(endpoint, desired, cache), read(endpoint, desired, cache)
    assert TableMetadata({"msdyn_wkwconfigid": "Uniqueidentifier"}, True) == first.metadata["msdyn_wkwconfig"]
    assert first.metadata == second.metadata
    assert (first.requests, second.requests) == (2, 1)
    (kept,) = cache.iterdir()
    assert (f"{ORGANIZATION_ID}-9.2.25031.00123.json", 0o600, 0o700) == (
        kept.name,
        kept.stat().st_mode & 0o777,
        cache.stat().st_mode & 0o777,
    )


@pytest.mark.parametrize(
    "rubbish", [b"", b"[", b"[]", b'{"format":1}', b'{"format":1,"tables":{"msdyn_wkwconfig":3}}', b"[" * 99_999, b" " * 5_000_000]
)
def test_a_corrupt_cache_is_ignored_and_written_anew(endpoint: Endpoint, tmp_path: Path, rubbish: bytes) -> None:
    desired = environment(wish("who_knows_whom", "introductionTemplate"))
    read(endpoint, desired, tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(rubbish)
    assert read(endpoint, desired, tmp_path).requests == 2
    assert whole == kept.read_bytes()


def test_a_cache_that_cannot_be_written_is_done_without(endpoint: Endpoint, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert read(endpoint, environment(wish("who_knows_whom", "introductionTemplate")), blocked / "folder").requests == 2


def test_a_table_without_a_definition_is_told_and_never_kept(service: Service, endpoint: Endpoint, tmp_path: Path) -> None:
    definition = "EntityDefinitions(LogicalName='msdyn_wkwconfig')"
    service.on("GET", definition, failure(404, "0x80060888", "Could not find an entity with specified entity name"))
    live = read(endpoint, environment(wish("who_knows_whom", "introductionTemplate")), tmp_path)
    assert NoRow() == live.metadata["msdyn_wkwconfig"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "reply", [failure(403, "0x80040220", "no"), Reply(200, b"nonsense"), document({"LogicalName": "other", "Attributes": []}), document({})]
)
def test_a_definition_that_makes_no_sense_is_unknown(service: Service, endpoint: Endpoint, reply: Reply) -> None:
    service.on("GET", "EntityDefinitions(LogicalName='msdyn_wkwconfig')", reply)
    live = read(endpoint, environment(wish("who_knows_whom", "introductionTemplate")))
    assert isinstance(live.metadata["msdyn_wkwconfig"], Unknown)


def test_several_environments_are_read_at_once(endpoint: Endpoint) -> None:
    async def reading() -> list[LiveState]:
        async def one() -> LiveState:
            async with open_session(endpoint, read_only=True) as session:
                return await DataverseReader(session, CATALOG, cache=None).read(EVERYTHING)

        return await asyncio.gather(*(one() for _ in range(8)))

    found = asyncio.run(reading())
    assert [live.requests for live in found] == [2] * 8
