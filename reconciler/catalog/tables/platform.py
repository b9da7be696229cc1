"""Tables of the platform beside people and rights: forms, views, controls, solutions, e-mail templates, mailboxes. Pure."""

from __future__ import annotations

from reconciler.catalog.source import Source
from reconciler.catalog.table import Column, Table
from reconciler.catalog.tables.auditing import AUDIT
from reconciler.catalog.tables.columns import choice, flag, key, lookup, managed, memo, moment, text, whole
from reconciler.catalog.tables.layers import COMPONENT_LAYER
from reconciler.catalog.tables.security import ASSOCIATIONS, COMPONENT_STATE, SECURITY_TABLES

__all__ = ["ASSOCIATIONS", "PLATFORM_TABLES"]

_REFERENCE = "MicrosoftDocs/powerapps-docs, powerapps-docs/developer/data-platform/reference/entities"
_ENTITIES = Source(_REFERENCE, "2026-05")

FORM = Table(
    name="systemform",
    entity_set="systemforms",
    primary_id="formid",
    primary_name="name",
    label="System Form",
    source=Source(f"{_REFERENCE}/systemform.md", "0028c278"),
    audited=False,
    stateful=False,
    columns=(
        key("formid", "Form"),
        text("name", "Name", 100, required=True),
        memo("description", "Description", 2000),
        text("objecttypecode", "Entity Name", 64),
        choice(
            "type",
            "Form Type",
            (
                (0, "Dashboard"),
                (1, "AppointmentBook"),
                (2, "Main"),
                (3, "MiniCampaignBO"),
                (4, "Preview"),
                (5, "Mobile - Express"),
                (6, "Quick View Form"),
                (7, "Quick Create"),
                (8, "Dialog"),
                (9, "Task Flow Form"),
                (10, "InteractionCentricDashboard"),
                (11, "Card"),
                (12, "Main - Interactive experience"),
                (13, "Contextual Dashboard"),
                (100, "Other"),
                (101, "MainBackup"),
                (102, "AppointmentBookBackup"),
                (103, "Power BI Dashboard"),
            ),
        ),
        Column("formxml", "Memo", "formxml", max_length=1073741823),
        Column("formjson", "Memo", "formjson", max_length=1073741823),
        choice("formactivationstate", "Form State", ((0, "Inactive"), (1, "Active")), default=1),
        choice("formpresentation", "AIR Refreshed", ((0, "ClassicForm"), (1, "AirForm"), (2, "ConvertedICForm")), default=1),
        text("uniquename", "Unique Name", 200),
        flag("isdefault", "Default Form"),
        flag("isdesktopenabled", "Is Desktop Enabled"),
        flag("istabletenabled", "Is Tablet Enabled"),
        flag("isairmerged", "Refreshed"),
        flag("ismanaged", "Is Managed", read_only=True),
        managed("iscustomizable", "Customizable"),
        managed("canbedeleted", "Can Be Deleted"),
        COMPONENT_STATE,
        key("formidunique", "Unique Id"),
        text("introducedversion", "Introduced Version", 48),
        Column("version", "Integer", "Version", minimum=0, maximum=2147483647),
        moment("publishedon", "Published On", read_only=True),
        moment("overwritetime", "Record Overwrite Time", read_only=True),
    ),
)

VIEW = Table(
    name="savedquery",
    entity_set="savedqueries",
    primary_id="savedqueryid",
    primary_name="name",
    label="View",
    source=_ENTITIES,
    stateful=False,
    columns=(
        key("savedqueryid", "View"),
        text("name", "Name", 200, required=True),
        text("returnedtypecode", "Entity Name", 64),
        whole("querytype", "Query Type"),
        flag("isdefault", "Is Default"),
        Column("fetchxml", "Memo", "Fetch XML", max_length=1073741823),
        Column("layoutxml", "Memo", "Layout XML", max_length=1073741823),
        flag("ismanaged", "Is Managed", read_only=True),
        managed("iscustomizable", "Customizable"),
        COMPONENT_STATE,
    ),
)

CUSTOM_CONTROL = Table(
    name="customcontrol",
    entity_set="customcontrols",
    primary_id="customcontrolid",
    primary_name="name",
    label="Custom Control",
    source=Source(f"{_REFERENCE}/customcontrol.md", "0658c019"),
    stateful=False,
    columns=(
        key("customcontrolid", "Custom Control"),
        text("name", "Name", 200),
        text("version", "Version", 100),
        text("compatibledatatypes", "Compatible Data Types", 2000),
        memo("manifest", "Manifest", 1073741823),
        memo("clientjson", "Client Json", 1073741823),
        flag("ismanaged", "Is Managed", read_only=True),
        COMPONENT_STATE,
    ),
)

