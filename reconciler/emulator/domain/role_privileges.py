"""Tells and changes which privileges a role has. Reads and writes the notes of an organization.

A built-in role has what it was delivered with until somebody changes it, so nothing is stored for it before that. Copies of a role in
other business units have what their root has.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from reconciler.emulator.context import Row, Rows
from reconciler.emulator.domain.rights import DEPTHS, Rights

STAMP = "rights stamp"
"""Note: changes whenever anybody's privileges may have changed."""

_KEPT = "role privileges"
"""Note: root role id -> privilege name -> depth."""


def touch(rows: Rows) -> None:
    """Says that somebody's privileges may be others from now on."""
    # Never the same twice: a transaction that is undone must leave nothing behind that a later one could take for its own.
    rows.set_note(STAMP, uuid.uuid4().hex)


def root_of(role: Row) -> str:
    """The id of the role that a role is a copy of, or its own."""
    return str(role.get("_parentrootroleid_value") or role["roleid"])


def privileges_of(rows: Rows, rights: Rights, role: Row) -> Mapping[str, str]:
    """Privilege name -> depth (Basic, Local, Deep, Global)."""
    kept = (rows.note(_KEPT) or {}).get(root_of(role))
    if kept is not None:
        return {name: depth for name, depth in kept.items() if rights.named(name) is not None}
    if role.get("ismanaged"):
        return dict.fromkeys(rights.begins_with(role.get("_roletemplateid_value"), str(role.get("name"))), DEPTHS[-1])
    # Somebody made it and gave it nothing yet.
    return dict.fromkeys(rights.baseline, DEPTHS[-1])


def set_privileges(rows: Rows, rights: Rights, role: Row, privileges: Mapping[str, str]) -> None:
    """Gives a role and its copies these privileges, and the baseline, which no role can lose."""
    kept = rows.note(_KEPT) or {}
    baseline = dict.fromkeys(rights.baseline, DEPTHS[-1])
    rows.set_note(_KEPT, {**kept, root_of(role): {**baseline, **privileges}})
    touch(rows)


def computed_privileges(rights: Rights) -> list[Row]:
    """The rows of the table of privileges."""
    return [
        {
            "privilegeid": privilege.id,
            "name": privilege.name,
            "accessright": privilege.access_right,
            **{f"canbe{depth.lower()}": bool(privilege.table) or depth == DEPTHS[-1] for depth in DEPTHS},
            "versionnumber": 1,
        }
        for privilege in sorted(rights.every, key=lambda privilege: privilege.id)
    ]


def computed_role_privileges(rows: Rows, rights: Rights) -> Iterable[Row]:
    """The rows that pair roles, copies too, with privileges."""
    numbers = {privilege.name: uuid.UUID(privilege.id).int for privilege in rights.every}
    for role in rows.all("role"):
        own = uuid.UUID(role["roleid"]).int
        for name, depth in privileges_of(rows, rights, role).items():
            yield {
                "roleprivilegeid": str(uuid.UUID(int=own ^ numbers[name])),
                "roleid": role["roleid"],
                "privilegeid": rights.id_of(name),
                "privilegedepthmask": 1 << DEPTHS.index(depth),
                "versionnumber": 1,
            }
