"""What each privilege is called and which ones every built-in role begins with. Pure.

Names and access rights follow the service; which role has which is made small: all, customizing, selling, or reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reconciler.catalog.role_templates import ROLE_TEMPLATES
from reconciler.catalog.table import Table
from reconciler.catalog.tables.sales import SALES_TABLES
from reconciler.emulator.context import Row
from reconciler.emulator.domain.identity import stable_id

ACT_ON_BEHALF = "prvActOnBehalfOfAnotherUser"
PUBLISH = "prvPublishCustomization"

DEPTHS = ("Basic", "Local", "Deep", "Global")
"""How far a privilege reaches: own rows, those of the unit, of units below it too, all. In the order of the service's enumeration."""

_ACCESS_RIGHTS = {"Read": 1, "Write": 2, "Append": 4, "AppendTo": 16, "Create": 32, "Delete": 65536, "Share": 262144, "Assign": 524288}
"""`accessright` of the table privilege: the numbers of the service (0 for a privilege that is about no table)."""
_OWNED_ONLY = frozenset({"Share", "Assign"})
_MISCELLANEOUS = (
    ACT_ON_BEHALF,
    PUBLISH,
    "prvBulkDelete",
    "prvExportCustomization",
    "prvImportCustomization",
    "prvISVExtensions",
    "prvReadAuditSummary",
    "prvReadRecordAuditHistory",
)
_NOUNS = {
    "account": "Account",
    "businessunit": "BusinessUnit",
    "contact": "Contact",
    "customcontrol": "CustomControl",
    "lead": "Lead",
    "mailbox": "Mailbox",
    "opportunity": "Opportunity",
    "organization": "Organization",
    "publisher": "Publisher",
    "role": "Role",
    "savedquery": "Query",
    "solution": "Solution",
    "systemform": "SystemForm",
    "systemuser": "User",
    "team": "Team",
    "template": "EmailTemplate",
    "usersettings": "UserSettings",
}
"""What privileges call the tables of the platform; the others go by their logical names."""
_OPEN = frozenset({"privilege", "roletemplate", "solutioncomponent", "roleprivileges"})
"""Tables without privileges of their own: anybody with a role may read them."""
RIGHTS_TABLES = frozenset({"role", "systemuser", "team"})
"""Tables on which it hangs what somebody may do, beside the pairs of their rows."""
_CUSTOMIZED = frozenset({"systemform", "savedquery", "customcontrol", "publisher", "solution", "template"})
_SOLD = frozenset(table.name for table in SALES_TABLES)
_BASELINE = ("prvReadOrganization", "prvReadUserSettings", "prvWriteUserSettings")
"""What no replacing of privileges takes from a role. That there is such a set is recorded; which privileges it has is ours."""

_TEMPLATES = {id: name for name, id in ROLE_TEMPLATES}
_READERS = frozenset({"support-user", "knowledge-manager", "proxy"})


@dataclass(frozen=True, slots=True)
class Privilege:
    """One privilege. `table` is empty for one that is about no table."""

    name: str
    table: str = ""
    access_right: int = 0

    @property
    def id(self) -> str:
        """Its id, the same in every organization."""
        return _id(self.name.lower())


@lru_cache(4096)
def _id(name: str) -> str:
    return stable_id("privilege", name)


def privilege_name(verb: str, table: str) -> str:
    """What the privilege is called that this verb on this table needs."""
    return f"prv{verb}{_NOUNS.get(table, table)}"


def needs_privileges(table: Table) -> bool:
    """Whether the table has privileges of its own."""
    return not table.intersect and table.name not in _OPEN


class Rights:
    """All privileges of the tables of an emulator, and what roles begin with."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        about = [privilege for table in tables.values() if needs_privileges(table) for privilege in _of_table(table)]
        self._all = {privilege.name: privilege for privilege in (*about, *(Privilege(name) for name in _MISCELLANEOUS))}
        self._by_lower = {name.lower(): privilege for name, privilege in self._all.items()}

    @property
    def every(self) -> Iterable[Privilege]:
        """Every privilege there is."""
        return self._all.values()

    def named(self, name: str) -> Privilege | None:
        """The privilege of that name, in whatever case."""
        return self._by_lower.get(name.lower())

    def of_id(self, id: str) -> Privilege | None:
        """The privilege of that id."""
        wanted = id.strip("{}").lower()
        return next((privilege for privilege in self.every if privilege.id == wanted), None)

    def id_of(self, name: str) -> str:
        """The id of a privilege that exists."""
        return self._all[name].id

    @staticmethod
    def is_administrator(role: Row) -> bool:
        """Whether the role is System Administrator, whatever it is called."""
        return _TEMPLATES.get(str(role.get("_roletemplateid_value"))) == "system-administrator"

    @property
    def baseline(self) -> frozenset[str]:
        """The names of the privileges that no role can lose."""
        return frozenset(name for name in _BASELINE if name in self._all)

    def begins_with(self, template: str | None, name: str) -> frozenset[str]:
        """The names of the privileges that a built-in role was delivered with."""
        if _TEMPLATES.get(template or "") == "system-administrator":
            return frozenset(self._all)
        reads = {privilege.name for privilege in self.every if privilege.access_right == _ACCESS_RIGHTS["Read"]}
        held = reads | self.baseline
        if name == "Delegate":
            held.add(ACT_ON_BEHALF)
        if _TEMPLATES.get(template or "") == "system-customizer":
            changed = {privilege.name for privilege in self.every if privilege.table in _CUSTOMIZED}
            return frozenset(held | changed | {PUBLISH, "prvExportCustomization", "prvImportCustomization"})
        if template and _TEMPLATES.get(template) not in _READERS:
            return self.selling
        return frozenset(held)

    @property
    def selling(self) -> frozenset[str]:
        """The names of the privileges of somebody who sells: everything about sales records, and reading the rest."""
        sold = {privilege.name for privilege in self.every if privilege.table in _SOLD}
        reads = {privilege.name for privilege in self.every if privilege.access_right == _ACCESS_RIGHTS["Read"]}
        return frozenset(sold | reads | self.baseline)


def _of_table(table: Table) -> Iterable[Privilege]:
    owned = table.ownership == "UserOwned"
    for verb, number in _ACCESS_RIGHTS.items():
        if owned or verb not in _OWNED_ONLY or (verb, table.name) == ("Assign", "role"):
            yield Privilege(privilege_name(verb, table.name), table.name, number)
