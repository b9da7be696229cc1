"""Turns the state of one organization into what its pages show. Reads through the Web API and the notes of the organization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.catalog import consent as facts
from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Field, Kind
from reconciler.emulator.context import Row
from reconciler.emulator.control.instruments import Instruments
from reconciler.emulator.domain.auditing import SWITCH
from reconciler.emulator.face.clerk import Clerk
from reconciler.emulator.face.fields import Choices, Input, input_of, sent
from reconciler.emulator.face.form_picture import Picture, picture_of
from reconciler.emulator.face.history import Event, history_of
from reconciler.emulator.face.settings import Settings, choices_of, settings_of
from reconciler.emulator.face.standing import Standing, standing_of
from reconciler.emulator.face.visits import Form
from reconciler.emulator.face.words import State, state_of, words_of

_MAIN_FORMS = "$filter=type%20eq%202&$orderby=objecttypecode,name&$select=formid,name,objecttypecode,formxml,ismanaged"
_UNPUBLISHED = "systemforms/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()"
_SHOWN_REQUESTS = 200
_LAPSED = facts.CONNECTOR_REFUSED[0]


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs below one heading; the first group of a kind has none."""

    title: str
    description: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """One kind on its pages. `switchable` unless it is the whole; `gone` says what to do where this version has it no more."""

    kind: Kind
    state: State | None
    switchable: bool
    is_on: bool
    groups: tuple[Group, ...]
    gone: str
    changed_by: str
    changed_on: str
    odd: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """One main form. `draft` is the picture of changes that nobody published; `problem` says why there is no picture."""

    name: str
    table: str
    managed: bool
    picture: Picture | None
    draft: Picture | None
    problem: str


class Views:
    """Reads what one page needs, when it needs it."""

    def __init__(self, clerk: Clerk, catalog: Catalog, instruments: Instruments, organization: str, kept: Form | None = None) -> None:
        """`kept` is a form that was refused: its inputs are shown as they were sent."""
        self.settings: Settings = settings_of(clerk, catalog.tables)
        self._clerk = clerk
        self._catalog = catalog
        self._kept = kept
        with instruments.store.reading(organization) as rows:
            self.standing: Standing = standing_of(rows, instruments.clock.now())

    def features(self) -> list[Feature]:
        """Every kind of the catalogue."""
        choices = choices_of(self._clerk)
        return [self._feature(kind, choices) for kind in self._catalog.kinds]

    def whole(self) -> tuple[str, State]:
        """What Enable and Turn off are about: title, and how the features that follow stand."""
        followers = [field for _, field in self._catalog.fields() if field.implied_by == "both"]
        on = [field for field in followers if self.settings.is_on(field)]
        title = self._catalog.kinds[0].title if self._catalog.kinds else "Nothing"
        if not on:
            return title, State("Off", "off")
        return title, State("On", "on") if len(on) == len(followers) else State("Partly on", "on")

    def terms(self) -> list[str]:
        """What Enable accepts in passing, in words."""
        return [field.description for _, field in self._catalog.fields() if field.implied_by == "true" and not self.settings.is_on(field)]

    def needing_consent(self) -> str:
        """The titles of the kinds that a missing consent turns off."""
        return " and ".join(kind.title for kind in self._catalog.kinds if any(field.consent for field in kind.fields))

    def has_lapsed(self) -> bool:
        """Whether the connector says that the consent was missing when its time was over."""
        return self.settings.rows.get(facts.CONNECTOR_TABLE, {}).get(facts.CONNECTOR_COLUMN) == _LAPSED

    def forms(self) -> list[FormView]:
        """The main forms of the tables that widgets are for."""
        tables = {table for widget in self._catalog.widgets for table in widget.tables}
        titles = {control: widget.title for widget in self._catalog.widgets for control in widget.controls}
        published = self._clerk.rows("systemforms", _MAIN_FORMS)
        drafts = {row["formid"]: row for row in self._clerk.rows(_UNPUBLISHED, _MAIN_FORMS)}
        return [form_view(row, drafts.get(row["formid"], row), titles) for row in published if row["objecttypecode"] in tables]

    def history(self) -> tuple[Event, ...] | None:
        """Who changed what; None where the organization cannot tell."""
        return history_of(self._clerk, self._catalog)

    @property
    def is_audited(self) -> bool:
        """Whether the organization records changes now."""
        return any(row.get(SWITCH) is True for row in self.settings.rows.values())

    def _value(self, field: Field) -> object:
        stored = self.settings.value(field)
        if self._kept is None:
            return stored
        try:
            return sent(field, self._kept, stored)
        except ValueError:
            return stored

    def _feature(self, kind: Kind, choices: Choices) -> Feature:
        bound = [field for field in kind.fields if field.binding is not None]
        switches = [field for field in bound if field.name == "enabled"]
        rows = [self.settings.rows[field.binding.table] for field in bound if field.binding and field.binding.table in self.settings.rows]
        latest: Row = max(rows, key=lambda row: str(row.get("modifiedon") or ""), default={})
        here = "native-exchange" if self.standing.native else "server-side-sync"
        return Feature(
            kind=kind,
            state=state_of(kind, self.settings.rows),
            switchable=bool(switches),
            is_on=any(self.settings.is_on(field) for field in switches),
            groups=_groups(kind, [input_of(kind, field, self._value(field), choices) for field in bound]),
            gone="" if here in kind.generations else kind.alternative,
            changed_by=str(latest.get("_modifiedby_value@OData.Community.Display.V1.FormattedValue") or ""),
            changed_on=str(latest.get("modifiedon") or ""),
            odd=tuple(self.settings.odd(kind)),
        )


def _groups(kind: Kind, inputs: list[Input]) -> tuple[Group, ...]:
    described = dict(kind.groups)
    names = dict.fromkeys(input.group for input in inputs)
    return tuple(
        Group(
            words_of(name.replace(".", " – ")) if name else "",
            described.get(name, ""),
            tuple(input for input in inputs if input.group == name),
        )
        for name in names
    )


def form_view(row: Row, draft: Row, titles: Mapping[str, str]) -> FormView:
    """One form of the published row and the one that a designer would see; `titles` as `picture_of`."""
    name, table, managed = str(row["name"]), str(row["objecttypecode"]), bool(row.get("ismanaged"))
    text, pending = str(row.get("formxml") or ""), str(draft.get("formxml") or "")
    try:
        picture = picture_of(text, titles)
        changed = picture_of(pending, titles) if pending != text else None
    except ValueError as error:
        return FormView(name, table, managed, None, None, str(error))
    return FormView(name, table, managed, picture, changed, "")


def latest_requests(instruments: Instruments) -> list[Any]:
    """The newest requests, the newest first."""
    return instruments.log.entries()[: -_SHOWN_REQUESTS - 1 : -1]
