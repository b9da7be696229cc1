"""The typed parts of a file that are no settings: who, where, on whose word, and which forms. Pure.

The published JSON Schema takes structure, descriptions and examples from here. What a schema cannot say is checked here too, each rule
under the code of its diagnostic.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from reconciler.desired.host import canonical_url
from reconciler.desired.part import AnnotatedPart, Part, Reason, Text, about

GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
NAME = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
LABEL_KEY = r"^[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?$"

Guid = Annotated[str, Field(pattern=GUID)]
Name = Annotated[str, Field(pattern=NAME)]
LabelKey = Annotated[str, Field(pattern=LABEL_KEY)]
FormFactor = Literal["web", "tablet", "phone"]


class Metadata(Part):
    """What the file is called, and for people."""

    name: Name = about(
        "Name of the environment or baseline: lower-case letters, digits and hyphens. The file is called the same.", "contoso-prod"
    )
    labels: dict[LabelKey, Text] = about("Words by which a run can choose environments.", {"tier": "prod"}, {}, max_length=32)
    owner: Text | None = about("Who answers for this file; shown to reviewers.", "crm-platform", None)


class ConnectionPart(Part):
    """Where the environment is: `url` of a real one, or `emulator` for the embedded Dataverse. Never a secret."""

    url: str | None = about("Address of the environment: https, host, nothing else.", "https://contoso.crm4.dynamics.com", None)
    emulator: Name | None = about(
        "Name of an organization of the embedded Dataverse: a file of environments/_emulator.", "contoso-prod", None
    )
    cloud: Literal["public", "gcc", "gcc-high", "dod", "china"] = about(
        "Cloud of the environment; its host must belong to that cloud.", "public", "public"
    )
    tenant_id: Guid | None = about("Entra tenant that signs the caller in.", "11111111-1111-1111-1111-111111111111", None)
    client_id: Guid | None = about("Application id of the caller.", "22222222-2222-2222-2222-222222222222", None)

    @field_validator("url")
    @classmethod
    def _url(cls, url: str) -> str:
        found = canonical_url(url)
        if found.complaint is not None:
            raise PydanticCustomError("connection-url", "{said}", {"said": found.complaint, "hint": found.hint})
        return found.url


class _Word(AnnotatedPart):
    by: Text = about("Who vouches for it: a person or a team.", "m365-admins")
    date: dt.date = about("Since when it is known to be true (for enabledOn: the day of enabling).", "2026-11-03")

    @field_validator("date")
    @classmethod
    def _date(cls, date: dt.date, info: ValidationInfo) -> dt.date:
        today: dt.date = info.context["today"] if info.context else date
        if date > today:
            said = f"{date.isoformat()} is in the future (today is {today.isoformat()})"
            raise PydanticCustomError("attestation-in-future", "{said}", {"said": said, "hint": "attest what is already true"})
        return date


class TermsAccepted(_Word):
    """The terms of service were accepted."""


class EnabledOn(_Word):
    """When the features were turned on: the start of the 14 days."""


class ExchangeDataLocation(_Word):
    """Where the organization's Exchange data is."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = about("Country of the Exchange data, as two capital letters (ISO 3166).", "FR")


class ExchangeConsent(_Word):
    """Whether the Microsoft 365 consent was given."""

    granted: bool = about("Whether the consent stands.", True)


class Attestations(Part):
    """Facts that no supported API tells."""

    terms_accepted: TermsAccepted | None = about(
        "The terms of service of Sales Insights were accepted on the settings page.", {"by": "crm-platform", "date": "2026-11-01"}, None
    )
    exchange_data_location: ExchangeDataLocation | None = about(
        "The country in which the organization's Exchange data is kept.", {"country": "FR", "by": "m365-admins", "date": "2026-11-02"}, None
    )
    exchange_consent: ExchangeConsent | None = about(
        "The consent in the Microsoft 365 admin center.", {"granted": True, "by": "m365-admins", "date": "2026-11-03"}, None
    )
    enabled_on: EnabledOn | None = about(
        "The day on which the features were turned on: the start of the 14 days.", {"by": "crm-platform", "date": "2026-11-03"}, None
    )


