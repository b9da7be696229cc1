"""Forms as they stand, and what stands around them."""

from __future__ import annotations

import pytest

from reconciler.live.endpoint import Endpoint
from reconciler.model.desired import Selector
from reconciler.model.fact import Unknown
from reconciler.model.live import FormFact, FormMissing, LiveForm
from tests.live.organization import DRAFT, DRAFTS, FORM, FORM_ID, FORM_XML, OTHER_FORM_ID
from tests.live.service import Reply, Service, document, failure, rows
from tests.live.test_reader import read
from tests.live.wishes import environment, form

BY_NAME = Selector("name", "Contoso Lead")
BY_ID = Selector("id", f"{{{FORM_ID.upper()}}}")
CANDIDATES = ((FORM_ID, "Contoso Lead"), (OTHER_FORM_ID, "Information"))
GONE = failure(404, "0x80040217", "systemform With Id = x Does Not Exist")


def form_of(endpoint: Endpoint, selector: Selector, *, table: str = "lead") -> FormFact:
    live = read(endpoint, environment(forms=(form(selector, "who-knows-whom", table=table),)))
    return live.forms[table, str(selector)]


@pytest.mark.parametrize("selector", [BY_NAME, BY_ID])
def test_both_copies_are_read_byte_for_byte(service: Service, endpoint: Endpoint, selector: Selector) -> None:
    draft = FORM | {"formxml": "<form>edited</form>", "@odata.etag": 'W/"4712"'}
    service.on("GET", DRAFT, document(draft))
    service.on("GET", DRAFTS, rows(draft), where="name eq")
    assert LiveForm(
        FORM_ID, "Contoso Lead", "lead", 2, b"<form>edited</form>", FORM_XML.encode(), 'W/"4712"', is_managed=False, is_customizable=True
    ) == form_of(endpoint, selector)


def test_a_form_that_may_not_be_customized_says_so(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFT, document(FORM | {"ismanaged": True, "iscustomizable": {"Value": False}}))
    found = form_of(endpoint, BY_ID)
    assert isinstance(found, LiveForm)
    assert (found.is_managed, found.is_customizable) == (True, False)


def test_a_form_that_does_not_say_whether_it_is_managed_is_not_taken_for_unmanaged(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFT, document({name: value for name, value in FORM.items() if name != "ismanaged"}))
    found = form_of(endpoint, BY_ID)
    assert isinstance(found, LiveForm)
    assert found.is_managed


def test_the_standard_form_is_known_by_its_id(service: Service, endpoint: Endpoint) -> None:
    id = "e1ec2c0c-1744-42fa-a346-fb8237357d0f"
    standard = FORM | {"formid": id, "name": "Lead Sales Insights"}
    service.on("GET", f"systemforms({id})/Microsoft.Dynamics.CRM.RetrieveUnpublished()", document(standard))
    service.on("GET", f"systemforms({id})", document(standard))
    found = form_of(endpoint, Selector("standard", "sales-insights"))
    assert isinstance(found, LiveForm)
    assert id == found.id


def test_a_name_means_itself_letter_for_letter(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFTS, rows(FORM | {"name": "CONTOSO LEAD"}), where="name eq")
    assert FormMissing(CANDIDATES) == form_of(endpoint, BY_NAME)


def test_two_forms_of_one_name_are_told_apart_by_nobody(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFTS, rows(FORM, FORM | {"formid": OTHER_FORM_ID}), where="name eq")
    assert FormMissing(CANDIDATES, matches=2) == form_of(endpoint, BY_NAME)


def test_a_quote_in_a_name_stays_in_the_name(service: Service, endpoint: Endpoint) -> None:
    name = "Ana's form & more"
    service.on("GET", DRAFTS, rows(FORM | {"name": name}), where="name eq 'Ana''s form & more'")
    service.on("GET", "systemforms", rows(FORM), where="name eq 'Ana''s form & more'")
    found = form_of(endpoint, Selector("name", name))
    assert isinstance(found, LiveForm)
    assert name == found.name


@pytest.mark.parametrize("selector", [Selector("id", "not an id"), Selector("standard", "sales-insights")])
def test_an_id_that_nothing_can_have_is_missing(endpoint: Endpoint, selector: Selector) -> None:
    found = form_of(endpoint, selector, table="task")
    assert isinstance(found, FormMissing | Unknown)


def test_a_form_that_is_gone_is_missing(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFT, GONE)
    assert FormMissing(CANDIDATES) == form_of(endpoint, BY_ID)


def test_a_form_of_another_table_is_missing(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFT, document(FORM | {"objecttypecode": "contact"}))
    assert FormMissing(CANDIDATES) == form_of(endpoint, BY_ID)


