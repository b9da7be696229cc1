"""Writes: one request each, guarded, read back, and refused when they do not fit."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.live.endpoint import Endpoint
from reconciler.live.session import open_session
from reconciler.live.writer import DataverseWriter
from reconciler.model.errors import Conflict, Denied, Rejected
from reconciler.model.fact import Absent, Known, Ref
from reconciler.model.live import LiveForm
from reconciler.model.plan import AwaitActivation, FieldWrite, WriteForm, WriteRow
from reconciler.model.ports import ActivationReading, RowReading
from tests.live.conftest import Rests
from tests.live.organization import DRAFT, FORM, FORM_ID, FORM_XML, MANAGER, ODOS_ID, SALESPERSON, WKW, WKW_ID, definition, role_row
from tests.live.service import Reply, Service, document, failure, rows

T = TypeVar("T")
ENABLE = FieldWrite("who_knows_whom", "enabled", "msdyn_iswkwenabled", Known(False), True)
WKW_STEP = WriteRow("on", "msdyn_wkwconfig", WKW_ID, 'W/"1301"', True, (ENABLE,))
WKW_PATH = f"msdyn_wkwconfigs({WKW_ID})"
ROLES = FieldWrite("exchange_data", "securityRoles", "msdyn_enabledroles", Absent(), (Ref(SALESPERSON, "Salesperson"), Ref(MANAGER)))
ROLE_STEP = WriteRow("roles", "msdyn_odosmetadata", ODOS_ID, 'W/"1401"', True, (ROLES,))
FORM_STEP = WriteForm("forms", "lead", FORM_ID, "Contoso Lead", "", "", 'W/"4711"', True, 1031, ())
AWAIT = AwaitActivation("on", "who_knows_whom", "msdyn_wkwconfig", WKW_ID, "on", 900)
MISSING = failure(404, "0x80040217", "msdyn_wkwconfig With Id = x Does Not Exist")
PICKLISTS = "EntityDefinitions(LogicalName='{}')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"


def using(endpoint: Endpoint, do: Callable[[DataverseWriter], Awaitable[T]]) -> T:
    async def doing() -> T:
        async with open_session(endpoint, read_only=False, patience=Rests().patience) as session:
            return await do(DataverseWriter(session, CATALOG))

    return asyncio.run(doing())


def test_a_row_is_read_in_canonical_values(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", WKW_PATH, document(WKW))
    moment = dt.datetime(2026, 11, 21, 10, 2, 11, tzinfo=dt.UTC)
    expected = RowReading(WKW_ID, 'W/"1301"', {("who_knows_whom", "enabled"): Known(False)}, "Ana Pop", moment)
    assert expected == using(endpoint, lambda writer: writer.current_row(WKW_STEP))


def test_a_row_that_is_gone_is_none(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", WKW_PATH, MISSING)
    assert None is using(endpoint, lambda writer: writer.current_row(WKW_STEP))


def test_a_row_that_may_not_be_read_raises(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", WKW_PATH, failure(403, "0x80040220", "is missing prvReadmsdyn_wkwconfig privilege"))
    with pytest.raises(Denied, match="prvReadmsdyn_wkwconfig"):
        using(endpoint, lambda writer: writer.current_row(WKW_STEP))


def test_a_row_that_is_to_be_made_is_looked_for_in_its_table(service: Service, endpoint: Endpoint) -> None:
    step = replace(WKW_STEP, row_id=None)
    found = using(endpoint, lambda writer: writer.current_row(step))
    assert found is not None
    assert found.id == WKW_ID
    service.on("GET", "msdyn_wkwconfigs", rows())
    assert None is using(endpoint, lambda writer: writer.current_row(step))
    service.on("GET", "msdyn_wkwconfigs", rows(WKW, WKW))
    with pytest.raises(Rejected, match="more than one row"):
        using(endpoint, lambda writer: writer.current_row(step))
    service.on("GET", "msdyn_wkwconfigs", rows({"msdyn_iswkwenabled": True}))
    with pytest.raises(Rejected, match="has no id"):
        using(endpoint, lambda writer: writer.current_row(step))


def test_a_selection_by_name_is_read_with_the_roles(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", f"msdyn_odosmetadatas({ODOS_ID})", document(role_row("Salesperson,Sales Manager")))
    step = replace(ROLE_STEP, fields=(replace(ROLES, encoding="comma-names"),))
    found = using(endpoint, lambda writer: writer.current_row(step))
    assert found is not None
    assert Known((Ref(MANAGER), Ref(SALESPERSON))) == found.facts["exchange_data", "securityRoles"]
    service.on("GET", "roles", failure(403, "", "no"))
    with pytest.raises(Denied):
        using(endpoint, lambda writer: writer.current_row(step))


def test_a_write_names_only_its_columns_and_the_version(service: Service, endpoint: Endpoint) -> None:
    service.on("PATCH", WKW_PATH, Reply(204))
    using(endpoint, lambda writer: writer.write_row(WKW_STEP, 'W/"1301"'))
    (received,) = service.received
    assert (received.method, received.json, received.headers["if-match"]) == ("PATCH", {"msdyn_iswkwenabled": True}, 'W/"1301"')
    assert "x-ms-client-request-id" in received.headers


def test_an_unguarded_write_never_makes_a_row(service: Service, endpoint: Endpoint) -> None:
    service.on("PATCH", WKW_PATH, MISSING)
    with pytest.raises(Rejected):
        using(endpoint, lambda writer: writer.write_row(WKW_STEP, None))
    assert service.received[-1].headers["if-match"] == "*"


def test_another_version_is_a_conflict(service: Service, endpoint: Endpoint) -> None:
    service.on("PATCH", WKW_PATH, failure(412, "0x80060882", "The version of the existing record doesn't match"))
    with pytest.raises(Conflict, match="somebody else"):
        using(endpoint, lambda writer: writer.write_row(WKW_STEP, 'W/"1301"'))


def test_a_new_row_has_an_id_of_ours_and_its_required_name(service: Service, endpoint: Endpoint) -> None:
    service.on("POST", "msdyn_wkwconfigs", Reply(204))
    using(endpoint, lambda writer: writer.write_row(replace(WKW_STEP, row_id=None), None))
    body = service.received[-1].json
    assert {key: body[key] for key in body if not key.endswith("id")} == {"msdyn_iswkwenabled": True, "msdyn_name": "wkwconfig"}
    assert len(body["msdyn_wkwconfigid"]) == 36
    service.on("POST", "msdyn_odosmetadatas", Reply(204))
    using(endpoint, lambda writer: writer.write_row(replace(ROLE_STEP, row_id=None), None))
    assert {"msdyn_odosmetadataid", "msdyn_enabledroles"} == set(service.received[-1].json)


def test_roles_are_written_in_the_spelling_that_was_found(service: Service, endpoint: Endpoint) -> None:
    service.on("PATCH", f"msdyn_odosmetadatas({ODOS_ID})", Reply(204))
    for encoding, text in ((None, f'["{MANAGER}","{SALESPERSON}"]'), ("comma-ids", f"{MANAGER},{SALESPERSON}")):
        step = replace(ROLE_STEP, fields=(replace(ROLES, encoding=encoding),))
        using(endpoint, lambda writer, step=step: writer.write_row(step, None))  # type: ignore[misc]
        assert {"msdyn_enabledroles": text} == service.received[-1].json


def test_a_value_that_cannot_be_stored_is_not_sent(service: Service, endpoint: Endpoint) -> None:
    step = replace(ROLE_STEP, fields=(replace(ROLES, after=()),))
    with pytest.raises(Rejected, match="securityRoles cannot be written"):
        using(endpoint, lambda writer: writer.write_row(step, None))
    assert service.received == []


def test_a_status_comes_with_the_servers_clock(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", WKW_PATH, document({"msdyn_wkwconfigid": WKW_ID, "msdyn_currentstatus": 2}))
    clock = dt.datetime(2026, 11, 23, 10, 2, 11, tzinfo=dt.UTC)
    assert ActivationReading(2, clock) == using(endpoint, lambda writer: writer.activation(AWAIT))
    assert ActivationReading(6, clock) == using(endpoint, lambda writer: writer.activation(replace(AWAIT, row_id=None)))
    service.on("GET", WKW_PATH, MISSING)
    assert ActivationReading(None, clock) == using(endpoint, lambda writer: writer.activation(AWAIT))
    service.on("GET", WKW_PATH, document({"msdyn_currentstatus": "on"}))
    with pytest.raises(Rejected, match="makes no sense"):
        using(endpoint, lambda writer: writer.activation(AWAIT))
    with pytest.raises(AssertionError):
        using(endpoint, lambda writer: writer.activation(replace(AWAIT, kind="exchange_data")))


def test_both_copies_of_a_form_come_in_one_request(service: Service, endpoint: Endpoint) -> None:
    found = using(endpoint, lambda writer: writer.current_form(FORM_STEP))
    assert LiveForm(FORM_ID, "Contoso Lead", "lead", 2, FORM_XML.encode(), FORM_XML.encode(), 'W/"4711"') == found
    assert len(service.received) == 1


def test_a_form_that_is_gone_is_none(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFT, MISSING)
    assert None is using(endpoint, lambda writer: writer.current_form(FORM_STEP))


@pytest.mark.parametrize(
    ("path", "reply"),
    [(f"systemforms({FORM_ID})", failure(403, "", "no")), (DRAFT, failure(403, "", "no")), (DRAFT, document(FORM | {"type": None}))],
)
def test_a_form_that_could_not_be_read_raises(service: Service, endpoint: Endpoint, path: str, reply: Reply) -> None:
    service.on("GET", path, reply)
    with pytest.raises((Denied, Rejected)):
        using(endpoint, lambda writer: writer.current_form(FORM_STEP))


def test_a_form_is_written_whole_and_recorded_in_its_solution(service: Service, endpoint: Endpoint) -> None:
    service.on("PATCH", f"systemforms({FORM_ID})", Reply(204))
    using(endpoint, lambda writer: writer.write_form(replace(FORM_STEP, solution="ContosoSales"), FORM_XML.encode(), 'W/"4711"'))
    (received,) = service.received
    assert received.json == {"formxml": FORM_XML}
    assert (received.headers["if-match"], received.headers["mscrm.solutionuniquename"]) == ('W/"4711"', "ContosoSales")
    using(endpoint, lambda writer: writer.write_form(FORM_STEP, b"<form/>", None))
    assert (service.received[-1].headers["if-match"], service.received[-1].headers.get("mscrm.solutionuniquename")) == ("*", None)


def test_pending_changes_that_could_not_be_read_raise(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "savedqueries/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()", failure(403, "", "no"))
    with pytest.raises(Rejected, match="pending changes of lead could not be read"):
        using(endpoint, lambda writer: writer.pending("lead", frozenset()))


def test_one_table_is_published(service: Service, endpoint: Endpoint) -> None:
    service.on("POST", "PublishXml", Reply(204))
    using(endpoint, lambda writer: writer.publish("lead"))
    wanted = "<importexportxml><entities><entity>lead</entity></entities></importexportxml>"
    assert {"ParameterXml": wanted} == service.received[-1].json
    with pytest.raises(ValueError, match="not the name of a table"):
        using(endpoint, lambda writer: writer.publish("lead</entity>"))


def describe_definitions(service: Service) -> None:
    wkw = (
        "msdyn_wkwconfigid=Uniqueidentifier",
        "msdyn_iswkwenabled=Boolean",
        "msdyn_currentstatus=Picklist",
        "msdyn_emailtemplateid=String",
    )
    service.on("GET", "EntityDefinitions(LogicalName='msdyn_wkwconfig')", definition("msdyn_wkwconfig", *wkw))
    table = CATALOG.table("msdyn_activityanalysisconfig")
    columns = (f"{column.name}={column.type}" for column in table.columns)
    service.on("GET", f"EntityDefinitions(LogicalName='{table.name}')", definition(table.name, *columns))
    service.on(
        "GET", PICKLISTS.format(table.name), choices(msdyn_datasource=3, msdyn_communicationfrequency=5, msdyn_healthfeaturestatus=2)
    )


def choices(**highest: int) -> Reply:
    return rows(
        *(
            {"LogicalName": name, "OptionSet": {"Options": [{"Value": code, "Label": {}} for code in range(1, count + 1)]}}
            for name, count in highest.items()
        )
    )


TABLES = frozenset({"msdyn_wkwconfig", "msdyn_activityanalysisconfig", "systemform"})


def test_metadata_that_fits_is_confirmed_past_every_cache(service: Service, endpoint: Endpoint) -> None:
    describe_definitions(service)
    assert using(endpoint, lambda writer: writer.confirm_metadata(TABLES)) == {}
    (received,) = service.received
    assert received.headers["consistency"] == "Strong"
    assert {"Strong"} == {headers["consistency"] for _, headers in received.parts}
    assert using(endpoint, lambda writer: writer.confirm_metadata(frozenset())) == {}
    assert len(service.received) == 1


@pytest.mark.parametrize(
    ("path", "reply", "table", "words"),
    [
        ("EntityDefinitions(LogicalName='msdyn_wkwconfig')", MISSING, "msdyn_wkwconfig", "does not exist"),
        ("EntityDefinitions(LogicalName='msdyn_wkwconfig')", failure(403, "", "no"), "msdyn_wkwconfig", "may not be read"),
        (
            "EntityDefinitions(LogicalName='msdyn_wkwconfig')",
            definition("msdyn_wkwconfig", "msdyn_wkwconfigid=Uniqueidentifier"),
            "msdyn_wkwconfig",
            "no column msdyn_iswkwenabled",
        ),
        (
            "EntityDefinitions(LogicalName='systemform')",
            definition("systemform", "formid=Uniqueidentifier", "formxml=String"),
            "systemform",
            "of type String in this environment, not Memo",
        ),
        (
            PICKLISTS.format("msdyn_activityanalysisconfig"),
            choices(msdyn_datasource=2, msdyn_communicationfrequency=5, msdyn_healthfeaturestatus=2),
            "msdyn_activityanalysisconfig",
            "msdyn_datasource does not offer the code 3",
        ),
        (PICKLISTS.format("msdyn_activityanalysisconfig"), failure(403, "", "no"), "msdyn_activityanalysisconfig", "may not be read"),
        (PICKLISTS.format("msdyn_activityanalysisconfig"), Reply(200, b"x"), "msdyn_activityanalysisconfig", "not a JSON object"),
        (PICKLISTS.format("msdyn_activityanalysisconfig"), rows({"LogicalName": "x"}), "msdyn_activityanalysisconfig", "does not offer"),
    ],
)
def test_metadata_that_does_not_fit_is_complained_about(
    service: Service, endpoint: Endpoint, path: str, reply: Reply, table: str, words: str
) -> None:
    describe_definitions(service)
    service.on("GET", path, reply)
    complaints = using(endpoint, lambda writer: writer.confirm_metadata(TABLES))
    assert [table] == list(complaints)
    assert words in complaints[table]


def test_a_table_that_only_has_to_be_there_needs_no_columns(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "EntityDefinitions(LogicalName='lead')", definition("lead"))
    assert using(endpoint, lambda writer: writer.confirm_metadata(frozenset({"lead"}))) == {}


def test_an_id_that_is_none_never_becomes_an_address(service: Service, endpoint: Endpoint) -> None:
    with pytest.raises(ValueError, match="not an id"):
        using(endpoint, lambda writer: writer.write_row(replace(WKW_STEP, row_id="x)/../accounts(1"), None))
    assert service.received == []