class AnchorPart(Part):
    """Where the widget's own section goes."""

    tab: Text | None = about("Name or label of the tab; default: the first visible one.", "Summary", None)
    column: int | None = about("Column of the tab, counted from 1; default: the last one.", 2, None, ge=1, le=4)
    position: Literal["first", "last"] | None = about("First or last section of that column; the default is last.", "first", None)
    before: Text | None = about("Name of the section before which it goes.", "Timeline", None)
    after: Text | None = about("Name of the section after which it goes.", "Company", None)

    @model_validator(mode="after")
    def _one_anchor(self) -> AnchorPart:
        given = [name for name in ("position", "before", "after") if getattr(self, name) is not None]
        if len(given) > 1:
            said = " and ".join(f"`{name}`" for name in given) + " contradict each other"
            detail = {"said": said, "hint": "keep one of `position`, `before` and `after`", "below": [given[1]]}
            raise PydanticCustomError("anchor-conflict", "{said}", detail)
        return self


class WidgetPart(AnnotatedPart):
    """One widget on one form."""

    widget: str = about("Which widget.", "who-knows-whom")
    at: AnchorPart | None = about("Where it goes. Nothing here: it is placed once and never moved.", {"tab": "Summary", "column": 2}, None)
    label: Text | None = about("Label of its section, in the language of the caller.", "Who knows whom", None)
    rows: int | None = about("Height in rows.", 6, None, ge=1, le=40)
    visible: bool | None = about("Whether it is shown by default.", True, None)
    form_factors: list[FormFactor] | None = about(
        "Where it is shown.", ["web", "tablet"], None, min_length=1, json_schema_extra={"uniqueItems": True}
    )


class FormById(Part):
    """A form by its id."""

    id: Guid = about("Id of the form.", "e3b6ddb7-8df0-4410-ac7b-fd32e5053d38")


class FormByStandard(Part):
    """A form that Microsoft ships."""

    standard: Literal["sales-insights"] = about("Which of the shipped forms of the table.", "sales-insights")


class FormPart(AnnotatedPart):
    """One main form and the widgets that it shall carry."""

    table: str = about("Table of the form.", "lead")
    form: Text | FormById | FormByStandard = about("The form: its exact name, {id: guid}, or {standard: sales-insights}.", "Contoso Lead")
    widgets: list[WidgetPart] = about("Our widgets on it; none removes ours.", [{"widget": "who-knows-whom"}], max_length=20)
    solution: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,64}$")] | None = about(
        "Unique name of the unmanaged solution that records the change.", "ContosoSales", None
    )
    exclusive: bool = about("Whether the same widgets placed by others may be moved or removed.", False, False)
    allow_unmanaged_layer: bool = about("Whether a managed form may get an unmanaged layer.", False, False)
    publish_pending: bool = about("Whether other people's unpublished changes of the table may be published along.", False, False)

    @model_validator(mode="after")
    def _each_widget_once(self) -> FormPart:
        seen: set[str] = set()
        for index, widget in enumerate(self.widgets):
            if widget.widget in seen:
                said = f"the widget `{widget.widget}` is declared twice on this form"
                detail = {"said": said, "hint": "keep one of them", "below": ["widgets", index, "widget"]}
                raise PydanticCustomError("duplicate-widget", "{said}", detail)
            seen.add(widget.widget)
        return self

    @property
    def identity(self) -> tuple[str, str, str]:
        """Which form it is: the same for two spellings of one form."""
        match self.form:
            case FormById():
                return self.table, "id", self.form.id.lower()
            case FormByStandard():
                return self.table, "standard", self.form.standard
            case _:
                return self.table, "name", self.form


