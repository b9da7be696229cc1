"""The desired state of one environment, canonical and with the origin of every value. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from reconciler.model.about import about
from reconciler.model.fact import Absent
from reconciler.model.note import Note
from reconciler.model.source import Origin, SourceSpan
from reconciler.model.undo import Restoration, Undo

GenerationChoice = Literal["auto", "native-exchange", "server-side-sync"]
TIER = "tier"
"""The label that says how close to the sellers an environment is: dev, test or prod."""
PRODUCTION = frozenset({"prod", "production"})
Cloud = Literal["public", "gcc", "gcc-high", "dod", "china"]


@dataclass(frozen=True, slots=True)
class Selector:
    """How a file names a row of the environment; resolved to a `Ref` at plan time."""

    by: Literal["name", "id", "template", "standard"]
    value: str
    where: SourceSpan | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.value if self.by == "name" else f"{{{self.by}: {self.value}}}"


DesiredValue = bool | int | str | Selector | tuple[Selector, ...] | Absent
"""No file can say `Absent`; the undoing of a run does."""


@dataclass(frozen=True, slots=True)
class DesiredSetting:
    """One field of one kind that the files ask for; what nobody wrote is not here and is never touched."""

    kind: str
    field: str
    value: DesiredValue
    origin: Origin


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the environment is. Exactly one of `url` and `emulator` is set; there is never a secret here."""

    url: str | None = None
    emulator: str | None = None
    cloud: Cloud = "public"
    tenant_id: str | None = None
    client_id: str | None = None
    where: SourceSpan | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Attestation:
    """A fact that no supported API tells and a person vouches for. `answer` is the country, or granted yes/no."""

    name: Literal["termsAccepted", "exchangeDataLocation", "exchangeConsent", "enabledOn"]
    answer: str | bool
    by: str
    date: dt.date
    where: SourceSpan | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a widget's own section goes. `tab` is a name, label or id; `column` counts from 1; None means by default."""

    tab: str | None = about("Name, label or id of the tab; null is the first visible one.", "Summary", None)
    column: int | None = about("Column of the tab, counted from 1; null is the last one.", 2, None)
    position: Literal["first", "last"] | None = about("First or last section of the column.", "last", None)
    before: str | None = about("The section that follows the widget.", "Timeline", None)
    after: str | None = about("The section that the widget follows.", "ContactDetails", None)


@dataclass(frozen=True, slots=True)
class DesiredWidget:
    """One widget on one form. What is None was not written and is not compared."""

    widget: str = about("Name of the widget in the catalogue.", "who-knows-whom")
    at: Anchor | None = about("Where it goes; null leaves it where it is.", {"tab": "Summary", "column": 2}, None)
    label: str | None = about("Label in the caller's language.", "Who knows whom", None)
    rows: int | None = about("Height in rows.", 6, None)
    visible: bool | None = about("Whether it is shown by default.", True, None)
    form_factors: tuple[Literal["web", "tablet", "phone"], ...] | None = about("Where it is shown.", ["web"], None)
    origin: Origin = about("Where the wish is written.", {"span": None}, Origin(None), compare=False)


@dataclass(frozen=True, slots=True)
class DesiredForm:
    """One declared form. Ours that is on it and not declared goes; nothing else on the form is owned."""

    table: str
    form: Selector
    widgets: tuple[DesiredWidget, ...]
    solution: str | None = None
    exclusive: bool = False
    allow_unmanaged_layer: bool = False
    publish_pending: bool = False
    origin: Origin = field(default=Origin(None), compare=False)
    restoration: Restoration | None = None


@dataclass(frozen=True, slots=True)
class ChangeLimit:
    """How much of one thing a single plan may change, as a file says it."""

    name: str
    most: int
    where: SourceSpan | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DesiredEnvironment:
    """Everything that the files say of one environment. `notes` and `limits` are those that are written, wherever they come from."""

    name: str
    file: str
    connection: Connection
    labels: tuple[tuple[str, str], ...] = ()
    owner: str | None = None
    generation: GenerationChoice = "auto"
    accept: frozenset[str] = frozenset()
    attestations: tuple[Attestation, ...] = ()
    settings: tuple[DesiredSetting, ...] = ()
    forms: tuple[DesiredForm, ...] = ()
    notes: tuple[Note, ...] = ()
    limits: tuple[ChangeLimit, ...] = ()
    undo: Undo | None = None

    def setting(self, kind: str, name: str) -> DesiredSetting | None:
        """The wish for one field, or None when nobody wrote it."""
        return next((s for s in self.settings if s.kind == kind and s.field == name), None)

    def attested(self, name: str) -> Attestation | None:
        """The attestation of that name, or None."""
        return next((a for a in self.attestations if a.name == name), None)

    def label(self, name: str) -> str | None:
        """The value of a label, or None."""
        return dict(self.labels).get(name)

    @property
    def is_production(self) -> bool:
        """Whether its label `tier` says so."""
        return (self.label(TIER) or "").casefold() in PRODUCTION

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of which at least one field is declared."""
        return frozenset(s.kind for s in self.settings)
