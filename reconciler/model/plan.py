"""A plan: what would be changed in one environment, in which order, and why not. A value; it can be saved and compared. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from reconciler.model.about import about
from reconciler.model.address import Address
from reconciler.model.change import RISKS, Change, Placement, Risk
from reconciler.model.desired import DesiredWidget
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.fact import Fact, Value, Wanted

Phase = Literal["close", "off", "roles", "switch", "on", "options", "forms", "publish"]
"""The order of an apply. Closing comes first and roles come before anything is opened, so that nobody's data is exposed in between."""


@dataclass(frozen=True, slots=True)
class FieldWrite:
    """One column of one row: what it must still hold, and what it will hold."""

    kind: str = about("Kind in the catalogue.", "who_knows_whom")
    field: str = about("Field of the kind.", "enabled")
    column: str = about("Dataverse column.", "msdyn_iswkwenabled")
    before: Fact = about("Canonical value that the plan is based on.", {"state": "known", "value": False})
    after: Wanted = about("Canonical value that is written; absent empties the column.", True)
    encoding: str | None = about("Detected encoding that an existing value keeps.", "json-ids", None)


@dataclass(frozen=True, slots=True)
class Limit:
    """What limits a switch: it is read again right before the switch goes on, and has to stand."""

    kind: str = about("Kind in the catalogue.", "exchange_data")
    field: str = about("Field of the kind.", "securityRoles")
    table: str = about("Logical name of the table.", "msdyn_odosmetadata")
    row_id: str | None = about("Primary id of the row; null when this plan creates it.", "0b0f6c7e-0f8f-4b8c-8d6e-2a6d5a1f2c33")
    column: str = about("Dataverse column.", "msdyn_enabledroles")
    holds: Value = about("Canonical value that it must hold by then.", [])
    encoding: str | None = about("Detected encoding of an existing value.", "json-ids", None)


@dataclass(frozen=True, slots=True)
class WriteRow:
    """One PATCH of one settings row (or one POST, when `row_id` is None)."""

    phase: Phase = about("When in the apply.", "on")
    table: str = about("Logical name of the table.", "msdyn_wkwconfig")
    row_id: str | None = about("Primary id; null creates the row.", "0b0f6c7e-0f8f-4b8c-8d6e-2a6d5a1f2c33")
    etag: str | None = about("ETag that the plan is based on.", 'W/"1201"')
    guarded: bool = about("Whether the table allows If-Match; otherwise the row is re-read and compared.", True)
    fields: tuple[FieldWrite, ...] = about("The columns.", [])
    limits: tuple[Limit, ...] = about("What has to stand before the row is written.", [], ())
    action: Literal["write-row"] = about("Tag of this kind of step.", "write-row", "write-row")


@dataclass(frozen=True, slots=True)
class AwaitActivation:
    """Wait until the service really switched a feature."""

    phase: Phase = about("When in the apply.", "on")
    kind: str = about("Kind in the catalogue.", "who_knows_whom")
    table: str = about("Table that holds the status.", "msdyn_wkwconfig")
    row_id: str | None = about("Primary id of the row; null when this plan creates it.", None)
    target: Literal["on", "off"] = about("The state to wait for.", "on")
    timeout_seconds: int = about("How long, at most.", 900)
    action: Literal["await-activation"] = about("Tag of this kind of step.", "await-activation", "await-activation")


@dataclass(frozen=True, slots=True)
class WriteForm:
    """One PATCH of one form, splices only: the result is computed again from the bytes that are there and must have `after_sha256`."""

    phase: Phase = about("When in the apply.", "forms")
    table: str = about("Table of the form.", "lead")
    form_id: str = about("Primary id of the form.", "e3b6ddb7-8df0-4410-ac7b-fd32e5053d38")
    form_name: str = about("Name of the form.", "Contoso Lead")
    before_sha256: str = about("SHA-256 of the unpublished FormXml that the plan is based on.", "9f86d081…")
    after_sha256: str = about("SHA-256 of the FormXml that will be written.", "60303ae2…")
    etag: str | None = about("ETag of the unpublished copy.", 'W/"1201"')
    guarded: bool = about("Whether systemform allows If-Match here.", True)
    language: int = about("LCID of the caller; labels are written in it.", 1033)
    widgets: tuple[DesiredWidget, ...] = about("The widgets declared for this form.", [])
    exclusive: bool = about("Whether other people's copies of these widgets may be moved or removed.", False, False)
    solution: str | None = about("Unmanaged solution that records the change.", "ContosoSales", None)
    restores: bool = about("Whether the very bytes are put back that a run had found; they are in its journal.", False, False)
    action: Literal["write-form"] = about("Tag of this kind of step.", "write-form", "write-form")


