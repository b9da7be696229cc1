"""Turns a scenario into business units, roles with their copies, teams, users and mailboxes. Writes through the planting."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.catalog.consent import SERVICE_ACCOUNTS
from reconciler.catalog.role_templates import ROLE_TEMPLATES
from reconciler.emulator.domain.people import ADMINISTRATOR_TEMPLATE, DENIED_NOTE, add_user, grant
from reconciler.emulator.domain.planting import NEVER_OVERWRITTEN, Planting, managed_property
from reconciler.emulator.domain.rights import DEPTHS, Rights
from reconciler.emulator.domain.role_privileges import set_privileges
from reconciler.emulator.domain.scenario import User
from reconciler.emulator.domain.scenario_files import ScenarioError
from reconciler.emulator.domain.scenario_mailbox import columns
from reconciler.emulator.domain.stock import ROLE_NAMES, ROLES_WITHOUT_TEMPLATE

ROOT = ""
"""The name under which the root business unit is known here; it is shown under the organization's name."""


def plant_people(planting: Planting) -> None:
    """Everyone and everything that rights hang on."""
    _plant_units(planting)
    for template, id in ROLE_TEMPLATES:
        planting.put("roletemplate", {"roletemplateid": id, "name": ROLE_NAMES[template]})
    for unit in _units(planting):
        for name, template_id in _roles_of(planting, unit):
            _plant_role(planting, unit, name, template_id)
    _give_privileges(planting)
    _plant_teams(planting)
    _plant_users(planting)


def unit_id(planting: Planting, name: str | None) -> str:
    """The id of a business unit by name; None is the root. ScenarioError when the scenario does not have it."""
    if name is not None and name not in _units(planting):
        raise ScenarioError(f"Scenario of {planting.organization}: there is no business unit '{name}'.")
    return planting.id_of("businessunit", name or ROOT)


def _units(planting: Planting) -> tuple[str, ...]:
    return (ROOT, *(unit.name for unit in planting.scenario.business_units))


def _plant_units(planting: Planting) -> None:
    planting.put("businessunit", {"businessunitid": planting.root_unit, "name": planting.scenario.friendly_name})
    for unit in planting.scenario.business_units:
        parent = unit_id(planting, unit.parent)
        planting.put(
            "businessunit", {"businessunitid": unit_id(planting, unit.name), "name": unit.name, "_parentbusinessunitid_value": parent}
        )


def _roles_of(planting: Planting, unit: str) -> Iterator[tuple[str, str | None]]:
    """(name, template id) of the roles of a unit: the built-in ones, then those of the scenario."""
    choices = planting.scenario.roles
    for template, id in ROLE_TEMPLATES:
        if template not in choices.deleted:
            yield choices.renamed.get(template, ROLE_NAMES[template]), id
    for name in ROLES_WITHOUT_TEMPLATE:
        yield name, None
    for role in choices.custom:
        if role.business_unit in (None, unit):
            yield role.name, None


def role_id(planting: Planting, unit: str, name: str, template_id: str | None = None) -> str:
    """The id of the copy of a role in one business unit."""
    return planting.id_of("role", unit, template_id or name)


def _plant_role(planting: Planting, unit: str, name: str, template_id: str | None) -> None:
    own = role_id(planting, unit, name, template_id)
    local = any(role.name == name and role.business_unit == unit for role in planting.scenario.roles.custom)
    root = own if local else role_id(planting, ROOT, name, template_id)
    parent = next((entry.parent or ROOT for entry in planting.scenario.business_units if entry.name == unit), ROOT)
    custom = any(role.name == name for role in planting.scenario.roles.custom)
    planting.put(
        "role",
        {
            "roleid": own,
            "roleidunique": planting.id_of("role", unit, name, "unique"),
            "name": name,
            "_businessunitid_value": planting.id_of("businessunit", unit),
            "_parentroleid_value": None if own == root else role_id(planting, parent, name, template_id),
            "_parentrootroleid_value": root,
            "_roletemplateid_value": template_id,
            "ismanaged": not custom,
            "isinherited": 1,
            "overwritetime": NEVER_OVERWRITTEN,
            "iscustomizable": managed_property(True, "iscustomizableanddeletable"),
            "canbedeleted": managed_property(custom, "canbedeleted"),
        },
    )


