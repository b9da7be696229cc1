"""Turns a caller without the rights for something into the refusal that Dataverse gives. Reads the rows of the request."""

from __future__ import annotations

from reconciler.catalog.role_templates import ROLE_TEMPLATES
from reconciler.catalog.tables.sales import SALES_TABLES
from reconciler.emulator.context import Context, DataverseError
from reconciler.emulator.domain.identity import stable_id
from reconciler.emulator.domain.people import ADMINISTRATOR_TEMPLATE, DENIED_NOTE, roles_of

_DENIED = "0x80040220"
_CUSTOMIZER_TEMPLATE = dict(ROLE_TEMPLATES)["system-customizer"]
_EVERYBODYS = frozenset(table.name for table in SALES_TABLES)
_TYPE_CODES = {"account": 1, "contact": 2, "opportunity": 3, "lead": 4, "systemuser": 8, "organization": 1019, "systemform": 1030}


def require_write(context: Context, table: str, verb: str = "Write") -> None:
    """Refuses the write of anything but a sales record by a caller who is no System Administrator (for forms: nor a customizer)."""
    if table in _EVERYBODYS:
        return
    accepted = {ADMINISTRATOR_TEMPLATE} | ({_CUSTOMIZER_TEMPLATE} if table == "systemform" else set())
    if not _holds(context, accepted):
        raise _refusal(context, f"prv{verb}{table}", table)


def require_publishing(context: Context) -> None:
    """Refuses publishing by a caller who may not customize."""
    if not _holds(context, {ADMINISTRATOR_TEMPLATE, _CUSTOMIZER_TEMPLATE}):
        raise _refusal(context, "prvPublishCustomization", "systemform")


def require_privilege(context: Context, privilege: str, table: str) -> None:
    """Refuses what needs a privilege that only a System Administrator has here."""
    if not _holds(context, {ADMINISTRATOR_TEMPLATE}):
        raise _refusal(context, privilege, table)


def require_read(context: Context, table: str) -> None:
    """Refuses the reading of a table that the scenario forbids this caller."""
    denied = context.rows.note(DENIED_NOTE) or {}
    if table in denied.get(context.caller["systemuserid"], ()):
        raise _refusal(context, f"prvRead{table}", table)


def held(context: Context, user: str, names: list[str]) -> list[dict[str, str]]:
    """Those of the named privileges that the user has: an administrator all of them, anyone with a role those to read."""
    roles = roles_of(context.rows, user)
    everything = any(role.get("_roletemplateid_value") == ADMINISTRATOR_TEMPLATE for role in roles)
    unit = (context.rows.get("systemuser", user) or {}).get("_businessunitid_value")
    return [
        {"Depth": "Global", "PrivilegeId": stable_id("privilege", name.lower()), "BusinessUnitId": str(unit), "PrivilegeName": name}
        for name in names
        if name.startswith("prv") and roles and (everything or name.startswith("prvRead"))
    ]


def _holds(context: Context, templates: set[str]) -> bool:
    return any(role.get("_roletemplateid_value") in templates for role in roles_of(context.rows, context.caller["systemuserid"]))


def _refusal(context: Context, privilege: str, table: str) -> DataverseError:
    caller = context.caller["systemuserid"]
    count = len(roles_of(context.rows, caller))
    if count == 0:
        return DataverseError(403, _DENIED, f"The user with id {caller} has not been assigned any roles and is missing {privilege}.")
    code = _TYPE_CODES.get(table, 10_000 + sorted(context.tables).index(table) if table in context.tables else 0)
    return DataverseError(
        403,
        _DENIED,
        f"Principal user (Id={caller}, type=8, roleCount={count}, privilegeCount={count * 93}, accessMode="
        f"{context.caller.get('accessmode') or 0}), is missing {privilege} privilege (Id={stable_id('privilege', privilege.lower())}) "
        f"on OTC={code} for entity '{table}'. context.Caller={caller}",
    )
