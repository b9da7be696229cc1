"""Counting people against the embedded Dataverse: copies of roles, teams, who is no person, and how many requests it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from reconciler import pipeline
from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from reconciler.live.answer import Answer
from reconciler.live.endpoint import ClientSecret, Endpoint, Secret
from reconciler.live.people import MOST_ROLES, count_of, question
from reconciler.live.reader import DataverseReader
from reconciler.live.session import Session, open_session
from reconciler.model.desired import DesiredEnvironment, Selector
from reconciler.model.fact import Unknown
from reconciler.model.live import PeopleCount, RoleIds
from reconciler.model.plan import Plan
from reconciler.model.ports import PeopleReading
from tests.live.conftest import Rests
from tests.live.organization import MANAGER, SALESPERSON
from tests.live.service import Service, failure
from tests.live.wishes import environment, wish

T = TypeVar("T")
ORGANIZATION = """\
friendlyName: Contoso
version: 9.2.25031.00123
activation: {seconds: 0}
businessUnits:
  - {name: Europe}
  - {name: Romania, parent: Europe}
teams:
  - {name: Sellers, roles: [Salesperson], businessUnit: Romania}
  - {name: Nobody, roles: [Sales Manager]}
users:
  - {name: Root Seller, roles: [Salesperson]}
  - {name: Romanian Seller, roles: [Salesperson], businessUnit: Romania}
  - {name: Seller by Team, teams: [Sellers], businessUnit: Romania}
  - {name: Seller Twice, roles: [Salesperson, Sales Manager], teams: [Sellers], businessUnit: Romania}
  - {name: Manager, roles: [Sales Manager], businessUnit: Europe}
  - {name: Gone Seller, roles: [Salesperson], disabled: true}
  - {name: Gone by Team, teams: [Sellers], disabled: true, businessUnit: Romania}
  - {name: Robot, applicationId: 77777777-7777-4777-8777-777777777777, roles: [Salesperson]}
  - {name: Without Roles}
settings:
  organization: {isrelationshipinsightsenabled: true, isactivityanalysisenabled: true}
  msdyn_activityanalysisconfig: {msdyn_isorgsettingenable: true, msdyn_currentstatus: 3, msdyn_datasource: 3}
