"""What was found in one environment, and what could not be read. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reconciler.model.about import about
from reconciler.model.fact import Fact, Ref, Unknown


@dataclass(frozen=True, slots=True)
class Person:
    """Who last wrote a row."""

    name: str = about("Full name of the user or application.", "Ana Pop")
    is_service: bool = about("Whether it is one of Microsoft's service accounts.", False, False)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One row of a settings table: its identity, its version and who wrote it last."""

    id: str
    etag: str | None = None
    modified_on: dt.datetime | None = None
    modified_by: Person | None = None


@dataclass(frozen=True, slots=True)
class NoRow:
    """The table was read and has no row."""


RowFact = LiveRow | NoRow | Unknown


@dataclass(frozen=True, slots=True)
class Organization:
    """Which organization answered. `version` is None when it did not say."""

    id: str
    name: str
    url: str
    version: str | None = None
    region: str | None = None
    blocks_unmanaged: bool = False
    environment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """As whom rictl read, and in which language forms are shown to that caller (LCID). `is_application`: certainly no person."""

    user_id: str
    name: str
    language: int
    is_application: bool = False


@dataclass(frozen=True, slots=True)
class LiveRole:
    """A security role of the root business unit."""

    id: str
    name: str
    template_id: str | None


@dataclass(frozen=True, slots=True)
class LiveForm:
    """One form as it stands: the copy being edited (unpublished) and the copy that people see (published)."""

    id: str
    name: str
    table: str
    type: int
    unpublished: bytes
    published: bytes | None
    etag: str | None
    is_managed: bool = False
    is_customizable: bool = True


@dataclass(frozen=True, slots=True)
class FormMissing:
    """No main form of that name or id; `candidates` are the main forms that there are, (id, name)."""

    candidates: tuple[tuple[str, str], ...]
    matches: int = 0


FormFact = LiveForm | FormMissing | Unknown


@dataclass(frozen=True, slots=True)
class TableMetadata:
    """What EntityDefinitions says of a table: column -> attribute type name (such as `Boolean`, `Picklist`)."""

    columns: Mapping[str, str]
    optimistic_concurrency: bool


MetadataFact = TableMetadata | NoRow | Unknown


@dataclass(frozen=True, slots=True)
class ConsentSignals:
    """What hints at the Microsoft 365 consent; none of it is proof."""

    connector_status: int | None = None
    revoked: bool | None = None


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """How many people there are; at least so many, where the service counted no further."""

    count: int
    is_at_least: bool = False


RoleIds = tuple[str, ...]
"""Ids of roles, sorted. Who holds any of them, directly or through a team, is meant; without any, everybody."""


@dataclass(frozen=True, slots=True)
class LiveState:
    """One reading of one environment. A missing key was not asked for.

    settings, encodings   by (kind, field), whatever table the field lives in
    rows, metadata        by logical name of the table
    activations           by kind: the code of its status column
    forms                 by (table, str(selector)), such as ("lead", "Contoso Lead") or ("lead", "{id: ...}")
    pending               by table: names of its other forms and views whose edits are not published yet
    solutions             by unique name
    people                enabled people, by the roles of which they hold one; empty until the plan asks for it
    """

    organization: Organization
    caller: Caller
    read_at: dt.datetime
    settings: Mapping[tuple[str, str], Fact] = field(default_factory=dict)
    rows: Mapping[str, RowFact] = field(default_factory=dict)
    activations: Mapping[str, int | Unknown | None] = field(default_factory=dict)
    metadata: Mapping[str, MetadataFact] = field(default_factory=dict)
    roles: tuple[LiveRole, ...] | Unknown = ()
    templates: tuple[Ref, ...] | Unknown = ()
    forms: Mapping[tuple[str, str], FormFact] = field(default_factory=dict)
    pending: Mapping[str, tuple[str, ...] | Unknown] = field(default_factory=dict)
    controls: frozenset[str] | Unknown = frozenset()
    solutions: Mapping[str, Literal["unmanaged", "managed", "missing"]] = field(default_factory=dict)
    consent: ConsentSignals = ConsentSignals()
    encodings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    people: Mapping[RoleIds, PeopleCount | Unknown] = field(default_factory=dict)
    requests: int = 0
