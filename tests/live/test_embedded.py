"""The live side against the embedded Dataverse: two implementations that share no parser and no writer of requests."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.catalog.types import Choice, Flag, RoleSet, TemplateRef
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from reconciler.live.endpoint import ClientSecret, Endpoint, Secret
from reconciler.live.reader import DataverseReader
from reconciler.live.session import Session, open_session
from reconciler.live.writer import DataverseWriter
from reconciler.model.desired import DesiredEnvironment, Selector
from reconciler.model.errors import Conflict, Denied, Rejected
from reconciler.model.fact import Absent, Known, Ref, Unknown, Value
from reconciler.model.live import LiveForm, LiveRow, LiveState, TableMetadata
from reconciler.model.plan import AwaitActivation, FieldWrite, WriteForm, WriteRow
from tests.live.wishes import environment, form, wish

T = TypeVar("T")
ORGANIZATION = "contoso"
BY_NAME, STANDARD = Selector("name", "Lead"), Selector("standard", "sales-insights")
EVERYTHING = environment(
    *(wish(kind.name, field.name) for kind, field in CATALOG.fields() if field.binding),
    forms=(form(BY_NAME, "who-knows-whom", "relationship-health", solution="ContosoSales"), form(STANDARD, table="contact")),
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=build_domain(CATALOG, None), catalog=CATALOG) as found:
        yield found


def endpoint_of(server: EmbeddedDataverse, secret: str | None = None) -> Endpoint:
    credential = ClientSecret(server.tenant_id, server.client_id, Secret(secret or server.client_secret))
    return Endpoint("contoso", server.url(ORGANIZATION), server.authority, credential, server.ca_file)


def using(server: EmbeddedDataverse, do: Callable[[Session], Awaitable[T]], *, read_only: bool = False) -> T:
    async def doing() -> T:
        async with open_session(endpoint_of(server), read_only=read_only) as session:
            return await do(session)

    return asyncio.run(doing())


def read(server: EmbeddedDataverse, desired: DesiredEnvironment = EVERYTHING) -> LiveState:
    return using(server, lambda session: DataverseReader(session, CATALOG, cache=None).read(desired), read_only=True)


def writing(server: EmbeddedDataverse, do: Callable[[DataverseWriter], Awaitable[T]]) -> T:
    return using(server, lambda session: do(DataverseWriter(session, CATALOG)))


def step_for(live: LiveState, kind: str, name: str, after: Value) -> WriteRow:
    binding = CATALOG.kind(kind).field(name).binding
    assert binding
    row = live.rows[binding.table]
    assert isinstance(row, LiveRow)
    write = FieldWrite(kind, name, binding.column, live.settings[kind, name], after, live.encodings.get((kind, name)))
    return WriteRow("options", binding.table, row.id, row.etag, True, (write,))


def test_on_the_wire_a_reading_is_one_token_and_two_batches_of_gets(server: EmbeddedDataverse) -> None:
    live = read(server)
    alone = [(entry.method, entry.path.rsplit("/", 1)[-1]) for entry in server.requests if not entry.part_of_batch]
    assert alone == [("GET", "openid-configuration"), ("POST", "token"), ("POST", "$batch"), ("POST", "$batch")]
    assert {entry.method for entry in server.requests if entry.part_of_batch} == {"GET"}
    assert live.requests == 2


def test_everything_can_be_read(server: EmbeddedDataverse) -> None:
    live = read(server)
    assert [key for key, fact in live.settings.items() if isinstance(fact, Unknown)] == []
    assert [table for table, row in live.rows.items() if not isinstance(row, LiveRow)] == []
    assert [table for table, known in live.metadata.items() if not isinstance(known, TableMetadata)] == []
    assert [key for key, found in live.forms.items() if not isinstance(found, LiveForm)] == []
    assert live.solutions == {"ContosoSales": "missing"}
    assert live.caller.language == 1033
    assert not isinstance(live.roles, Unknown)
    assert {"Salesperson", "Sales Manager"} <= {role.name for role in live.roles}
    assert not isinstance(live.controls, Unknown)
    assert len(live.controls) == 2


def test_the_catalogue_is_what_the_environment_says(server: EmbeddedDataverse) -> None:
    live = read(server)
    tables = frozenset(live.rows) | {"systemform"}
    assert writing(server, lambda writer: writer.confirm_metadata(tables)) == {}
    complaints = writing(server, lambda writer: writer.confirm_metadata(frozenset({"msdyn_none"})))
    assert list(complaints) == ["msdyn_none"]


def other_value(type: object, live: LiveState) -> Value:
    match type:
        case Flag():
            return True
        case Choice():
            return type.words[1]
        case RoleSet():
            assert not isinstance(live.roles, Unknown)
            return tuple(sorted(Ref(role.id, role.name) for role in live.roles[:3]))
        case TemplateRef():
            assert not isinstance(live.templates, Unknown)
            return live.templates[0]
    return 8


@pytest.mark.parametrize(("kind", "field"), [(kind.name, field.name) for kind, field in CATALOG.fields() if field.binding])
def test_what_is_written_is_read_back(server: EmbeddedDataverse, kind: str, field: str) -> None:
    if (kind, field) == ("relationship_intelligence", "analyticsPermitted"):
        terms = step_for(read(server), kind, "termsAccepted", True)
        writing(server, lambda writer: writer.write_row(terms, terms.etag))
    live = read(server)
    after = other_value(CATALOG.kind(kind).field(field).type, live)
    step = step_for(live, kind, field, after)
    writing(server, lambda writer: writer.write_row(step, step.etag))
    found = writing(server, lambda writer: writer.current_row(step))
    assert found is not None
    assert found.facts == {(kind, field): Known(after)}
    assert found.etag != step.etag
    again = read(server)
    assert again.settings[kind, field] == Known(after)
    row = again.rows[step.table]
    assert isinstance(row, LiveRow)
    assert row.modified_by is not None
    assert row.modified_by.name == again.caller.name == found.modified_by


def test_a_stale_version_is_a_conflict_and_changes_nothing(server: EmbeddedDataverse) -> None:
    live = read(server)
    step = step_for(live, "relationship_analytics", "activityWeights.email", 8)
    writing(server, lambda writer: writer.write_row(step, step.etag))
    late = replace(step, fields=(replace(step.fields[0], after=3),))
    with pytest.raises(Conflict):
        writing(server, lambda writer: writer.write_row(late, step.etag))
    assert read(server).settings["relationship_analytics", "activityWeights.email"] == Known(8)


def test_a_row_that_vanished_is_not_made_again(server: EmbeddedDataverse) -> None:
    step = replace(step_for(read(server), "who_knows_whom", "enabled", True), row_id="00000000-0000-4000-8000-000000000001")
    with pytest.raises(Rejected):
        writing(server, lambda writer: writer.write_row(step, None))
    assert writing(server, lambda writer: writer.current_row(step)) is None
    assert isinstance(read(server).rows["msdyn_wkwconfig"], LiveRow)


def test_an_activation_is_watched_by_the_servers_clock(server: EmbeddedDataverse) -> None:
    step = step_for(read(server), "relationship_analytics", "enabled", True)
    wait = AwaitActivation("on", "relationship_analytics", step.table, step.row_id, "on", 900)
    writing(server, lambda writer: writer.write_row(step, step.etag))
    first = writing(server, lambda writer: writer.activation(wait))
    server.clock.advance(dt.timedelta(days=1))
    second = writing(server, lambda writer: writer.activation(wait))
    assert (first.code, second.code) == (2, 3)
    assert second.now - first.now >= dt.timedelta(days=1)


def test_a_form_is_seen_by_people_only_after_it_was_published(server: EmbeddedDataverse) -> None:
    before = read(server).forms["lead", str(BY_NAME)]
    assert isinstance(before, LiveForm)
    step = WriteForm("forms", "lead", before.id, before.name, "", "", before.etag, True, 1033, ())
    changed = before.unpublished.replace(b'description="Summary"', b'description="Overview"')
    assert changed != before.unpublished
    writing(server, lambda writer: writer.write_form(step, changed, before.etag))
    draft = writing(server, lambda writer: writer.current_form(step))
    assert draft is not None
    assert writing(server, lambda writer: writer.pending("lead", frozenset())) == (before.name,)
    assert writing(server, lambda writer: writer.pending("lead", frozenset({before.id}))) == ()
    assert (b'description="Overview"' in draft.unpublished, draft.published) == (True, before.published)
    writing(server, lambda writer: writer.publish("lead"))
    published = writing(server, lambda writer: writer.current_form(step))
    assert published is not None
    assert published.published == published.unpublished == draft.unpublished


def test_a_form_that_is_not_there_is_none(server: EmbeddedDataverse) -> None:
    step = WriteForm("forms", "lead", "00000000-0000-4000-8000-000000000001", "x", "", "", None, True, 1033, ())
    assert writing(server, lambda writer: writer.current_form(step)) is None


def test_names_with_quotes_and_signs_are_only_names(server: EmbeddedDataverse) -> None:
    odd = Selector("name", "O'Brien & sons' or name ne 'x")
    found = read(server, environment(forms=(form(odd),))).forms["lead", str(odd)]
    assert not isinstance(found, LiveForm | Unknown)
    assert ("Lead" in {name for _, name in found.candidates}, found.matches) == (True, 0)


def test_a_wrong_secret_is_refused_and_not_told(server: EmbeddedDataverse) -> None:
    canary = "canary-wrong-secret"

    async def asking() -> None:
        async with open_session(endpoint_of(server, canary), read_only=True) as session:
            await session.get("WhoAmI()")

    with pytest.raises(Denied) as caught:
        asyncio.run(asking())
    assert canary not in f"{caught.value.what} {caught.value.why} {caught.value.hint} {caught.value!r}"
    assert {entry.organization for entry in server.requests} == {""}


def test_an_organization_without_settings_has_nothing_set(server: EmbeddedDataverse) -> None:
    live = read(server, environment(wish("exchange_data", "securityRoles")))
    assert live.settings["exchange_data", "securityRoles"] == Absent()