def test_a_form_of_another_type_is_told_with_its_type(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", DRAFT, document(FORM | {"type": 7}))
    found = form_of(endpoint, BY_ID)
    assert isinstance(found, LiveForm)
    assert found.type == 7


def test_a_form_that_was_never_published_has_no_published_copy(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", f"systemforms({FORM_ID})", GONE)
    service.on("GET", "systemforms", rows(), where="name eq")
    service.on("GET", "systemforms", rows({"formid": OTHER_FORM_ID, "name": "Information"}), where="type eq 2")
    service.on("GET", "systemforms", rows(), where="name eq")
    for selector in (BY_ID, BY_NAME):
        found = form_of(endpoint, selector)
        assert isinstance(found, LiveForm)
        assert None is found.published


def test_an_unpublished_new_name_is_not_guessed_at(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "systemforms", rows(), where="name eq")
    found = form_of(endpoint, BY_NAME)
    assert isinstance(found, Unknown)
    assert "renamed" in found.reason


NO = failure(403, "0x80040220", "is missing prvReadSystemForm privilege")


@pytest.mark.parametrize(
    ("selector", "path", "where", "reply"),
    [
        (BY_NAME, "systemforms", "type eq 2", NO),
        (BY_NAME, "systemforms", "name eq", NO),
        (BY_NAME, DRAFTS, "name eq", NO),
        (BY_ID, DRAFT, "", NO),
        (BY_ID, f"systemforms({FORM_ID})", "", NO),
        (BY_ID, f"systemforms({FORM_ID})", "", Reply(200, b"nonsense")),
        (BY_ID, DRAFT, "", document(FORM | {"formxml": None})),
        (BY_ID, DRAFT, "", document(FORM | {"formxml": "\ud800"})),
    ],
)
def test_a_form_that_could_not_be_read_is_unknown(
    service: Service, endpoint: Endpoint, selector: Selector, path: str, where: str, reply: Reply
) -> None:
    service.on("GET", path, reply, where=where)
    assert isinstance(form_of(endpoint, selector), Unknown)


def test_without_a_language_no_form_is_judged(service: Service, endpoint: Endpoint) -> None:
    service.on("GET", "usersettingscollection", NO)
    assert Unknown("the language of the caller could not be read") == form_of(endpoint, BY_NAME)


def test_pending_changes_of_others_are_named(endpoint: Endpoint) -> None:
    live = read(endpoint, environment(forms=(form(BY_NAME, "who-knows-whom"),)))
    assert live.pending == {"lead": ("Information", "My Open Leads")}


@pytest.mark.parametrize("path", [DRAFTS, "savedqueries/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()"])
def test_pending_changes_that_may_not_be_read_are_unknown(service: Service, endpoint: Endpoint, path: str) -> None:
    service.on("GET", path, NO, where="componentstate eq 1")
    live = read(endpoint, environment(forms=(form(BY_NAME, "who-knows-whom"),)))
    assert isinstance(live.pending["lead"], Unknown)


def test_controls_and_solutions_are_those_that_were_asked_for(service: Service, endpoint: Endpoint) -> None:
    forms = tuple(form(Selector("name", name), "who-knows-whom", solution=name) for name in ("ContosoSales", "Locked", "None"))
    service.on("GET", "solutions", rows({"uniquename": "ContosoSales", "ismanaged": False}, {"uniquename": "Locked", "ismanaged": True}))
    live = read(endpoint, environment(forms=forms))
    assert frozenset({"MsdynControls.WKWControls.ConnectionsWidget"}) == live.controls
    assert live.solutions == {"ContosoSales": "unmanaged", "Locked": "managed", "None": "missing"}


def test_a_form_without_widgets_needs_no_control(endpoint: Endpoint) -> None:
    live = read(endpoint, environment(forms=(form(BY_NAME),)))
    assert frozenset() == live.controls
    assert {"systemform"} == set(live.metadata)


def test_the_features_behind_declared_widgets_are_read_too(endpoint: Endpoint) -> None:
    live = read(endpoint, environment(forms=(form(BY_NAME, "who-knows-whom"),)))
    assert {("who_knows_whom", "enabled")} == set(live.settings)


@pytest.mark.parametrize(
    ("xml", "blocked"),
    [
        ("<OrgSettings><IsLockdownOfUnmanagedCustomizationEnabled>true</IsLockdownOfUnmanagedCustomizationEnabled></OrgSettings>", True),
        ("<OrgSettings/>", False),
        (None, False),
    ],
)
def test_an_environment_that_blocks_unmanaged_customizations_is_told(
    service: Service, endpoint: Endpoint, xml: str | None, blocked: bool
) -> None:
    service.on("GET", "organizations", rows({"orgdborgsettings": xml}), where="orgdborgsettings")
    live = read(endpoint, environment(forms=(form(BY_NAME, "who-knows-whom"),)))
    assert blocked == live.organization.blocks_unmanaged
