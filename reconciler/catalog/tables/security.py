"""Tables of people and their rights: business units, users, teams, roles and what pairs them. Pure."""

from __future__ import annotations

import dataclasses

from reconciler.catalog.source import ROLES_PAGE, Source
from reconciler.catalog.table import Association, Table
from reconciler.catalog.tables.columns import choice, flag, key, lookup, managed, moment, text, whole

_REFERENCE = "MicrosoftDocs/powerapps-docs, powerapps-docs/developer/data-platform/reference/entities"
_ENTITIES = Source(_REFERENCE, "2026-05")
ROLE_PAGE = Source(f"{_REFERENCE}/role.md", "09770ae52bc4")

COMPONENT_STATE = choice(
    "componentstate",
    "Component State",
    ((0, "Published"), (1, "Unpublished"), (2, "Deleted"), (3, "Deleted Unpublished")),
    default=0,
    read_only=True,
)

BUSINESS_UNIT = Table(
    name="businessunit",
    entity_set="businessunits",
    primary_id="businessunitid",
    primary_name="name",
    label="Business Unit",
    source=_ENTITIES,
    ownership="BusinessOwned",
    stateful=False,
    columns=(
        key("businessunitid", "Business Unit"),
        text("name", "Name", 160, required=True),
        lookup("parentbusinessunitid", "Parent Business", "businessunit", collections=("business_unit_parent_business_unit",)),
        flag("isdisabled", "Is Disabled"),
    ),
)

ROLE_TEMPLATE = Table(
    name="roletemplate",
    entity_set="roletemplates",
    primary_id="roletemplateid",
    primary_name="name",
    label="Role Template",
    source=ROLES_PAGE,
    ownership="None",
    audited=False,
    stateful=False,
    columns=(key("roletemplateid", "Role Template"), text("name", "Name", 100)),
)

ROLE = Table(
    name="role",
    entity_set="roles",
    primary_id="roleid",
    primary_name="name",
    label="Security Role",
    source=ROLE_PAGE,
    ownership="BusinessOwned",
    stateful=False,
    columns=(
        key("roleid", "Role"),
        text("name", "Name", 100, required=True),
        lookup("businessunitid", "Business Unit", "businessunit", collections=("business_unit_roles",), required=True),
        lookup("parentroleid", "Parent Role", "role", collections=("role_parent_role",)),
        lookup("parentrootroleid", "Parent Root Role", "role", collections=("role_parent_root_role",), read_only=True),
        lookup("roletemplateid", "Role Template", "roletemplate", collections=("role_template_roles",), read_only=True),
        key("roleidunique", "Unique Id"),
        COMPONENT_STATE,
        moment("overwritetime", "Record Overwrite Time", read_only=True),
        flag("ismanaged", "Is Managed", read_only=True),
        choice(
            "isinherited",
            "Member's privilege inheritance",
            ((0, "Team privileges only"), (1, "Direct User (Basic) access level and Team privileges")),
            default=1,
        ),
        managed("iscustomizable", "Customizable"),
        managed("canbedeleted", "Can Be Deleted"),
    ),
)

USER = Table(
    name="systemuser",
    entity_set="systemusers",
    primary_id="systemuserid",
    primary_name="fullname",
    label="User",
    source=_ENTITIES,
    ownership="BusinessOwned",
    stateful=False,
    columns=(
        key("systemuserid", "User"),
        text("fullname", "Full Name", 200),
        text("firstname", "First Name", 256),
        text("lastname", "Last Name", 256),
        text("domainname", "User Name", 1024),
        text("internalemailaddress", "Primary Email", 100),
        key("azureactivedirectoryobjectid", "Azure AD Object ID"),
        key("applicationid", "Application ID"),
        flag("isdisabled", "Status"),
        choice(
            "accessmode",
            "Access Mode",
            ((0, "Read-Write"), (1, "Administrative"), (2, "Read"), (3, "Support User"), (4, "Non-interactive"), (5, "Delegated Admin")),
            default=0,
        ),
        lookup("businessunitid", "Business Unit", "businessunit", collections=("business_unit_system_users",), required=True),
    ),
)

TEAM = Table(
    name="team",
    entity_set="teams",
    primary_id="teamid",
    primary_name="name",
    label="Team",
    source=_ENTITIES,
    ownership="BusinessOwned",
    stateful=False,
    columns=(
        key("teamid", "Team"),
        text("name", "Team Name", 160, required=True),
        choice(
            "teamtype", "Team Type", ((0, "Owner"), (1, "Access"), (2, "Security Group"), (3, "Office Group")), default=0, read_only=True
        ),
        flag("isdefault", "Is Default"),
        lookup("businessunitid", "Business Unit", "businessunit", collections=("business_unit_teams",), required=True),
        lookup("administratorid", "Administrator", "systemuser", collections=("lk_teambase_administratorid",)),
    ),
)

USER_SETTINGS = Table(
    name="usersettings",
    entity_set="usersettingscollection",
    primary_id="systemuserid",
    primary_name=None,
    label="User Settings",
    source=_ENTITIES,
    ownership="None",
    stateful=False,
    columns=(
        key("systemuserid", "User"),
        whole("uilanguageid", "User Interface Language"),
        whole("helplanguageid", "Help Language"),
        whole("localeid", "Locale"),
        whole("timezonecode", "Time Zone Code", minimum=-1),
    ),
)

PRIVILEGE = Table(
    name="privilege",
    entity_set="privileges",
    primary_id="privilegeid",
    primary_name="name",
    label="Privilege",
    source=_ENTITIES,
    ownership="None",
    audited=False,
    stateful=False,
    columns=(
        key("privilegeid", "Privilege"),
        text("name", "Name", 100),
        whole("accessright", "Access Right"),
        flag("canbebasic", "Can Be Basic"),
        flag("canbelocal", "Can Be Local"),
        flag("canbedeep", "Can Be Deep"),
        flag("canbeglobal", "Can Be Global"),
    ),
)


def _pairs(name: str, entity_set: str, primary_id: str, first: str, second: str) -> Table:
    return Table(
        name=name,
        entity_set=entity_set,
        primary_id=primary_id,
        primary_name=None,
        label=name,
        source=_ENTITIES,
        ownership="None",
        audited=False,
        stateful=False,
        intersect=True,
        columns=(key(primary_id, name), key(first, first), key(second, second)),
    )


_ROLE_PRIVILEGES = _pairs("roleprivileges", "roleprivilegescollection", "roleprivilegeid", "roleid", "privilegeid")

SECURITY_TABLES = (
    BUSINESS_UNIT,
    ROLE_TEMPLATE,
    ROLE,
    USER,
    TEAM,
    USER_SETTINGS,
    PRIVILEGE,
    _pairs("systemuserroles", "systemuserrolescollection", "systemuserroleid", "systemuserid", "roleid"),
    _pairs("teamroles", "teamrolescollection", "teamroleid", "teamid", "roleid"),
    dataclasses.replace(_ROLE_PRIVILEGES, columns=(*_ROLE_PRIVILEGES.columns, whole("privilegedepthmask", "Depth Mask"))),
    _pairs("teammembership", "teammemberships", "teammembershipid", "teamid", "systemuserid"),
)

ASSOCIATIONS = (
    Association("systemuserroles_association", "systemuserroles", "systemuser", "role"),
    Association("teamroles_association", "teamroles", "team", "role"),
    Association("roleprivileges_association", "roleprivileges", "role", "privilege"),
    Association("teammembership_association", "teammembership", "team", "systemuser"),
)
"""The many-to-many relationships that say who holds which role."""