PUBLISHER = Table(
    name="publisher",
    entity_set="publishers",
    primary_id="publisherid",
    primary_name="friendlyname",
    label="Publisher",
    source=_ENTITIES,
    stateful=False,
    columns=(
        key("publisherid", "Publisher"),
        text("uniquename", "Name", 256, required=True),
        text("friendlyname", "Display Name", 256, required=True),
        text("customizationprefix", "Prefix", 8),
        flag("isreadonly", "Is Read-Only Publisher", read_only=True),
    ),
)

SOLUTION = Table(
    name="solution",
    entity_set="solutions",
    primary_id="solutionid",
    primary_name="friendlyname",
    label="Solution",
    source=_ENTITIES,
    stateful=False,
    columns=(
        key("solutionid", "Solution"),
        text("uniquename", "Name", 65, required=True),
        text("friendlyname", "Display Name", 256, required=True),
        text("version", "Version", 256),
        flag("ismanaged", "Package Type", read_only=True),
        flag("isvisible", "Is Visible Outside Platform", True, read_only=True),
        lookup("publisherid", "Publisher", "publisher", collections=("publisher_solution",)),
        moment("installedon", "Installed On", read_only=True),
    ),
)

SOLUTION_COMPONENT = Table(
    name="solutioncomponent",
    entity_set="solutioncomponents",
    primary_id="solutioncomponentid",
    primary_name=None,
    label="Solution Component",
    source=_ENTITIES,
    ownership="None",
    stateful=False,
    columns=(
        key("solutioncomponentid", "Solution Component"),
        Column("objectid", "Uniqueidentifier", "Regarding", read_only=True),
        choice(
            "componenttype",
            "Object Type Code",
            ((1, "Entity"), (20, "Role"), (26, "View"), (60, "System Form"), (61, "Web Resource"), (66, "Custom Control")),
            read_only=True,
        ),
        lookup("solutionid", "Solution", "solution", collections=("solution_solutioncomponent",), read_only=True),
        whole("rootcomponentbehavior", "Root Component Behavior"),
    ),
)

EMAIL_TEMPLATE = Table(
    name="template",
    entity_set="templates",
    primary_id="templateid",
    primary_name="title",
    label="Email Template",
    source=_ENTITIES,
    ownership="UserOwned",
    stateful=False,
    columns=(
        key("templateid", "Email Template"),
        text("title", "Title", 200, required=True),
        text("templatetypecode", "Template Type", 64),
        memo("subject", "Subject", 1073741823),
        memo("body", "Body", 1073741823),
        memo("description", "Description", 2000),
        whole("languagecode", "Language"),
        flag("ispersonal", "Viewable By"),
        COMPONENT_STATE,
    ),
)

_DELIVERY = ((0, "None"), (1, "Microsoft Dynamics 365 for Outlook"), (2, "Server-Side Synchronization"))
_RESULT = ((0, "Not Run"), (1, "Success"), (2, "Failure"))

MAILBOX = Table(
    name="mailbox",
    entity_set="mailboxes",
    primary_id="mailboxid",
    primary_name="name",
    label="Mailbox",
    source=_ENTITIES,
    ownership="UserOwned",
    columns=(
        key("mailboxid", "Mailbox"),
        text("name", "Name", 160),
        text("emailaddress", "Email Address", 100),
        # The numbering of "Server-Side Synchronization" is 2 for e-mail and 1 for appointments, contacts and tasks.
        choice("incomingemaildeliverymethod", "Incoming Email", (*_DELIVERY, (3, "Forward Mailbox")), default=0),
        choice("outgoingemaildeliverymethod", "Outgoing Email", _DELIVERY, default=0),
        choice("actdeliverymethod", "ACT Delivery Method", ((0, _DELIVERY[1][1]), (1, _DELIVERY[2][1]), (2, "None")), default=2),
        choice("incomingemailstatus", "Incoming Email Status", _RESULT, default=0),
        choice("outgoingemailstatus", "Outgoing Email Status", _RESULT, default=0),
        choice("actstatus", "Appointments, Contacts, and Tasks Status", _RESULT, default=0),
        choice("mailboxstatus", "Mailbox Status", _RESULT, default=0),
        choice(
            "emailrouteraccessapproval",
            "Email Address Status",
            ((0, "Empty"), (1, "Approved"), (2, "Pending Approval"), (3, "Rejected")),
            default=0,
        ),
        flag("isemailaddressapprovedbyo365admin", "Email Address O365 Admin Approval Status"),
        lookup("regardingobjectid", "Regarding", "systemuser", collections=("mailbox_regarding_systemuser",)),
    ),
)

PLATFORM_TABLES = (
    *SECURITY_TABLES,
    FORM,
    VIEW,
    CUSTOM_CONTROL,
    PUBLISHER,
    SOLUTION,
    SOLUTION_COMPONENT,
    EMAIL_TEMPLATE,
    MAILBOX,
    AUDIT,
    COMPONENT_LAYER,
)
"""What every organization has, whatever is installed in it."""