def _give_privileges(planting: Planting) -> None:
    rights = Rights(planting.tables)
    for described in planting.scenario.roles.custom:
        if described.privileges is None:
            given = dict.fromkeys(rights.selling, DEPTHS[-1])
        else:
            given = dict(_privilege(planting, rights, described.name, text) for text in described.privileges)
        for role in planting.rows.all("role"):
            if role["name"] == described.name and not role["ismanaged"]:
                set_privileges(planting.rows, rights, role, given)


def _privilege(planting: Planting, rights: Rights, role: str, text: str) -> tuple[str, str]:
    name, _, depth = text.partition(":")
    known = rights.named(name)
    if known is None or (depth or DEPTHS[-1]) not in DEPTHS:
        raise ScenarioError(
            f"Scenario of {planting.organization}: the role '{role}' has '{text[:80]}', which is no privilege; one is called as in "
            f"prvReadAccount or prvReadAccount:Basic ({', '.join(DEPTHS)})."
        )
    return known.name, depth or DEPTHS[-1]


def _plant_teams(planting: Planting) -> None:
    for team in planting.scenario.teams:
        unit = unit_id(planting, team.business_unit)
        row = planting.put("team", {"teamid": planting.id_of("team", team.name), "name": team.name, "_businessunitid_value": unit})
        for name in team.roles:
            grant(planting.rows, planting.organization, "team", row["teamid"], _named_role(planting, unit, name))


def _named_role(planting: Planting, unit: str, name: str) -> str:
    for role in planting.rows.all("role"):
        if role["name"] == name and role["_businessunitid_value"] == unit:
            return str(role["roleid"])
    raise ScenarioError(f"Scenario of {planting.organization}: there is no role '{name}' to give to anybody.")


def _plant_users(planting: Planting) -> None:
    administrator = next(role["roleid"] for role in planting.rows.all("role") if role["_roletemplateid_value"] == ADMINISTRATOR_TEMPLATE)
    people = (User(name="SYSTEM"), *(User(name=name, applicationId=planting.id_of("application", name)) for name in SERVICE_ACCOUNTS))
    denied: dict[str, list[str]] = {}
    for user in (*people, *planting.scenario.users):
        unit = unit_id(planting, user.business_unit)
        row = add_user(
            planting.rows,
            planting.organization,
            name=user.name,
            application_id=user.application_id,
            email=user.email,
            unit=unit,
            language=user.language or planting.scenario.language,
            now=planting.now,
        )
        if user in people:
            grant(planting.rows, planting.organization, "systemuser", row["systemuserid"], administrator)
        for name in user.roles:
            grant(planting.rows, planting.organization, "systemuser", row["systemuserid"], _named_role(planting, unit, name))
        for name in user.teams:
            _join(planting, row["systemuserid"], name)
        if user.disabled:
            planting.rows.update("systemuser", row["systemuserid"], {"isdisabled": True})
        if user.cannot_read:
            denied[row["systemuserid"]] = list(user.cannot_read)
        _plant_mailbox(planting, user, row["systemuserid"])
    planting.rows.set_note(DENIED_NOTE, denied)


def _join(planting: Planting, user: str, team: str) -> None:
    if team not in {known.name for known in planting.scenario.teams}:
        raise ScenarioError(f"Scenario of {planting.organization}: there is no team '{team}' to join.")
    planting.put(
        "teammembership",
        {"teammembershipid": planting.id_of("teammembership", team, user), "teamid": planting.id_of("team", team), "systemuserid": user},
    )


def _plant_mailbox(planting: Planting, user: User, id: str) -> None:
    mailbox = columns(user.mailbox)
    if mailbox is not None:
        who = {"mailboxid": planting.id_of("mailbox", user.name), "name": user.name, "emailaddress": user.email}
        planting.put("mailbox", {**who, **mailbox, "_regardingobjectid_value": id})
