"""One difference between what is wished and what is there, for people. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from reconciler.model.about import about
from reconciler.model.address import Address
from reconciler.model.fact import Fact, Wanted
from reconciler.model.live import Person
from reconciler.model.note import Note
from reconciler.model.source import Origin, SourceSpan

Certainty = Literal["documented", "inferred", "unknown"]
Cause = Literal["git", "environment", "both"]
"""What moved since the base commit: the wish, the live value, or both. Only a run that was given a base commit can tell."""
Risk = Literal["low", "medium", "high"]
RISKS: tuple[Risk, ...] = ("low", "medium", "high")
"""In rising order."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """The word of a person on which a change rests."""

    attestation: str = about("Key under `attestations`.", "termsAccepted")
    by: str = about("Who vouches.", "crm-platform")
    date: dt.date = about("Since when it is known to be true.", "2026-11-01")
    where: SourceSpan | None = about("Where it is written.", None, None)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: where it lives, what it holds, what it will hold, and who asks for that."""

    field: str = about("Field of the kind, as in the file.", "activityWeights.email")
    before: Fact = about("What was read.", {"state": "known", "value": 6})
    after: Wanted = about("What is wished.", 7)
    table: str = about("Dataverse table.", "msdyn_activityanalysisconfig")
    column: str = about("Dataverse column.", "msdyn_emailweight")
    certainty: Certainty = about("How sure it is that the setting lives there.", "inferred")
    acceptance: str | None = about("The `accept` entry under which an inferred binding is written.", "inferred-options-table")
    origin: Origin = about("Where the wish is written.", {"span": None})
    vouched: Vouched | None = about("The attestation that lets it be written, where it needs one.", None, None)
    cause: Cause | None = about("What moved since the base commit; null without one.", "environment", None)
    note: Note | None = about("What its author says of the section.", None, None)


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """Fields of one kind that change together."""

    address: Address = about("The object.", {"environment": "contoso-prod", "kind": "who_knows_whom"})
    action: Literal["enable", "disable", "change"] = about("What it amounts to.", "enable")
    fields: tuple[FieldChange, ...] = about("The fields, in the order of the file format.", [])
    modified_by: Person | None = about("Who last wrote the row.", {"name": "Ana Pop"}, None)
    modified_on: dt.datetime | None = about("When the row was last written.", "2026-11-20T10:02:11Z", None)
    risk: Risk = about("How much harm a mistake here would do.", "medium", "low")
    risk_because: str = about("Why that risk.", "opens Exchange data to more people", "")
    link: str | None = about("The page where a person sees or changes it.", "https://contoso.crm4.dynamics.com/main.aspx", None)
    change: Literal["settings"] = about("Tag of this kind of change.", "settings", "settings")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a widget sits on a form and how it looks; None was not asked or is not there."""

    tab: str | None = about("Name of the tab.", "Summary", None)
    column: int | None = about("Column of the tab, counted from 1.", 2, None)
    section: str | None = about("Name of the section.", "ri_who_knows_whom", None)
    after: str | None = about("The section before it in that column.", "ContactDetails", None)
    before: str | None = about("The section after it in that column.", "Timeline", None)
    label: str | None = about("Label in the caller's language.", "Who knows whom", None)
    rows: int | None = about("Height in rows.", 6, None)
    visible: bool | None = about("Whether it is shown by default.", True, None)
    form_factors: tuple[str, ...] | None = about("Where it is shown: web, tablet, phone.", ["web"], None)


@dataclass(frozen=True, slots=True)
class WidgetChange:
    """One widget on one form."""

    address: Address = about("The widget.", {"environment": "p", "kind": "form_widgets", "key": "lead/Contoso Lead/who-knows-whom"})
    action: Literal["add", "move", "change", "remove", "repair"] = about("What happens to it.", "add")
    before: Placement | None = about("Where it is.", None)
    after: Placement | None = about("Where it will be.", None)
    certainty: Certainty = about("How sure the XML of this widget is.", "inferred")
    acceptance: str | None = about("The `accept` entry under which it is written.", "inferred-widget-xml")
    origin: Origin = about("Where the wish is written.", {"span": None})
    cause: Cause | None = about("What moved since the base commit; null without one.", "git", None)
    note: Note | None = about("What its author says of the form.", None, None)
    risk: Risk = about("How much harm a mistake here would do.", "medium", "low")
    risk_because: str = about("Why that risk.", "opens Exchange data to more people", "")
    link: str | None = about("The page where a person sees or changes it.", "https://contoso.crm4.dynamics.com/main.aspx", None)
    change: Literal["widget"] = about("Tag of this kind of change.", "widget", "widget")


Change = SettingsChange | WidgetChange
