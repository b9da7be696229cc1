"""Turns the roles of a user into the privileges that the user has. Reads rows, and remembers what it read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.emulator.context import Context, Rows
from reconciler.emulator.domain.people import DENIED_NOTE, roles_of
from reconciler.emulator.domain.rights import DEPTHS, Rights, privilege_name
from reconciler.emulator.domain.role_privileges import STAMP, privileges_of

_MOST_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Held:
    """What a user may do: privilege name -> depth, through so many roles."""

    privileges: Mapping[str, str]
    roles: int


def held_by(rows: Rows, rights: Rights, user: str) -> Held:
    """The privileges of a user, direct and through teams; the deepest depth counts. What the scenario forbids to read is missing."""
    roles = roles_of(rows, user)
    found: dict[str, str] = {}
    for role in roles:
        for name, depth in privileges_of(rows, rights, role).items():
            if DEPTHS.index(depth) >= DEPTHS.index(found.get(name, DEPTHS[0])):
                found[name] = depth
    for table in (rows.note(DENIED_NOTE) or {}).get(user, ()):
        found.pop(privilege_name("Read", table), None)
    return Held(found, len(roles))


class Holdings:
    """Privileges by user, computed again only after somebody's roles, teams or privileges changed."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self._known: dict[tuple[str, str], tuple[str, Held]] = {}

    def of(self, context: Context, user: str) -> Held:
        """See `held_by`."""
        stamp = context.rows.note(STAMP)
        key = (context.organization, user)
        known = self._known.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        held = held_by(context.rows, self.rights, user)
        if stamp is not None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = (stamp, held)
        return held

    def effective(self, context: Context) -> Held:
        """What the caller of a request may do; who acts for somebody may only do what both may."""
        own = self.of(context, str(context.caller["systemuserid"]))
        if context.behind is None:
            return own
        behind = self.of(context, str(context.behind["systemuserid"])).privileges
        return Held({name: depth for name, depth in own.privileges.items() if name in behind}, own.roles)