class LimitsPart(AnnotatedPart):
    """How much one plan may change here before somebody has to say that it is meant."""

    changes: int | None = about("Most settings and widgets that one plan may change.", 20, None, ge=0, le=10_000)
    roles_removed: int | None = about("Most security roles that one plan may take out of a selection.", 1, None, ge=0, le=100)
    people_added: int | None = about("Most people whom any one change may newly concern.", 100, None, ge=0, le=10_000_000)
    people_removed: int | None = about("Most people whom any one change may cease to concern.", 20, None, ge=0, le=10_000_000)
    forms_changed: int | None = about("Most forms that one plan may write.", 5, None, ge=0, le=1_000)


class DisabledPart(Part):
    """One warning that is not given for this file."""

    code: str = about("Code of the warning.", "file-name")
    why: Reason = about("Why it does not apply here.", "the file keeps the name that other tools know")


class _Envelope(Part):
    api_version: Literal["rictl/v1"] = about("Version of this format.", "rictl/v1")
    metadata: Metadata = about("What the file is called, and for people.", {"name": "contoso-prod", "owner": "crm-platform"})
    extends: list[Name] = about(
        "Baselines, by name; mappings merge, lists and scalars replace, later ones win, this file wins over all.",
        ["sales-premium"],
        [],
        max_length=8,
        json_schema_extra={"uniqueItems": True},
    )
    service_generation: Literal["auto", "native-exchange", "server-side-sync"] = about(
        "Generation of the service: with native Exchange data, or with server-side synchronization only. "
        "auto: by the organization's version.",
        "auto",
        "auto",
    )
    accept: list[str] = about(
        "Inferred bindings that this team takes responsibility for.",
        ["inferred-role-storage"],
        [],
        json_schema_extra={"uniqueItems": True},
    )
    attestations: Attestations = about(
        "Facts that no supported API tells: a person vouches for each, with a date.",
        {"termsAccepted": {"by": "crm-platform", "date": "2026-11-01"}},
        Attestations.model_construct(),
    )
    forms: list[FormPart] = about(
        "Main forms and the widgets on them.",
        [{"table": "lead", "form": "Contoso Lead", "widgets": [{"widget": "who-knows-whom"}]}],
        [],
        max_length=200,
    )

    limits: LimitsPart = about(
        "How much one plan may change; going beyond is an objection, too-many-changes. What is not written has its default.",
        {"changes": 20, "rolesRemoved": 1, "peopleAdded": 100},
        LimitsPart.model_construct(),
    )
    disable: list[DisabledPart] = about(
        "Warnings that are not given for this file. Not inherited.",
        [{"code": "file-name", "why": "the file keeps the name that other tools know"}],
        [],
        max_length=20,
    )

    @model_validator(mode="after")
    def _each_form_once(self) -> _Envelope:
        seen: set[tuple[str, str, str]] = set()
        for index, form in enumerate(self.forms):
            if form.identity in seen:
                said = f"this form of `{form.table}` is declared twice"
                detail = {"said": said, "hint": "join the two entries", "below": ["forms", index, "form"]}
                raise PydanticCustomError("duplicate-form", "{said}", detail)
            seen.add(form.identity)
        return self


class EnvironmentPart(_Envelope):
    """What a file of an environment says beside its settings."""

    kind: Literal["Environment"] = about("What this file describes.", "Environment")
    connection: ConnectionPart = about(
        "Where the environment is. The only section in which ${RICTL_VAR_NAME} and ${RICTL_VAR_NAME:-default} are replaced.",
        {"url": "https://contoso.crm4.dynamics.com", "tenantId": "11111111-1111-1111-1111-111111111111"},
        json_schema_extra={"oneOf": [{"required": ["url"]}, {"required": ["emulator"]}]},
    )


class BaselinePart(_Envelope):
    """What a file of a baseline says beside its settings."""

    kind: Literal["Baseline"] = about("What this file describes.", "Baseline")
