"""Turns a scope into the reads of the first batch, each under the topic by which its answer is found. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.catalog.table import Table
from reconciler.catalog.widgets import SALES_INSIGHTS_FORMS
from reconciler.live.odata import guid, key, literal, name, one_of, query
from reconciler.live.scope import Scope
from reconciler.model.desired import DesiredForm, Selector

Topic = tuple[str, ...]

WHO: Topic = ("who",)
ORGANIZATION: Topic = ("organization",)
DETAIL: Topic = ("detail",)
LANGUAGE: Topic = ("language",)
USER: Topic = ("user",)
ROLES: Topic = ("roles",)
TEMPLATES: Topic = ("templates",)
CONTROLS: Topic = ("controls",)
SOLUTIONS: Topic = ("solutions",)
LOCKDOWN: Topic = ("lockdown",)

FORM_COLUMNS = "formid,name,objecttypecode,type,formxml,ismanaged,iscustomizable"
MAIN_FORM = 2
_MINE = "Microsoft.Dynamics.CRM.EqualUserId(PropertyName='systemuserid')"
_DRAFTS = "Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()"
_DRAFT = "Microsoft.Dynamics.CRM.RetrieveUnpublished()"


def questions(scope: Scope) -> dict[Topic, str]:
    """Topic -> address, in the order in which they are asked."""
    return dict([*_about_the_organization(), *_about_settings(scope), *_about_forms(scope)])


def rows_of(table: Table, columns: tuple[str, ...]) -> str:
    """The rows of a settings table with who wrote them last; three at most, for two are already one too many."""
    return query(table.entity_set, **selection(table, columns), top=3)


def selection(table: Table, columns: tuple[str, ...]) -> dict[str, str]:
    """`$select` and `$expand` of a settings row."""
    names = dict.fromkeys((table.primary_id, *columns, *(("modifiedon",) if table.audited else ())))
    expand = {"expand": "modifiedby($select=fullname)"} if table.audited else {}
    return {"select": ",".join(names), **expand}


def form_id(form: DesiredForm) -> str | None:
    """The id by which a form is declared, if it is; None for a name, and for an id that nothing can have."""
    return _id_of(form.table, form.form)


def form_copies(id: str) -> tuple[str, str]:
    """The addresses of both copies of one form: unpublished, published."""
    address = f"systemforms({key(id)})"
    return query(f"{address}/{_DRAFT}", select=FORM_COLUMNS), query(address, select=FORM_COLUMNS)


def changes_of(table: str) -> tuple[str, str]:
    """The addresses of the forms and of the views of a table that have unpublished edits."""
    forms = f"objecttypecode eq {literal(name(table))} and componentstate eq 1"
    views = f"returnedtypecode eq {literal(name(table))} and componentstate eq 1"
    return (
        query(f"systemforms/{_DRAFTS}", select="formid,name", filter=forms),
        query(f"savedqueries/{_DRAFTS}", select="savedqueryid,name", filter=views),
    )


def _about_the_organization() -> Iterator[tuple[Topic, str]]:
    yield WHO, "WhoAmI()"
    yield ORGANIZATION, query("organizations", select="organizationid,name,languagecode", top=2)
    yield DETAIL, "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')"
    yield LANGUAGE, query("usersettingscollection", select="uilanguageid", filter=_MINE)
    yield USER, query("systemusers", select="fullname,applicationid", filter=_MINE)


def _about_settings(scope: Scope) -> Iterator[tuple[Topic, str]]:
    for table, columns in scope.columns.items():
        yield ("table", table), rows_of(scope.tables[table], columns)
    if scope.wants_roles:
        # The role of the root business unit is the one without a parent; its id is the only stable one.
        roots = "_parentroleid_value eq null and componentstate eq 0"
        yield ROLES, query("roles", select="roleid,name,_roletemplateid_value", filter=roots)
    if scope.wants_templates:
        yield TEMPLATES, query("templates", select="templateid,title")


def _about_forms(scope: Scope) -> Iterator[tuple[Topic, str]]:
    for table in scope.form_tables:
        of_table = f"objecttypecode eq {literal(name(table))}"
        yield ("names", table), query("systemforms", select="formid,name", filter=f"{of_table} and type eq {MAIN_FORM}")
        yield from zip((("changed-forms", table), ("changed-views", table)), changes_of(table), strict=True)
    for form in scope.forms:
        yield from _about_form(form)
    if scope.forms:
        yield LOCKDOWN, query("organizations", select="orgdborgsettings", top=1)
    if scope.controls:
        yield CONTROLS, query("customcontrols", select="name", filter=one_of("name", scope.controls))
    if scope.solutions:
        yield SOLUTIONS, query("solutions", select="uniquename,ismanaged", filter=one_of("uniquename", scope.solutions))


def _about_form(form: DesiredForm) -> Iterator[tuple[Topic, str]]:
    selector, id = str(form.form), form_id(form)
    if form.form.by == "name":
        wanted = f"objecttypecode eq {literal(name(form.table))} and type eq {MAIN_FORM} and name eq {literal(form.form.value)}"
        yield ("unpublished", form.table, selector), query(f"systemforms/{_DRAFTS}", select=FORM_COLUMNS, filter=wanted)
        yield ("published", form.table, selector), query("systemforms", select=FORM_COLUMNS, filter=wanted)
    elif id is not None:
        unpublished, published = form_copies(id)
        yield ("unpublished", form.table, selector), unpublished
        yield ("published", form.table, selector), published


def _id_of(table: str, selector: Selector) -> str | None:
    if selector.by == "standard":
        return next((id for of_table, id in SALES_INSIGHTS_FORMS if of_table == table), None)
    return guid(selector.value) if selector.by == "id" else None