@dataclass(frozen=True, slots=True)
class FormCopy:
    """A declared form that is published, and what its unpublished copy must still be."""

    form_id: str = about("Primary id of the form.", "e3b6ddb7-8df0-4410-ac7b-fd32e5053d38")
    form_name: str = about("Name of the form.", "Contoso Lead")
    sha256: str | None = about("SHA-256 of the unpublished FormXml; null when this plan writes the form.", "9f86d081…")


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish the customizations of one table."""

    phase: Phase = about("When in the apply.", "publish")
    table: str = about("Logical name of the table.", "lead")
    forms: tuple[FormCopy, ...] = about("The declared forms of the table.", [], ())
    carries_others: bool = about("Whether pending changes of others are published along.", False, False)
    action: Literal["publish"] = about("Tag of this kind of step.", "publish", "publish")


Step = WriteRow | AwaitActivation | WriteForm | Publish


@dataclass(frozen=True, slots=True)
class Objection:
    """Why this plan may not run. Waived by name, with a reason that is recorded."""

    code: str = about("Kebab-case code.", "exchange-data-of-everyone")
    message: str = about("What is refused, and why.", "Exchange data would be read for every user: no role limits it")
    hint: str = about("What to do next.", "declare exchangeData.securityRoles")
    address: Address | None = about("The object concerned.", None, None)
    waivable: bool = about("Whether --allow CODE=REASON may waive it.", False, False)
    waived: str | None = about("The reason given for waiving it.", None, None)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a reviewer should know; it changes nothing."""

    code: str = about("Kebab-case code.", "widget-will-not-show")
    message: str = about("What to know.", "Who knows whom is off, so the widget will stay hidden")
    address: Address | None = about("The object concerned.", None, None)


@dataclass(frozen=True, slots=True)
class HumanTask:
    """What no API can do: who must do what, where, and until when."""

    code: str = about("Kebab-case code.", "give-exchange-consent")
    who: str = about("The role of the person.", "Microsoft 365 Global Administrator")
    what: str = about("What to do, and where.", "Give the consent in the Microsoft 365 admin center")
    deadline: dt.datetime | None = about("Until when.", "2026-12-07T10:02:11Z", None)


@dataclass(frozen=True, slots=True)
class Consent:
    """The 14-day window. `granted` and `pending` may rest on a person's word: `evidence` says on what.

    `withdrawn` is a consent that was given and taken back while the features are not switched off for it yet (then it is `lapsed`).
    """

    state: Literal["granted", "pending", "withdrawn", "lapsed", "unknown", "not-needed"] = about("What can be said of it.", "pending")
    evidence: str = about("On what that rests.", "attested by m365-admins on 2026-11-03")
    deadline: dt.datetime | None = about("The 14th day; the latest it can be when only a bound is known.", "2026-12-07T10:02:11Z", None)
    days_left: int | None = about("Whole days until the deadline.", 13, None)


@dataclass(frozen=True, slots=True)
class Unread:
    """A declared fact that could not be read; it makes the plan incomplete."""

    address: Address = about("The object concerned.", {"environment": "contoso-prod", "kind": "exchange_data"})
    field: str = about("The field of it.", "securityRoles")
    reason: str = about("Why.", "msdyn_enabledroles holds text that is no list of roles")


@dataclass(frozen=True, slots=True)
class FormPicture:
    """A drawing of a form's grid before and after: plain text for terminals, one SVG of both for pages."""

    address: Address = about("The form.", {"environment": "contoso-prod", "kind": "form_widgets", "key": "lead/Contoso Lead"})
    before: str = about("The grid as it is.", "[Summary] …")
    after: str = about("The grid as it will be.", "[Summary] …")
    svg: str = about("Both grids side by side, as a self-contained SVG document.", "<svg …>…</svg>", "")


