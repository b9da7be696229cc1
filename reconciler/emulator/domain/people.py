"""Who somebody is and what they may do: users, their roles (through teams too), their language. Reads and writes the Rows it is given."""

from __future__ import annotations

import datetime as dt
import uuid

from reconciler.catalog.role_templates import ROLE_TEMPLATES
from reconciler.emulator.context import Row, Rows
from reconciler.emulator.domain.identity import stable_id
from reconciler.emulator.domain.moments import as_text
from reconciler.emulator.domain.role_privileges import touch

ADMINISTRATOR_TEMPLATE = dict(ROLE_TEMPLATES)["system-administrator"]
DENIED_NOTE = "denied"
"""Note: user id -> tables that this user may not read."""

FALLBACK_LANGUAGE = 1033


def add_user(
    rows: Rows,
    organization: str,
    *,
    name: str,
    application_id: str | None,
    email: str,
    unit: str,
    language: int,
    now: dt.datetime,
) -> Row:
    """A new user with personal settings and without any role."""
    id = stable_id(organization, "systemuser", application_id or name)
    first, _, last = name.rpartition(" ")
    when = as_text(now)
    user = rows.insert(
        "systemuser",
        {
            "systemuserid": id,
            "fullname": name,
            "firstname": first or None,
            "lastname": last,
            "domainname": email or f"{id}@contoso.example",
            "internalemailaddress": email or None,
            "azureactivedirectoryobjectid": stable_id("directory", application_id or name),
            "applicationid": application_id,
            "isdisabled": False,
            "accessmode": 4 if application_id else 0,
            "_businessunitid_value": unit,
            "createdon": when,
            "modifiedon": when,
        },
    )
    rows.insert(
        "usersettings",
        {"systemuserid": id, "uilanguageid": language, "helplanguageid": language, "localeid": language, "timezonecode": 92},
    )
    return user


def find_user(rows: Rows, name: str, application_id: str | None) -> Row | None:
    """The user of that application id; without one, of that full name or sign-in name, in whatever case."""
    wanted = (application_id or name).lower()
    for column in ("applicationid",) if application_id else ("fullname", "domainname"):
        for user in rows.all("systemuser"):
            if str(user.get(column)).lower() == wanted:
                return user
    return None


def grant(rows: Rows, organization: str, holder: str, id: str, role: str) -> None:
    """Gives a role to a user or a team (`holder` is the table)."""
    pair = stable_id(organization, holder, id, role)
    if rows.get(f"{holder}roles", pair) is None:
        rows.insert(f"{holder}roles", {f"{holder}roleid": pair, f"{holder}id": id, "roleid": role})
    touch(rows)


def new_role(changes: Row) -> Row:
    """A role as somebody creates it: its own root, with a unique id, and not managed. It gets no copies in other business units."""
    id = str(changes.get("roleid") or uuid.uuid4())
    own = {"roleid": id, "roleidunique": str(uuid.uuid4()), "ismanaged": False, "_parentrootroleid_value": id}
    return {**own, **{name: value for name, value in changes.items() if value is not None}, "ismanaged": False}


def roles_of(rows: Rows, user: str) -> list[Row]:
    """The roles of a user, direct and through teams."""
    teams = {pair["teamid"] for pair in rows.all("teammembership") if pair["systemuserid"] == user}
    ids = {pair["roleid"] for pair in rows.all("systemuserroles") if pair["systemuserid"] == user}
    ids |= {pair["roleid"] for pair in rows.all("teamroles") if pair["teamid"] in teams}
    return [role for role in rows.all("role") if role["roleid"] in ids]


def language_of(rows: Rows, user: str) -> int:
    """The language in which the user is served."""
    settings = rows.get("usersettings", user)
    return int(settings["uilanguageid"]) if settings and settings.get("uilanguageid") else FALLBACK_LANGUAGE


def administrator_role(rows: Rows) -> str | None:
    """The id of the role System Administrator of the root business unit."""
    for role in rows.all("role"):
        if role.get("_roletemplateid_value") == ADMINISTRATOR_TEMPLATE and role.get("_parentroleid_value") is None:
            return str(role["roleid"])
    return None
