"""A small domain of four tables, so that the protocol is tested without Dynamics 365 Sales."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from reconciler.catalog.book import Catalog
from reconciler.catalog.source import Source
from reconciler.catalog.table import Association, Column, Option, Table
from reconciler.emulator.context import Computed, Context, DataverseError, Operation, Row, Rows
from reconciler.emulator.storage.clock import wire_time

SOURCE = Source("toy", "1")
CATALOG = Catalog(kinds=(), widgets=())
ADA = "11111111-1111-1111-1111-111111111111"
BOB = "22222222-2222-2222-2222-222222222222"
CONTOSO = "aaaaaaaa-0000-0000-0000-000000000001"
FABRIKAM = "aaaaaaaa-0000-0000-0000-000000000002"
EMPTY = "aaaaaaaa-0000-0000-0000-000000000003"
PAGE = "bbbbbbbb-0000-0000-0000-000000000001"
SALES = "cccccccc-0000-0000-0000-000000000001"

ACCOUNT = Table(
    name="account",
    entity_set="accounts",
    primary_id="accountid",
    primary_name="name",
    label="Account",
    source=SOURCE,
    ownership="UserOwned",
    keys=(("accountnumber",),),
    columns=(
        Column("accountid", "Uniqueidentifier", "Account", required="SystemRequired"),
        Column("name", "String", "Name", max_length=20, required="ApplicationRequired"),
        Column("accountnumber", "String", "Number", max_length=10),
        Column("employees", "Integer", "Employees", minimum=0, maximum=10_000),
        Column("score", "Double", "Score"),
        Column("allowance", "Integer", "Allowance"),
        Column("creditonhold", "Boolean", "On Hold", default=False, required="SystemRequired"),
        Column("industrycode", "Picklist", "Industry", options=(Option(1, "Accounting"), Option(2, "Agriculture"))),
        Column("lastmeeting", "DateTime", "Last Meeting"),
        Column("primarycontactid", "Lookup", "Primary Contact", targets=("contact",)),
        Column(
            "new_Partner",
            "Lookup",
            "Partner",
            targets=("account", "contact"),
            navigation=("new_Partner_a", "new_Partner_c"),
            collections=("account_partners", "contact_partners"),
        ),
        Column("ownerid", "Owner", "Owner", targets=("systemuser", "team")),
        Column("owninguser", "Lookup", "Owning User", targets=("systemuser",), read_only=True),
        Column("owningteam", "Lookup", "Owning Team", targets=("team",), read_only=True),
        Column("status", "String", "Status", read_only=True),
        Column("strict", "Integer", "Strict"),
    ),
)
CONTACT = Table(
    name="contact",
    entity_set="contacts",
    primary_id="contactid",
    primary_name="fullname",
    label="Contact",
    source=SOURCE,
    optimistic_concurrency=False,
    columns=(
        Column("contactid", "Uniqueidentifier", "Contact", required="SystemRequired"),
        Column("fullname", "String", "Full Name", max_length=160),
        Column("emailaddress1", "String", "E-mail"),
        Column("companyid", "Lookup", "Company", targets=("account",), collections=("account_contacts",)),
    ),
)
PAGES = Table(
    name="page",
    entity_set="pages",
    primary_id="pageid",
    primary_name="title",
    label="Page",
    source=SOURCE,
    columns=(Column("pageid", "Uniqueidentifier", "Page", required="SystemRequired"), Column("title", "String", "Title")),
)
USER = Table(
    name="systemuser",
    entity_set="systemusers",
    primary_id="systemuserid",
    primary_name="fullname",
    label="User",
    source=SOURCE,
    columns=(
        Column("systemuserid", "Uniqueidentifier", "User", required="SystemRequired"),
        Column("fullname", "String", "Full Name"),
        Column("applicationid", "Uniqueidentifier", "Application"),
        Column("azureactivedirectoryobjectid", "Uniqueidentifier", "Object"),
    ),
)
ROLE = Table(
    name="role",
    entity_set="roles",
    primary_id="roleid",
    primary_name="name",
    label="Role",
    source=SOURCE,
    columns=(Column("roleid", "Uniqueidentifier", "Role", required="SystemRequired"), Column("name", "String", "Name")),
)
USER_ROLE = Table(
    name="systemuserroles",
    entity_set="systemuserrolescollection",
    primary_id="systemuserroleid",
    primary_name=None,
    label="User Role",
    source=SOURCE,
    intersect=True,
    columns=(
        Column("systemuserroleid", "Uniqueidentifier"),
        Column("systemuserid", "Uniqueidentifier"),
        Column("roleid", "Uniqueidentifier"),
    ),
)
PAIR = Association("systemuserroles_association", "systemuserroles", "systemuser", "role")


class ToyDomain:
    """Accounts and contacts, pages with drafts, users with roles. The column `strict` refuses everything but 1."""

    tables: Mapping[str, Table] = MappingProxyType({t.name: t for t in (ACCOUNT, CONTACT, PAGES, USER, ROLE, USER_ROLE)})
    associations: tuple[Association, ...] = (PAIR,)
    drafted = frozenset({"page"})
    computed: Mapping[str, Computed] = MappingProxyType({})

    @property
    def operations(self) -> Mapping[str, Operation]:
        found = (
            Operation("WhoAmI", "function", _who_am_i, returns={"UserId": "Edm.Guid"}),
            Operation("Echo", "function", lambda _c, _i, given: {"Given": given}, parameters={"Text": "Edm.String"}),
            Operation("PublishXml", "action", _publish),
            Operation("Fail", "action", _fail),
            Operation("RetrieveUnpublished", "function", _draft, bound_to="pages", composable_rows=True),
            Operation("RetrieveUnpublishedMultiple", "function", _drafts, bound_to="pages", bound_to_collection=True, composable_rows=True),
        )
        return {operation.path: operation for operation in found}

    def settings(self, organization: str) -> Mapping[str, Any]:
        if organization == "unknown":
            raise DataverseError(404, "0x80060888", "There is no organization unknown.")
        return {"latency_seconds": 0.01} if organization == "slow" else {}

    def seed(self, rows: Rows, organization: str, now: dt.datetime) -> None:
        rows.insert("contact", {"contactid": ADA, "fullname": "Ada Byron", "_companyid_value": CONTOSO})
        rows.insert("contact", {"contactid": BOB, "fullname": "Bob O'Neill", "_companyid_value": CONTOSO})
        account = {"accountid": CONTOSO, "name": "Contoso", "accountnumber": "C1", "employees": 50, "creditonhold": True}
        rows.insert("account", {**account, "industrycode": 1, "lastmeeting": wire_time(now), "_primarycontactid_value": ADA})
        rows.insert("account", {"accountid": FABRIKAM, "name": "fabrikam", "accountnumber": "F1", "employees": 7, "creditonhold": False})
        rows.insert("account", {"accountid": EMPTY, "name": "Empty_100%", "creditonhold": False})
        rows.insert("page", {"pageid": PAGE, "title": "published"})
        rows.insert("role", {"roleid": SALES, "name": "Salesperson"})

    def is_due(self, rows: Rows, now: dt.datetime) -> bool:
        return now.year >= 2050 and rows.note("lapsed") is None

    def settle(self, rows: Rows, now: dt.datetime) -> None:
        rows.set_note("lapsed", True)
        rows.update("account", CONTOSO, {"name": "lapsed"})

    def lock(self, rows: Rows, operation: str, until: dt.datetime) -> None:
        rows.set_note("locked", [operation, until.isoformat()])

    def set_consent(self, rows: Rows, state: Literal["pending", "granted", "withdrawn"], now: dt.datetime) -> None:
        rows.update("account", CONTOSO, {"name": state})

    def admit(self, context: Context) -> None:
        pass

    def check_read(self, context: Context, table: str) -> None:
        pass

    def before_pairing(self, context: Context, intersect: str, joined: Row | None = None) -> None:
        pass

    def user(self, rows: Rows, now: dt.datetime, name: str, application_id: str | None, *, on_demand: bool = True) -> Row:
        for user in rows.all("systemuser"):
            if (user["applicationid"], user["fullname"]) == (application_id, name):
                return user
        return rows.insert("systemuser", {"fullname": name, "applicationid": application_id})

    def after_read(self, context: Context, table: str, row: Row) -> Row:
        return {**row, "status": f"seen by {context.caller['fullname']}"} if table == "account" else row

    def before_write(self, context: Context, table: str, before: Row | None, changes: Row) -> Row:
        if changes.get("strict") not in (None, 1):
            raise DataverseError(400, "0x80040265", "strict is 1")
        return changes

    def before_delete(self, context: Context, table: str, before: Row) -> None:
        if before.get("name") == "undeletable":
            raise DataverseError(405, "0x80048d21", "The row is in use.")
        if before.get("name") == "forbidden":
            raise DataverseError(403, "0x80040220", "The caller may not delete accounts.")


def _who_am_i(context: Context, id: str | None, given: dict[str, Any]) -> dict[str, Any]:
    return {"UserId": context.caller["systemuserid"]}


def _publish(context: Context, id: str | None, given: dict[str, Any]) -> None:
    for page in context.rows.all("page", draft=True):
        context.rows.delete("page", page["pageid"], draft=True)
        if context.rows.get("page", page["pageid"]) is None:
            context.rows.insert("page", page)
        else:
            context.rows.update("page", page["pageid"], page)


def _fail(context: Context, id: str | None, given: dict[str, Any]) -> None:
    raise ZeroDivisionError


def _draft(context: Context, id: str | None, given: dict[str, Any]) -> dict[str, Any]:
    assert id is not None
    return {"table": "page", "row": context.rows.get("page", id, draft=True)}


def _drafts(context: Context, id: str | None, given: dict[str, Any]) -> dict[str, Any]:
    return {"table": "page", "rows": context.rows.all("page", draft=True)}
