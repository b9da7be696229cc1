"""Turns clicks into writes: switches, options, the consent, the clock. Writes through the Web API and the control."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.types import Flag
from reconciler.emulator.context import Row
from reconciler.emulator.control import clock, consent, requests
from reconciler.emulator.control.instruments import Instruments
from reconciler.emulator.face.clerk import Clerk
from reconciler.emulator.face.fields import is_same, sent
from reconciler.emulator.face.settings import Settings, settings_of
from reconciler.emulator.face.visits import Visit

ETAG = "etag:"
"""Begins the name of the hidden input that carries the version of a table's row as the page showed it."""


@dataclass(frozen=True, slots=True)
class Click:
    """One POST: what was sent, in whose name, and what it works on. `organization` is the one of the address."""

    visit: Visit
    organization: str
    person: str
    clerk: Clerk
    catalog: Catalog
    instruments: Instruments

    def text(self, name: str) -> str:
        """One input of the form; empty when it is missing."""
        return self.visit.form.get(name, ("",))[0].strip()


def switch(click: Click) -> None:
    """Turns one kind, or relationship intelligence as a whole, on or off. ValueError, DataverseError: refused."""
    on = click.text("to") == "on"
    name = click.text("kind")
    kinds = [kind for kind in click.catalog.kinds if kind.name == name]
    if name and not kinds:
        raise ValueError("There is no such feature.")
    chosen = _switches(kinds[0]) if kinds else _implied(click.catalog, on)
    settings = settings_of(click.clerk, click.catalog.tables)
    values = [(field, field.type.on if on else field.type.off) for field in chosen if isinstance(field.type, Flag)]
    _write(click, settings, [(field, value) for field, value in values if not is_same(field, settings.value(field), value)])


def save(click: Click) -> None:
    """Stores the options of one kind. ValueError, DataverseError: refused."""
    kind = kind_of(click.catalog, click.visit.about)
    if kind is None:
        raise ValueError("There is no such page.")
    settings = settings_of(click.clerk, click.catalog.tables)
    changed = []
    for field in kind.fields:
        if field.binding is None or (field.one_way and settings.is_on(field)):
            continue
        stored = settings.value(field)
        value = sent(field, click.visit.form, stored)
        if not is_same(field, stored, value):
            changed.append((field, value))
    _write(click, settings, changed)


def decide(click: Click) -> None:
    """Gives or takes back the Microsoft 365 consent. ValueError: no such state."""
    consent.decide(click.instruments, {"organization": click.organization, "state": click.text("state")})


def advance(click: Click) -> None:
    """Moves the clock of all organizations on by hours. ValueError: no number, or beyond the clock's range."""
    text = click.text("hours")
    if not text.isascii() or not text.isdecimal() or not 0 < len(text) < 7:
        raise ValueError(f"“{text[:40]}” is no number of hours.")
    clock.move(click.instruments, {"advance_seconds": int(text) * 3600})


def forget(click: Click) -> None:
    """Empties the log of requests."""
    requests.forget(click.instruments, {})


ACTIONS: Mapping[str, Callable[[Click], None]] = {"": switch, "options": save, "consent": decide, "clock": advance, "requests": forget}
"""The page that a form is sent to, and what it does."""


def kind_of(catalog: Catalog, slug: str) -> Kind | None:
    """The kind of an options page, by the end of its address."""
    return next((kind for kind in catalog.kinds if slug_of(kind) == slug), None)


def slug_of(kind: Kind) -> str:
    """How a kind is called in an address."""
    return kind.name.replace("_", "-")


def _switches(kind: Kind) -> list[Field]:
    return [field for field in kind.fields if field.name == "enabled" and field.binding is not None]


def _implied(catalog: Catalog, on: bool) -> list[Field]:
    # What the master switch of a file implies is what the page's Enable does.
    followers = ("both", "true") if on else ("both",)
    return [field for _, field in catalog.fields() if field.binding is not None and field.implied_by in followers]


def _write(click: Click, settings: Settings, values: Iterable[tuple[Field, Any]]) -> None:
    changes: dict[str, Row] = {}
    for field, value in values:
        assert field.binding is not None, f"{field.name} is stored nowhere"
        changes.setdefault(field.binding.table, {})[field.binding.column] = value
    for name, row in changes.items():
        table = click.catalog.table(name)
        id = settings.rows.get(name, {}).get(table.primary_id)
        if id is None:
            click.clerk.create(click.person, table.entity_set, row)
        else:
            click.clerk.change(click.person, f"{table.entity_set}({id})", click.text(f"{ETAG}{name}") or None, row)
