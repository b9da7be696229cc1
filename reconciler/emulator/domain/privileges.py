"""Turns a caller without the rights for something into the refusal that Dataverse gives. Reads the rows of the request."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.emulator.context import Context, DataverseError, Row
from reconciler.emulator.domain.holdings import Held, Holdings
from reconciler.emulator.domain.rights import ACT_ON_BEHALF, DEPTHS, Privilege, Rights, needs_privileges, privilege_name
from reconciler.emulator.domain.role_privileges import privileges_of

_DENIED = "0x80040220"
_DISABLED = "0x80040225"
_UNSUPPORTED = "0x80040800"
_TYPE_CODES = {"account": 1, "contact": 2, "opportunity": 3, "lead": 4, "systemuser": 8, "organization": 1019, "systemform": 1030}
_ASSIGNED_BY_PAIR = {"systemuserroles": ("Assign", "role"), "teamroles": ("Assign", "role"), "teammembership": ("Write", "team")}


class Guard:
    """Decides what the callers of one emulator may do."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self._holdings = Holdings(rights)

    def admit(self, context: Context) -> None:
        """Refuses a disabled user, and whoever acts for somebody else without the privilege for that."""
        real = context.behind or context.caller
        for user in (real, context.caller):
            if user.get("isdisabled"):
                text = f"The specified user(Id = {user['systemuserid']}) is disabled. Consider enabling this user."
                raise DataverseError(403, _DISABLED, text)
        if context.behind is not None:
            held = self._holdings.of(context, str(real["systemuserid"]))
            if ACT_ON_BEHALF not in held.privileges:
                raise _refusal(context, real, held, ACT_ON_BEHALF, "systemuser")

    def check(self, context: Context, verb: str, table: str) -> None:
        """Refuses a verb (Read, Create, Write, Delete, Assign) on a table that the caller may not do."""
        if needs_privileges(context.tables[table]):
            self.check_privilege(context, privilege_name(verb, table), table)
        elif verb != "Read":
            raise DataverseError(400, _UNSUPPORTED, f"The '{verb}' method does not support entities of type '{table}'.")
        elif not self._holdings.effective(context).roles:
            raise _refusal(context, context.caller, self._holdings.effective(context), privilege_name(verb, table), table)

    def check_pairing(self, context: Context, intersect: str, joined: Row | None) -> None:
        """Refuses the joining (of the rows that `joined` names by their ids) and parting of rows by an intersect table.

        Nobody gives a role that reaches further than the own ones, be it through a team.
        """
        if intersect not in _ASSIGNED_BY_PAIR:
            raise DataverseError(400, _UNSUPPORTED, f"The 'Associate' method does not support entities of type '{intersect}'.")
        verb, table = _ASSIGNED_BY_PAIR[intersect]
        self.check(context, verb, table)
        if joined is not None:
            for role in _roles_given(context, joined):
                self.check_giving(context, privileges_of(context.rows, self.rights, role))

    def check_giving(self, context: Context, privileges: Mapping[str, str]) -> None:
        """Refuses to give privileges, by name with their depth, that the caller has less of."""
        held = self._holdings.effective(context)
        for name, depth in privileges.items():
            if name not in held.privileges or DEPTHS.index(held.privileges[name]) < DEPTHS.index(depth):
                raise _refusal(context, context.caller, held, name, "role")

    def check_privilege(self, context: Context, name: str, table: str) -> None:
        """Refuses what needs this privilege; `table` is what the refusal names."""
        held = self._holdings.effective(context)
        if name not in held.privileges:
            raise _refusal(context, context.caller, held, name, table)


def _roles_given(context: Context, joined: Row) -> list[Row]:
    teams = [pair["roleid"] for pair in context.rows.all("teamroles") if pair["teamid"] == joined.get("teamid")]
    ids = {joined["roleid"]} if "roleid" in joined else set(teams)
    return [role for role in context.rows.all("role") if role["roleid"] in ids]


def _refusal(context: Context, user: Row, held: Held, privilege: str, table: str) -> DataverseError:
    id = user["systemuserid"]
    if held.roles == 0:
        text = f"The user with id {id} has not been assigned any roles. They need a role with the {privilege} privilege."
        return DataverseError(403, _DENIED, text)
    code = _TYPE_CODES.get(table, 10_000 + sorted(context.tables).index(table) if table in context.tables else 0)
    return DataverseError(
        403,
        _DENIED,
        f"Principal user (Id={id}, type=8, roleCount={held.roles}, privilegeCount={len(held.privileges)}, accessMode="
        f"{user.get('accessmode') or 0}), is missing {privilege} privilege (Id={Privilege(privilege).id}) "
        f"on OTC={code} for entity '{table}'. context.Caller={context.caller['systemuserid']}",
    )
