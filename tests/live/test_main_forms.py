"""The main forms of tables, read in one batch, and what cannot be said of them; and the text that tells it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.cli.form_listing import as_json, as_text, is_whole
from reconciler.live.endpoint import Endpoint
from reconciler.live.main_forms import ListedForm, MainForms, OneForm, read_form, read_main_forms
from reconciler.live.session import Session, open_session
from reconciler.model.desired import DesiredForm, Selector
from reconciler.model.errors import RemoteError
from reconciler.model.fact import Unknown
from reconciler.model.live import FormMissing, LiveForm
from reconciler.plan.forms import known_widgets
from tests.live.organization import DRAFTS, FORM, FORM_ID, ORGANIZATION_ID, OTHER_FORM_ID
from tests.live.service import Reply, Service, failure, rows

T = TypeVar("T")
KNOWN = known_widgets(CATALOG)
MAIN = "type eq 2"


def using(endpoint: Endpoint, do: Callable[[Session], Awaitable[T]]) -> T:
    async def doing() -> T:
        async with open_session(endpoint, read_only=True) as session:
            return await do(session)

    return asyncio.run(doing())


def listed(endpoint: Endpoint, *tables: str) -> MainForms:
    return using(endpoint, lambda session: read_main_forms(session, tables or ("lead",)))


def shown(endpoint: Endpoint, selector: Selector) -> OneForm:
    return using(endpoint, lambda session: read_form(session, DesiredForm("lead", selector, ())))


def test_all_tables_are_read_in_one_batch_of_reads(service: Service, endpoint: Endpoint) -> None:
    edited = FORM | {"formid": OTHER_FORM_ID, "name": "Another", "componentstate": 1, "formactivationstate": 0}
    service.on("GET", DRAFTS, rows(FORM, edited), where=MAIN)

    found = listed(endpoint, "lead", "contact")

    assert [received.path for received in service.received] == ["/api/data/v9.2/$batch"]
    assert {line.split(" ")[0] for line, _ in service.received[0].parts} == {"GET"}
    assert (found.organization.id, found.caller.language) == (ORGANIZATION_ID, 1031)
    forms = found.tables["contact"]
    assert not isinstance(forms, Unknown)
    assert [(each.form.name, each.is_active, each.has_pending) for each in forms] == [
        ("Another", False, True),
        ("Contoso Lead", True, False),
    ]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (failure(403, "0x80040220", "Principal is missing prvReadSystemForm privilege"), "prvReadSystemForm is missing"),
        (rows(FORM | {"formxml": None}), "the form Contoso Lead: the answer about the form lacks"),
        (rows(FORM, **{"@odata.nextLink": "http://x.example/next"}), "more main forms than one page holds"),
        (Reply(200, b"[]"), "the answer is not a JSON object"),
    ],
)
def test_what_cannot_be_read_of_a_table_is_said_and_the_rest_is_listed(
    service: Service, endpoint: Endpoint, reply: Reply, reason: str
) -> None:
    service.on("GET", DRAFTS, rows(FORM), where=MAIN)
    service.on("GET", DRAFTS, reply, where="objecttypecode eq 'contact' and type eq 2")

    found = listed(endpoint, "lead", "contact")

    contact = found.tables["contact"]
    assert isinstance(contact, Unknown)
    assert reason in contact.reason
    assert not is_whole(found)
    assert f"contact\n  not known: {contact.reason}" in as_text("e", found, KNOWN)
    tables = json.loads(as_json("e", found, KNOWN))["tables"]
    assert tables[0]["forms"][0]["id"] == FORM_ID
    assert tables[1] == {"table": "contact", "unknown": contact.reason}


def test_without_an_organization_there_is_nothing_to_list(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "WhoAmI()", failure(403, "0x80072560", "The user is not a member of the organization."))

    with pytest.raises(RemoteError):
        listed(endpoint)


def test_a_form_that_is_no_xml_is_listed_as_that(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFTS, rows(FORM | {"formxml": "<form>"}), where=MAIN)

    found = listed(endpoint)

    assert "    cannot be read: the form is not well-formed XML" in as_text("e", found, KNOWN)
    assert "not well-formed" in json.loads(as_json("e", found, KNOWN))["tables"][0]["forms"][0]["unreadable"]


def test_half_a_widget_of_ours_is_listed_as_half(endpoint: Endpoint, service: Service) -> None:
    cell = '<cell><control id="ri_who_knows_whom" classid="{F9A8A302-114E-466A-B582-6771B2AE0D92}" /></cell>'
    column = f'<column><sections><section name="ri_who_knows_whom"><rows><row>{cell}</row></rows></section></sections></column>'
    text = f'<form><tabs><tab name="T" visible="false"><columns>{column}</columns></tab></tabs></form>'
    service.on("GET", DRAFTS, rows(FORM | {"formxml": text}), where=MAIN)

    found = listed(endpoint)

    assert "    * who-knows-whom         T / 1 / ri_who_knows_whom (half there, hidden)" in as_text("e", found, KNOWN)
    assert isinstance(found.tables["lead"], tuple)
    assert isinstance(found.tables["lead"][0], ListedForm)


def test_a_widget_in_the_header_has_a_place_too(service: Service, endpoint: Endpoint) -> None:
    cell = '<cell><control id="cc" uniqueid="{a}" /></cell>'
    control = '<customControl formFactor="2" name="MsdynControls.WKWControls.ConnectionsWidget" />'
    described = f'<controlDescriptions><controlDescription forControl="{{a}}">{control}</controlDescription></controlDescriptions>'
    text = f"<form><header><rows><row>{cell}</row></rows></header>{described}</form>"
    service.on("GET", DRAFTS, rows(FORM | {"formxml": text}), where=MAIN)

    found = listed(endpoint)

    assert "    o who-knows-whom         header or footer\n" in as_text("e", found, KNOWN)
    assert json.loads(as_json("e", found, KNOWN))["tables"][0]["forms"][0]["widgets"][0]["where"] == "header or footer"


def test_one_form_is_read_with_both_copies_or_with_the_names_that_there_are(service: Service, endpoint: Endpoint) -> None:
    one = shown(endpoint, Selector("name", "Contoso Lead"))
    assert isinstance(one.fact, LiveForm)
    assert one.fact.published == one.fact.unpublished
    service.on("GET", DRAFTS, rows(), where="name eq")
    assert FormMissing(((FORM_ID, "Contoso Lead"), (OTHER_FORM_ID, "Information"))) == shown(endpoint, Selector("name", "Other")).fact
    assert {received.path for received in service.received} == {"/api/data/v9.2/$batch"}


def test_without_a_language_nothing_is_said_of_a_form(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "usersettingscollection", failure(403, "0x80040220", "no"))

    assert isinstance(shown(endpoint, Selector("name", "Contoso Lead")).fact, Unknown)
