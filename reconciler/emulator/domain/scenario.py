"""What a scenario file may say about an organization; every default is the standard organization. Pure."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from reconciler.catalog.generation import generation_of
from reconciler.catalog.kind import Generation
from reconciler.catalog.regions import region_of
from reconciler.emulator.domain.scenario_events import EVENTS, ConsentState, Events
from reconciler.emulator.domain.scenario_mailbox import Mailbox, Shorthand
from reconciler.emulator.domain.scenario_service import Publishing, ServiceLimits
from reconciler.emulator.domain.scenario_tenant import Licence, Tenant
from reconciler.emulator.domain.strict import Strict

Outcome = Literal["succeeds", "fails", "flaps", "never"]


class BusinessUnit(Strict):
    """A business unit below the root, or below `parent`."""

    name: str
    parent: str | None = None


class CustomRole(Strict):
    """A role beside the built-in ones.

    business_unit   a role that only this unit has
    privileges      their names, as in `prvReadAccount`, or with a depth, as in `prvReadAccount:Basic`; when nothing is said, what
                    a seller has
    """

    name: str
    privileges: tuple[str, ...] | None = None
    business_unit: str | None = Field(None, alias="businessUnit")


class Roles(Strict):
    """Custom roles, built-in roles under another name (template -> name), and built-in roles that were deleted (templates)."""

    custom: tuple[CustomRole, ...] = ()
    renamed: dict[str, str] = Field(default_factory=dict)
    deleted: tuple[str, ...] = ()


class User(Strict):
    """A person or, with `application_id`, an application.

    disabled      whether an administrator switched the user off

    cannot_read   tables that answer 403
    licences      string ids of the products that are assigned in Microsoft 365; every one of the tenant's when nothing is said
    """

    name: str
    email: str = ""
    application_id: str | None = Field(None, alias="applicationId")
    business_unit: str | None = Field(None, alias="businessUnit")
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    disabled: bool = False
    language: int | None = None
    cannot_read: tuple[str, ...] = Field((), alias="cannotRead")
    mailbox: Mailbox | Shorthand = "none"
    licences: tuple[str, ...] | None = None


class Team(Strict):
    """A team with the roles that its members get."""

    name: str
    roles: tuple[str, ...] = ()
    business_unit: str | None = Field(None, alias="businessUnit")


class EmailTemplate(Strict):
    """An e-mail template."""

    title: str
    type: str = "contact"
    subject: str = ""
    body: str = ""


class Form(Strict):
    """A form. Its text is a `builtin` one (a file of the package, without .xml) or a `file` beside the scenario.

    pending   a draft that nobody has published, named in the same way as `builtin` or `file`
    solution  unique name of the managed solution that brought it
    """

    table: str
    name: str
    id: str | None = None
    builtin: str | None = None
    file: str | None = None
    pending: str | None = None
    solution: str | None = None
    managed: bool = False
    customizable: bool = True
    active: bool = True
    type: int = 2


class Solution(Strict):
    """An installed solution."""

    unique_name: str = Field(alias="uniqueName")
    name: str = ""
    managed: bool = False
    version: str = "1.0.0.0"


class Controls(Strict):
    """Custom controls that are missing, or there in addition."""

    absent: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


class EnabledRoles(Strict):
    """The stored selection of roles for Exchange data: which roles, written how.

    of   whose ids are written: the root roles', or those of their copies in the first other business unit
    """

    roles: tuple[str, ...] = ()
    encoding: Literal["json", "comma", "names", "json-names", "braces", "empty", "junk", "nothing"] = "json"
    of: Literal["root", "copies"] = "root"


class TableActivation(Strict):
    """How the features whose status is in one table start and stop."""

    seconds: float | None = Field(None, ge=0, le=86400)
    outcome: Outcome | None = None


class ActivationBehaviour(Strict):
    """How features start and stop; `tables` says otherwise for single tables."""

    seconds: float = Field(2.0, ge=0, le=86400)
    outcome: Outcome = "succeeds"
    tables: dict[str, TableActivation] = Field(default_factory=dict)

    def of(self, table: str) -> tuple[float, Outcome]:
        """Seconds and outcome for the features whose status is in that table."""
        own = self.tables.get(table, TableActivation())
        return (self.seconds if own.seconds is None else own.seconds, own.outcome or self.outcome)


class Consent(Strict):
    """The Microsoft 365 consent, and for how many days the features that need it have been on (those that are on at all)."""

    state: ConsentState = "pending"
    turned_on_days_ago: float = Field(0.0, alias="turnedOnDaysAgo", ge=0, le=3650)


SettingsRow = dict[str, Any]

_NOT_YET: dict[str, tuple[str, ...]] = {
    "msdyn_odosmetadata": ("msdyn_enabledroles",),
    "msdyn_relationshipanalyticsmetadata": ("msdyn_goodhealththreshold", "msdyn_fairhealththreshold"),
}
"""What the generation with separate pages did not offer: selecting roles, and grading. That the columns came later too is inferred."""


class Scenario(Strict):
    """One organization, before anybody connects to it."""

    friendly_name: str = Field("Standard", alias="friendlyName")
    unique_name: str | None = Field(None, alias="uniqueName")
    host: str = "standard.crm.dynamics.com"
    copies: int = Field(0, ge=0, le=9999)
    geo: str | None = None
    version: str = "9.2.25031.00123"
    language: int = 1033
    generation: Generation | Literal["separate-pages"] | None = None
    licence: Licence = "premium"
    tenant: Tenant = Tenant()
    latency_seconds: float = Field(0.0, alias="latencySeconds", ge=0, le=60)
    absent_tables: tuple[str, ...] = Field((), alias="absentTables")
    absent_columns: dict[str, tuple[str, ...]] = Field(default_factory=dict, alias="absentColumns")
    business_units: tuple[BusinessUnit, ...] = Field((), alias="businessUnits")
    roles: Roles = Roles()
    users: tuple[User, ...] = ()
    teams: tuple[Team, ...] = ()
    templates: tuple[EmailTemplate, ...] = ()
    forms: tuple[Form, ...] = ()
    solutions: tuple[Solution, ...] = ()
    missing_solutions: tuple[str, ...] = Field((), alias="missingSolutions")
    controls: Controls = Controls()
    settings: dict[str, SettingsRow | tuple[SettingsRow, ...]] = Field(default_factory=dict)
    settings_by: str | None = Field(None, alias="settingsBy")
    enabled_roles: EnabledRoles | None = Field(None, alias="enabledRoles")
    activation: ActivationBehaviour = ActivationBehaviour()
    consent: Consent = Consent()
    limits: ServiceLimits = ServiceLimits()
    publishing: Publishing = Publishing()
    auditing: bool = False
    audited_tables: tuple[str, ...] | None = Field(None, alias="auditedTables")
    events: Events = EVENTS

    @property
    def service_generation(self) -> Generation:
        """The generation that is written, else the one of the version, else the one with native Exchange data.

        The oldest one, with a settings page for each feature, had native Exchange data too.
        """
        written: Generation | None = "native-exchange" if self.generation == "separate-pages" else self.generation
        return written or generation_of(self.version) or "native-exchange"

    @property
    def lacking_columns(self) -> dict[str, tuple[str, ...]]:
        """Columns that the organization lacks, by table: those that are written, and those that its generation did not have yet."""
        older = _NOT_YET if self.generation == "separate-pages" else {}
        return {table: (*older.get(table, ()), *self.absent_columns.get(table, ())) for table in {**older, **self.absent_columns}}

    @property
    def region(self) -> str | None:
        """The region of the host; None when nobody knows."""
        return region_of(self.host)

    @property
    def is_licensed(self) -> bool:
        """Whether a subscription of the tenant pays for the premium features."""
        return any(subscription.is_good for subscription in self.tenant.subscribed(self.licence))

    @property
    def geography(self) -> str | None:
        """`Geo` of RetrieveCurrentOrganization: what is written, else by the host; None for a host that nobody knows."""
        return self.geo if self.geo is not None else {"NAM": "NA", "EUR": "EMEA"}.get(self.region or "", self.region)