enabledRoles: {roles: [Sales Manager]}
"""
SELLERS, MANAGERS = (Selector("name", "Salesperson"),), (Selector("name", "Sales Manager"),)


def exchange(*roles: Selector, enabled: bool = True) -> DesiredEnvironment:
    return environment(wish("exchange_data", "enabled", enabled), wish("exchange_data", "securityRoles", roles))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    (tmp_path / "contoso.yaml").write_text(ORGANIZATION, encoding="utf-8")
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=build_domain(CATALOG, tmp_path), catalog=CATALOG) as found:
        yield found


def using(server: EmbeddedDataverse, do: Callable[[Session], Awaitable[T]]) -> T:
    credential = ClientSecret(server.tenant_id, server.client_id, Secret(server.client_secret))
    endpoint = Endpoint("contoso", server.url("contoso"), server.authority, credential, server.ca_file)

    async def doing() -> T:
        async with open_session(endpoint, read_only=True) as session:
            return await do(session)

    return asyncio.run(doing())


def planned(server: EmbeddedDataverse, desired: DesiredEnvironment) -> Plan:
    return using(server, lambda session: pipeline.plan(desired, DataverseReader(session, CATALOG, cache=None), CATALOG))


def counted(server: EmbeddedDataverse, *wanted: RoleIds) -> PeopleReading:
    return using(server, lambda session: DataverseReader(session, CATALOG, cache=None).people(wanted))


def ids(server: EmbeddedDataverse) -> dict[str, str]:
    """Root role ids by name."""

    async def asking(session: Session) -> dict[str, str]:
        rows = (await session.get("roles?$select=roleid,name&$filter=_parentroleid_value eq null")).rows()
        return {row["name"]: row["roleid"] for row in rows}

    return using(server, asking)


def exchanges(server: EmbeddedDataverse) -> list[str]:
    return [entry.path.rsplit("/", 1)[-1] for entry in server.requests if not entry.part_of_batch]


def test_each_enabled_person_counts_once_by_any_copy_of_a_role_and_by_any_team(server: EmbeddedDataverse) -> None:
    roles = ids(server)
    sellers, managers = (roles["Salesperson"],), (roles["Sales Manager"],)
    both = tuple(sorted(sellers + managers))

    reading = counted(server, sellers, managers, both)

    assert reading == PeopleReading({sellers: PeopleCount(4), managers: PeopleCount(2), both: PeopleCount(5)}, 1)


def test_without_roles_everybody_enabled_counts_but_no_application(server: EmbeddedDataverse) -> None:
    async def enabled(session: Session) -> int:
        address = "systemusers?$select=accessmode,applicationid&$filter=isdisabled eq false"
        rows = (await session.get(address)).rows()
        return sum(row["applicationid"] is None and row["accessmode"] in (0, 1, 2) for row in rows)

    assert counted(server, ()).counts == {(): PeopleCount(using(server, enabled))}
    assert using(server, enabled) >= 6


def test_the_copy_of_a_role_stands_for_those_who_hold_that_copy(server: EmbeddedDataverse) -> None:
    async def copy_of(session: Session) -> str:
        address = "roles?$select=roleid&$filter=name eq 'Salesperson' and businessunitid/name eq 'Romania'"
        (row,) = (await session.get(address)).rows()
        return str(row["roleid"])

    copy = (using(server, copy_of),)

    assert counted(server, copy).counts == {copy: PeopleCount(3)}


def test_a_moved_role_set_takes_one_batch_more_and_says_who_comes_and_goes(server: EmbeddedDataverse) -> None:
    made = planned(server, exchange(*SELLERS))

    (impact,) = made.impacts
    assert (impact.before, impact.after, impact.added, impact.removed) == (2, 4, 3, 1)
    assert exchanges(server) == ["openid-configuration", "token", "$batch", "$batch", "$batch"]
    assert made.requests == 3
    assert [(change.risk, change.risk_because) for change in made.changes] == [("high", "opens Exchange data of 3 more people")]


@pytest.mark.parametrize("desired", [exchange(*MANAGERS), environment(wish("relationship_analytics", "activityWeights.email", 7))])
def test_where_nobodys_lot_changes_nobody_is_counted(server: EmbeddedDataverse, desired: DesiredEnvironment) -> None:
    made = planned(server, desired)

    assert made.impacts == ()
    assert exchanges(server) == ["openid-configuration", "token", "$batch", "$batch"]
    assert made.requests == 2


def test_closing_tells_whose_data_is_no_longer_used(server: EmbeddedDataverse) -> None:
    (impact,) = planned(server, exchange(*MANAGERS, enabled=False)).impacts

    assert (impact.before, impact.after, impact.added, impact.removed) == (2, 0, 0, 2)


def test_no_name_of_a_person_is_asked_for_or_kept(server: EmbeddedDataverse) -> None:
    made = planned(server, exchange(*SELLERS))

    assert "fullname" not in question(("10000000-0000-4000-8000-000000000001",))
    assert not any(name in repr(made) for name in ("Root Seller", "Romanian Seller", "Without Roles", "Robot"))


def reading_of(service: Service, endpoint: Endpoint, *wanted: RoleIds) -> PeopleReading:
    async def doing() -> PeopleReading:
        async with open_session(endpoint, read_only=True, patience=Rests().patience) as session:
            return await DataverseReader(session, CATALOG, cache=None).people(wanted)

    assert service.url
    return asyncio.run(doing())


def test_where_counting_is_refused_the_reason_is_told(service: Service, endpoint: Endpoint) -> None:
    message = "Principal user (Id=x), is missing prvReadUser privilege (Id=y)"
    service.on("GET", "systemusers", failure(403, "0x80040220", message))

    reading = reading_of(service, endpoint, (SALESPERSON,))

    assert reading.counts == {(SALESPERSON,): Unknown("user may not be read: the privilege prvReadUser is missing")}


def test_a_count_that_fails_as_a_whole_fails_no_plan(endpoint: Endpoint) -> None:
    nowhere = Endpoint("contoso-test", "http://127.0.0.1:9", endpoint.authority, endpoint.credential)

    async def doing() -> PeopleReading:
        async with open_session(nowhere, read_only=True, patience=Rests().patience) as session:
            return await DataverseReader(session, CATALOG, cache=None).people([(SALESPERSON,), (MANAGER,)])

    reading = asyncio.run(doing())

    assert set(reading.counts) == {(SALESPERSON,), (MANAGER,)}
    assert all(isinstance(count, Unknown) and count.reason.startswith("user: ") for count in reading.counts.values())


def test_more_roles_than_a_question_holds_are_not_asked_for(service: Service, endpoint: Endpoint) -> None:
    many = tuple(f"10000000-0000-4000-8000-{number:012}" for number in range(MOST_ROLES + 1))

    reading = reading_of(service, endpoint, many)

    assert reading == PeopleReading({many: Unknown(f"{MOST_ROLES + 1} roles are more than the {MOST_ROLES} that one question can hold")}, 0)
    assert question(many[:-1]).count("%20eq%20") < 500


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"@odata.count": 87, "value": []}', PeopleCount(87)),
        (b'{"@odata.count": 5000, "value": []}', PeopleCount(5000, is_at_least=True)),
        (b'{"@odata.count": -1, "value": []}', Unknown("the answer does not say how many users there are")),
        (b'{"@odata.count": true, "value": []}', Unknown("the answer does not say how many users there are")),
        (b'{"value": []}', Unknown("the answer does not say how many users there are")),
        (b"[]", Unknown("user: the answer is not a JSON object")),
    ],
)
def test_a_count_is_believed_only_where_it_is_one(body: bytes, expected: PeopleCount | Unknown) -> None:
    assert count_of(Answer(200, {}, body, "GET systemusers")) == expected
