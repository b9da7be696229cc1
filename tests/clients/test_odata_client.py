"""A generic OData client, python-odata: it knows nothing of Dataverse and learns everything from $metadata."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests
from odata import ODataService
from odata.exceptions import ODataError

from tests.clients.control import control
from tests.clients.serving import TOKEN, Served


@pytest.fixture(scope="module")
def session(tls: Served) -> requests.Session:
    found = requests.Session()
    found.headers["Authorization"] = f"Bearer {TOKEN}"
    return found


@pytest.fixture(scope="module")
def service(tls: Served, session: requests.Session) -> ODataService:
    return ODataService(f"{tls.url('generic')}/api/data/v9.2/", reflect_entities=True, session=session, quiet_progress=True)


@pytest.fixture
def tag() -> str:
    return uuid.uuid4().hex[:8]


def made(service: ODataService, tag: str, **values: object) -> Any:
    account = service.entities["accounts"]()
    account.name = f"A {tag}"
    account.accountnumber = tag
    for name, value in values.items():
        setattr(account, name, value)
    service.save(account)
    return service.query(service.entities["accounts"]).filter(service.entities["accounts"].accountnumber == tag).first()


def test_the_model_is_reflected(service: ODataService) -> None:
    assert {"accounts", "contacts", "systemusers", "msdyn_activityanalysisconfigs"} <= set(service.entities)
    account = service.entities["accounts"]
    assert [name for name, _ in account().__odata__.properties if name == "accountid"] == ["accountid"]
    navigation = {name for name, _ in account().__odata__.navigation_properties}
    assert {"primarycontactid", "contact_customer_accounts", "owninguser"} <= navigation


def test_every_entity_set_can_be_read(service: ODataService) -> None:
    refused = {}
    for name, entity in service.entities.items():
        try:
            service.query(entity).limit(1).all()
        except ODataError as error:
            refused[name] = str(error)
    assert refused == {}


def test_a_row_is_created_read_changed_and_deleted(service: ODataService, tag: str) -> None:
    account = service.entities["accounts"]
    row = made(service, tag)
    row.telephone1 = "5"
    row.numberofemployees = 4
    service.save(row)
    again = service.query(account).get(row.accountid)
    assert (again.name, again.telephone1, again.numberofemployees) == (f"A {tag}", "5", 4)
    service.delete(again)
    assert service.query(account).filter(account.accountnumber == tag).first() is None


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (lambda a, tag: a.name.contains(tag), 1),
        (lambda a, tag: a.name.endswith(tag), 1),
        (lambda a, tag: a.name.startswith("A"), 1),
        (lambda a, tag: a.name.startswith("B"), 0),
        (lambda a, tag: a.numberofemployees > 1, 1),
        (lambda a, tag: a.numberofemployees <= 1, 0),
        (lambda a, tag: a.telephone1 == None, 1),  # noqa: E711
        (lambda a, tag: a.createdon > dt.datetime(2020, 1, 1), 1),
        (lambda a, tag: a.name != "x", 1),
        (lambda a, tag: (a.name == "x") | (a.name == f"A {tag}"), 1),
        (lambda a, tag: (a.name == "x") & (a.name == f"A {tag}"), 0),
        (lambda a, tag: a.primarycontactid.lastname == tag, 0),
    ],
    ids=range(12),
)
def test_every_kind_of_condition_selects_its_rows(
    service: ODataService, tag: str, condition: Callable[[Any, str], object], found: int
) -> None:
    account = service.entities["accounts"]
    made(service, tag, numberofemployees=4)
    assert len(service.query(account).filter(account.accountnumber == tag).filter(condition(account, tag)).all()) == found


def test_rows_are_ordered_bounded_and_selected(service: ODataService, tag: str) -> None:
    account = service.entities["accounts"]
    for number in range(3):
        made(service, f"{number}{tag}")
    query = service.query(account).filter(account.accountnumber.endswith(tag))
    assert [row["name"] for row in query.order_by(account.name.desc()).limit(2).select(account.name).all()] == [f"A 2{tag}", f"A 1{tag}"]


def test_a_count_begins_with_a_byte_order_mark_and_this_client_cannot_read_it(service: ODataService, tag: str) -> None:
    account = service.entities["accounts"]
    made(service, tag)
    with pytest.raises(ValueError, match=r"1'$"):
        service.query(account).filter(account.accountnumber == tag).count()


def test_pages_are_followed(service: ODataService, session: requests.Session, tag: str) -> None:
    account = service.entities["accounts"]
    for number in range(5):
        made(service, f"{number}{tag}")
    session.headers["Prefer"] = "odata.maxpagesize=2"
    try:
        assert len(service.query(account).filter(account.accountnumber.endswith(tag)).all()) == 5
    finally:
        del session.headers["Prefer"]


def test_lookups_are_set_expanded_and_followed(service: ODataService, tag: str) -> None:
    account, contact = service.entities["accounts"], service.entities["contacts"]
    company = made(service, tag)
    person = contact()
    person.lastname = tag
    person.parentcustomerid_account = company
    service.save(person)
    company.primarycontactid = service.query(contact).filter(contact.lastname == tag).first()
    service.save(company)

    query = service.query(account).expand(account.primarycontactid, account.contact_customer_accounts)
    row = query.filter(account.accountid == company.accountid).first()
    assert (row.primarycontactid.lastname, [found.lastname for found in row.contact_customer_accounts]) == (tag, [tag])
    lazy = service.query(account).filter(account.accountnumber == tag).first()
    assert (lazy.primarycontactid.lastname, len(lazy.contact_customer_accounts)) == (tag, 1)


def test_functions_and_actions_are_called(tls: Served, service: ODataService) -> None:
    control(tls, "DELETE", "requests")
    service.functions["WhoAmI"]()
    service.functions["RetrieveVersion"]()
    service.functions["RetrieveCurrentOrganization"](AccessType="Default")
    service.actions["PublishAllXml"]()
    service.actions["PublishXml"](ParameterXml="<importexportxml><entities><entity>account</entity></entities></importexportxml>")
    # This client drops what functions return, so the emulator is asked what it answered.
    assert [asked["status"] for asked in control(tls, "GET", "requests")["requests"]] == [200, 200, 200, 204, 204]


def test_settings_are_written_by_a_client_that_never_heard_of_them(service: ODataService) -> None:
    entity = service.entities["msdyn_activityanalysisconfigs"]
    row = service.query(entity).first()
    row.msdyn_isorgsettingenable = True
    service.save(row)
    assert service.query(entity).first().msdyn_isorgsettingenable is True


def test_what_the_service_lacks_is_refused(service: ODataService) -> None:
    with pytest.raises(ODataError, match="Skip Clause is not supported in CRM"):
        service.query(service.entities["accounts"]).offset(1).all()
