"""Keys, read-only and required columns cannot be written by a detour: property addresses, $ref, collections, alternate keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from reconciler.catalog.table import Table
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_served import caller, served
from tests.emulator.toy import ADA, BOB, CATALOG, CONTACT, CONTOSO, FABRIKAM, ToyDomain
from tests.emulator.wire import Client

ORGANIZATION = """
roles:
  custom:
    - {name: Reader, privileges: [prvReadAccount]}
users:
  - {name: Ana, roles: [Reader]}
"""


@pytest.mark.parametrize(("method", "body"), [("PUT", {"value": FABRIKAM}), ("DELETE", None)])
def test_the_key_of_a_row_is_no_property_to_write(api: Client, method: str, body: dict[str, str] | None) -> None:
    assert api(method, f"accounts({CONTOSO})/accountid", body).status == 400
    assert api.get(f"accounts({CONTOSO})").body["accountid"] == CONTOSO


@pytest.mark.parametrize("name", ["createdby", "modifiedby", "owninguser"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_read_only_lookup_is_not_written_by_reference(api: Client, name: str, method: str) -> None:
    user = api.get("WhoAmI").body["UserId"]
    api("PATCH", f"accounts({CONTOSO})", {"employees": 8})
    before = api.get(f"accounts({CONTOSO})").body

    body = {"@odata.id": f"systemusers({user})"} if method == "PUT" else None
    assert api(method, f"accounts({CONTOSO})/{name}/$ref", body).error == (400, "0x80040203")
    assert api.get(f"accounts({CONTOSO})").body == before


def test_a_read_only_lookup_cleared_in_a_body_is_passed_over(api: Client) -> None:
    made = api("POST", "accounts", {"name": "Own"}).headers["OData-EntityId"].rsplit("/", 1)[1]

    assert api("PATCH", made, {"owninguser": None}).status == 204
    assert api.get(made).body["_owninguser_value"] == api.get("WhoAmI").body["UserId"]


def test_an_owned_row_keeps_an_owner(api: Client) -> None:
    made = api("POST", "accounts", {"name": "Own"}).headers["OData-EntityId"].rsplit("/", 1)[1]

    assert api("PATCH", made, {"ownerid": None}).error == (400, "0x80040203")
    assert api("PATCH", made, {"ownerid@odata.bind": None}).error == (400, "0x80040203")
    assert api("DELETE", f"{made}/ownerid/$ref").error == (400, "0x80040203")
    assert api.get(made).body["_ownerid_value"] == api.get("WhoAmI").body["UserId"]


def test_a_role_keeps_its_unit_and_gets_no_template_through_collections(tmp_path: Path) -> None:
    with served(tmp_path, ORGANIZATION) as server:
        api = caller(server)
        unit = api.get("businessunits").body["value"][0]["businessunitid"]
        template = api.get("roletemplates").body["value"][0]["roletemplateid"]
        role = api("POST", "roles", {"name": "Plain", "businessunitid@odata.bind": f"businessunits({unit})"}).headers["OData-EntityId"]
        role = role.rsplit("/", 1)[1]
        members = f"roletemplates({template})/role_template_roles"

        assert api("DELETE", f"{role}/businessunitid/$ref").error == (400, "0x80040203")
        assert api("POST", f"{members}/$ref", {"@odata.id": role}).error == (400, "0x80040203")
        assert api("POST", members, {"name": "Escalated"}).error == (400, "0x80040203")
        deep = {"name": "T", "role_template_roles": [{"name": "Escalated"}]}
        assert api("POST", "roletemplates", deep).status in (400, 403)
        shown = api.get(role).body
        assert (shown["_businessunitid_value"], shown["_roletemplateid_value"]) == (unit, None)


def test_the_values_of_a_key_in_an_address_are_checked_like_those_of_a_body(api: Client) -> None:
    kind = "Microsoft.Dynamics.CRM.account"
    long = f"accounts(accountnumber='{'9' * 3_000}')"
    target = {"@odata.type": kind, "@odata.id": long, "name": "Long"}

    assert api("PATCH", long, {"name": "Long"}).error == (400, "0x80044331")
    assert api("POST", "accounts/Microsoft.Dynamics.CRM.UpsertMultiple", {"Targets": [target]}).error == (400, "0x80044331")
    assert api("PATCH", "accounts(accountnumber='N9')", {"name": "Fits"}).status == 204
    assert api.get("accounts(accountnumber='N9')").body["name"] == "Fits"


class KeyedDomain(ToyDomain):
    """A contact is known by its company."""

    tables: Mapping[str, Table] = MappingProxyType({**ToyDomain.tables, "contact": replace(CONTACT, keys=(("companyid",),))})


def test_a_lookup_in_the_key_of_an_address_leads_to_a_row_that_is_there(tmp_path: Path) -> None:
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=KeyedDomain(), catalog=CATALOG, organization="toy") as server:
        api = Client(server, server.token())

        assert api("PATCH", "contacts(_companyid_value=nobody)", {"fullname": "Eve"}).error == (404, "0x80040217")
        assert api("PATCH", f"contacts(_companyid_value={FABRIKAM.upper()})", {"fullname": "Eve"}).status == 204
        assert api.get(f"contacts(_companyid_value={FABRIKAM})").body["fullname"] == "Eve"
        assert api.get(f"accounts({FABRIKAM})/account_contacts").body["value"][0]["fullname"] == "Eve"


def test_if_match_of_a_collection_speaks_of_the_row_in_the_address(api: Client) -> None:
    etag = api.get(f"accounts({CONTOSO})").body["@odata.etag"]
    collection = f"accounts({CONTOSO})/account_partners"

    joined = api("POST", f"{collection}/$ref", {"@odata.id": f"accounts({FABRIKAM})"}, headers={"If-Match": etag})
    assert joined.status == 204
    assert api("DELETE", f"{collection}({FABRIKAM})/$ref", headers={"If-Match": etag}).status == 204


def test_users_are_addressed_by_the_key_of_the_principal(api: Client) -> None:
    user = api.get("WhoAmI").body["UserId"]

    assert api.get(f"systemusers({user})").status == 200
    assert api.get(f"systemusers(ownerid={user})").body["systemuserid"] == user
    assert api.get(f"systemusers(systemuserid={user})").error == (400, "0x80060888")
    assert api.get(f"contacts(contactid={ADA})").status == 200


def test_an_empty_header_makes_nobody_else_the_caller(api: Client) -> None:
    own = api.get("WhoAmI").body["UserId"]
    api("POST", "systemusers", {"systemuserid": "00000000-0000-0000-0000-000000000001", "fullname": "First"})

    for name in ("MSCRMCallerID", "CallerObjectId"):
        assert api("GET", "WhoAmI", headers={name: ""}).body["UserId"] == own


def test_one_content_id_at_two_requests_of_a_change_set_is_refused(api: Client) -> None:
    part = "--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
    parts = "".join(f'{part}{{"fullname": "{name}"}}\r\n' for name in ("Eve", "Eva"))
    text = f"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{parts}--c--\r\n--b--\r\n"

    reply = api("POST", "$batch", raw=text.encode(), headers={"Content-Type": "multipart/mixed; boundary=b"})

    assert reply.error == (400, "0x80060888")
    assert sorted(row["contactid"] for row in api.get("contacts").body["value"]) == [ADA, BOB]


def test_a_bulk_delete_tells_what_is_not_emulated(tmp_path: Path) -> None:
    query = {"@odata.type": "Microsoft.Dynamics.CRM.QueryExpression", "EntityName": "account"}
    body = {"JobName": "j", "SendEmailNotification": False, "ToRecipients": [], "CCRecipients": [], "StartDateTime": "x"}
    with served(tmp_path, ORGANIZATION) as server:
        solutions = body | {"QuerySet": [{**query, "EntityName": "solution"}], "RecurrencePattern": ""}
        assert caller(server)("POST", "BulkDelete", solutions).status == 501


def test_who_reads_rows_sees_the_names_of_what_they_point_to(tmp_path: Path) -> None:
    with served(tmp_path, ORGANIZATION) as server:
        api = caller(server)
        contact = api("POST", "contacts", {"lastname": "Ada"}).headers["OData-EntityId"].rsplit("/", 1)[1]
        api("POST", "accounts", {"name": "Contoso", "primarycontactid@odata.bind": contact})
        ana = caller(server, "Ana")

        assert ana.get("contacts").status == 403
        rows = ana.get("accounts?$select=name&$orderby=primarycontactid", Prefer='odata.include-annotations="*"')
        assert rows.status == 200
        shown = ana.get("accounts?$select=_primarycontactid_value", Prefer='odata.include-annotations="*"').body["value"]
        assert "Ada" in [row.get("_primarycontactid_value@OData.Community.Display.V1.FormattedValue") for row in shown]
        assert ana.get("accounts?$orderby=primarycontactid/lastname").status == 403
