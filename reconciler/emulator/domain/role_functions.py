"""The functions and actions about privileges: what a user or a role has, giving and taking. Write through the context they get."""

from __future__ import annotations

from functools import partial
from typing import Any

from reconciler.emulator.context import Context, DataverseError, Operation, Row
from reconciler.emulator.domain.holdings import Held, held_by
from reconciler.emulator.domain.privileges import Guard
from reconciler.emulator.domain.rights import DEPTHS, Privilege, Rights
from reconciler.emulator.domain.role_privileges import privileges_of, set_privileges

_INVALID = "0x80040203"
_MISSING = "0x80040217"
_MOST_PRIVILEGES = 10_000
Parameters = dict[str, Any]


def operations(guard: Guard) -> tuple[Operation, ...]:
    """Every operation about privileges; `guard` tells who may call them."""
    names = {"PrivilegeNames": "Collection(Edm.String)"}
    several, one = {"Privileges": "Collection(mscrm.RolePrivilege)"}, {"PrivilegeId": "Edm.Guid"}
    return (
        Operation("RetrieveUserPrivileges", "function", partial(_of_user, guard), bound_to="systemusers"),
        Operation(
            "RetrieveUserSetOfPrivilegesByNames", "function", partial(_of_user_by_names, guard), bound_to="systemusers", parameters=names
        ),
        Operation("RetrieveRolePrivilegesRole", "function", partial(_of_role, guard), parameters={"RoleId": "Edm.Guid"}),
        Operation("AddPrivilegesRole", "action", partial(_add, guard), bound_to="roles", parameters=several),
        Operation("ReplacePrivilegesRole", "action", partial(_replace, guard), bound_to="roles", parameters=several),
        Operation("RemovePrivilegeRole", "action", partial(_remove, guard), bound_to="roles", parameters=one),
    )


def _of_user(guard: Guard, context: Context, id: str | None, _parameters: Parameters) -> Parameters:
    _check_user(guard, context, str(id))
    rights = guard.rights
    held = held_by(context.rows, rights, str(id))
    return {"RolePrivileges": _described(context, rights, held, str(id), sorted(held.privileges))}


def _of_user_by_names(guard: Guard, context: Context, id: str | None, parameters: Parameters) -> Parameters:
    names = parameters.get("PrivilegeNames")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise DataverseError(400, _INVALID, "PrivilegeNames is a collection of names.")
    _check_user(guard, context, str(id))
    rights = guard.rights
    held = held_by(context.rows, rights, str(id))
    known = (rights.named(name) for name in dict.fromkeys(names))
    wanted = [privilege.name for privilege in known if privilege is not None and privilege.name in held.privileges]
    return {"RolePrivileges": _described(context, rights, held, str(id), wanted)}


def _check_user(guard: Guard, context: Context, user: str) -> None:
    """Everybody may ask about themselves."""
    if user != context.caller["systemuserid"]:
        guard.check(context, "Read", "systemuser")


def _described(context: Context, rights: Rights, held: Held, user: str, names: list[str]) -> list[dict[str, str]]:
    unit = str((context.rows.get("systemuser", user) or {}).get("_businessunitid_value"))
    return [_shown(rights, name, held.privileges[name], unit) for name in names]


def _shown(rights: Rights, name: str, depth: str, unit: str) -> dict[str, str]:
    return {"Depth": depth, "PrivilegeId": rights.id_of(name), "BusinessUnitId": unit, "PrivilegeName": name}


def _of_role(guard: Guard, context: Context, _id: str | None, parameters: Parameters) -> Parameters:
    guard.check(context, "Read", "role")
    rights, role = guard.rights, _role(context, str(parameters.get("RoleId")).strip("{}").lower())
    unit = str(role.get("_businessunitid_value"))
    held = privileges_of(context.rows, rights, role)
    return {"RolePrivileges": [_shown(rights, name, held[name], unit) for name in sorted(held)]}


def _add(guard: Guard, context: Context, id: str | None, parameters: Parameters) -> None:
    rights, role = _changeable(guard, context, id)
    given = _asked(rights, parameters)
    guard.check_giving(context, given)
    set_privileges(context.rows, rights, role, {**privileges_of(context.rows, rights, role), **given})


def _replace(guard: Guard, context: Context, id: str | None, parameters: Parameters) -> None:
    rights, role = _changeable(guard, context, id)
    given = _asked(rights, parameters)
    guard.check_giving(context, given)
    set_privileges(context.rows, rights, role, given)


def _remove(guard: Guard, context: Context, id: str | None, parameters: Parameters) -> None:
    rights, role = _changeable(guard, context, id)
    removed = _privilege(rights, parameters.get("PrivilegeId") or parameters.get("Privilege"))
    if removed.name in rights.baseline:
        raise DataverseError(400, _INVALID, f"The privilege {removed.name} is part of what every role needs and cannot be removed.")
    left = {name: depth for name, depth in privileges_of(context.rows, rights, role).items() if name != removed.name}
    set_privileges(context.rows, rights, role, left)


def _changeable(guard: Guard, context: Context, id: str | None) -> tuple[Rights, Row]:
    guard.check(context, "Write", "role")
    role = _role(context, str(id))
    if role.get("_parentroleid_value") is not None:
        raise DataverseError(400, _INVALID, "A role that was inherited from another business unit cannot be changed; change its root role.")
    if Rights.is_administrator(role):
        raise DataverseError(400, _INVALID, "The privileges of the System Administrator role cannot be changed.")
    return guard.rights, role


def _role(context: Context, id: str) -> Row:
    role = context.rows.get("role", id)
    if role is None:
        raise DataverseError(404, _MISSING, f"role With Id = {id} Does Not Exist")
    return role


def _asked(rights: Rights, parameters: Parameters) -> dict[str, str]:
    entries = parameters.get("Privileges")
    if not isinstance(entries, list) or len(entries) > _MOST_PRIVILEGES or not all(isinstance(entry, dict) for entry in entries):
        raise DataverseError(400, _INVALID, "Privileges is a collection of RolePrivilege: Depth, PrivilegeId, BusinessUnitId.")
    found = {}
    for entry in entries:
        depth = entry.get("Depth")
        named = DEPTHS[depth] if isinstance(depth, int) and not isinstance(depth, bool) and 0 <= depth < len(DEPTHS) else depth
        if named not in DEPTHS:
            raise DataverseError(400, _INVALID, f"Depth is one of {', '.join(DEPTHS)}.")
        found[_privilege(rights, entry.get("PrivilegeId")).name] = str(named)
    return found


def _privilege(rights: Rights, id: object) -> Privilege:
    if isinstance(id, dict):
        # The action's own parameter is a whole row of the table.
        id = id.get("privilegeid")
    found = rights.of_id(str(id))
    if found is None:
        raise DataverseError(404, _MISSING, f"privilege With Id = {str(id)[:80]} Does Not Exist")
    return found