@dataclass(frozen=True, slots=True)
class PeopleImpact:
    """How many people a change concerns. Counts only: no name of a person is in a plan."""

    address: Address = about("The change.", {"environment": "contoso-prod", "kind": "exchange_data"})
    before: int | None = about("People concerned today; null when they could not be counted.", 87)
    after: int | None = about("People concerned afterwards.", 299)
    added: int | None = about("People who are concerned from then on.", 212)
    removed: int | None = about("People who no longer are.", 0)
    what: str = about("What it means for them.", "Exchange data of these people is used")
    is_at_least: bool = about("Whether the counts are lower bounds, for the service counts no further.", False, False)
    not_counted: str = about("Why a count is null.", "systemuser may not be read: the privilege prvReadUser is missing", "")


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that a policy requires before the plan may be applied."""

    group: str = about("Who has to approve.", "privacy-officers")
    policy: str = about("Code of the policy that asks for it.", "exchange-data-needs-privacy")
    reason: str = about("Why.", "Exchange data of more people is used")
    address: Address | None = about("The change concerned; null is the whole plan.", None, None)
    given: str | None = about("Who gave it, as told to apply; null while nobody did.", None, None)


@dataclass(frozen=True, slots=True)
class Target:
    """The organization that a plan is bound to."""

    organization_id: str = about("Organization id.", "8a2d7a0c-6a55-4f2c-8d7e-5d0f0e2f4b10")
    organization: str = about("Friendly name.", "Contoso Production")
    url: str = about("Address, for people.", "https://contoso.crm4.dynamics.com")
    caller: str = about("As whom it was read.", "rictl service principal")
    language: int = about("Language of the caller (LCID); form labels follow it.", 1033)
    by_application: bool = about("Whether the caller is certainly no person.", True, False)


@dataclass(frozen=True, slots=True)
class Undoing:
    """That a plan undoes a run, and what of other people's later changes it overwrites."""

    run: str = about("Id of the run.", "20261123-100211-3f9a1c")
    overwrites: tuple[str, ...] = about("Fields that are set back although somebody changed them since.", [], ())


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that would happen to one environment, or why it may not."""

    environment: str = about("Name of the environment.", "contoso-prod")
    target: Target = about("The organization it is bound to.", {})
    read_at: dt.datetime = about("When the live state was read, by the server's clock.", "2026-11-23T10:02:11Z")
    desired_sha256: str = about("Digest of the effective configuration.", "9f86d081…")
    changes: tuple[Change, ...] = about("What changes, for people.", [])
    steps: tuple[Step, ...] = about("What is done, in order.", [])
    objections: tuple[Objection, ...] = about("Why it may not run.", [], ())
    notices: tuple[Notice, ...] = about("What a reviewer should know.", [], ())
    problems: tuple[Diagnostic, ...] = about("What in the files does not fit this environment.", [], ())
    unread: tuple[Unread, ...] = about("What could not be read.", [], ())
    tasks: tuple[HumanTask, ...] = about("What people must do.", [], ())
    consent: Consent | None = about("The 14-day window, when Exchange data is declared.", None, None)
    pictures: tuple[FormPicture, ...] = about("Forms before and after.", [], ())
    impacts: tuple[PeopleImpact, ...] = about("How many people are concerned.", [], ())
    approvals: tuple[Approval, ...] = about("Approvals that policies require.", [], ())
    checked: int = about("How many declared settings and widgets were compared.", 12, 0)
    requests: int = about("How many HTTP requests the reading took.", 2, 0)
    undoes: Undoing | None = about("The run that it undoes; its wishes come from the journal, not from the files.", None, None)

    @property
    def risk(self) -> Risk:
        """The highest risk of its changes."""
        return max((change.risk for change in self.changes), key=RISKS.index, default="low")

    @property
    def is_complete(self) -> bool:
        """Nothing declared was unreadable or unresolvable."""
        return not self.unread and not self.problems

    @property
    def is_empty(self) -> bool:
        """There is nothing to do, and that is certain."""
        return not self.changes and not self.steps

    @property
    def standing_objections(self) -> tuple[Objection, ...]:
        """The objections that nobody waived."""
        return tuple(o for o in self.objections if o.waived is None)


__all__ = [
    "Address",
    "Approval",
    "AwaitActivation",
    "Change",
    "Consent",
    "FieldWrite",
    "FormCopy",
    "FormPicture",
    "HumanTask",
    "Limit",
    "Notice",
    "Objection",
    "PeopleImpact",
    "Phase",
    "Placement",
    "Plan",
    "Publish",
    "Step",
    "Target",
    "Undoing",
    "Unread",
    "WriteForm",
    "WriteRow",
]
