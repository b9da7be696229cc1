"""Runs one request of the Web API in its transaction. Writes to the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from reconciler.catalog.book import Catalog
from reconciler.emulator.context import Context, DataverseError, Domain
from reconciler.emulator.failures import failure, unexpected
from reconciler.emulator.identity.callers import Callers, Identity
from reconciler.emulator.messages import Answer, Preferences, Request, preferences_of
from reconciler.emulator.metadata.shapes import Model, build_model
from reconciler.emulator.routes import route
from reconciler.emulator.session import Session
from reconciler.emulator.storage.clock import VirtualClock
from reconciler.emulator.storage.store import Store
from reconciler.emulator.storage.store_rows import StoredRows

Consent = Literal["pending", "granted", "withdrawn"]
FAULTS = (sqlite3.Error, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError, AssertionError)
"""What a fault of the emulator's own raises; it becomes a 500 and never ends the server."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which organization a request is for, how its address begins, and who asks."""

    organization: str
    base_url: str
    identity: Identity


class Execution:
    """Opens transactions and answers requests inside them."""

    def __init__(self, store: Store, clock: VirtualClock, domain: Domain, catalog: Catalog) -> None:
        self._store = store
        self._clock = clock
        self._domain = domain
        self._catalog = catalog
        self._callers = Callers(store, clock, domain)
        self._models: dict[frozenset[str], Model] = {}

    def prepare(self, place: Place) -> None:
        """Seeds the organization and the caller's user, and stores what the clock made due. DataverseError: no such organization."""
        self._callers.prepare(place.organization, place.identity)
        now = self._clock.now()
        with self._store.reading(place.organization) as rows:
            is_due = self._domain.is_due(rows, now)
        if is_due:
            with self._store.writing(place.organization) as rows:
                self._domain.settle(rows, now)

    def _model(self, organization: str) -> Model:
        """The tables that this organization has: a table that it lacks is answered as one that nobody ever made."""
        absent = frozenset(self._domain.settings(organization).get("absent_tables") or ())
        if absent not in self._models:
            tables = {name: table for name, table in self._domain.tables.items() if name not in absent}
            self._models[absent] = build_model(tables, self._domain.associations)
        return self._models[absent]

    def set_consent(self, place: Place, state: Consent) -> None:
        """What a Microsoft 365 administrator decides outside Dataverse."""
        self.prepare(place)
        with self._store.writing(place.organization) as rows:
            self._domain.set_consent(rows, state, self._clock.now())

    def alone(self, place: Place, request: Request) -> Answer:
        """The answer to a request in a transaction of its own; a refusal is an answer too."""
        preferences = preferences_of(request.headers.get("prefer", ""))
        try:
            opened = self._store.reading if request.method == "GET" else self._store.writing
            with opened(place.organization) as rows:
                return self.inside(place, request, rows)
        except DataverseError as error:
            return failure(error, preferences)
        except FAULTS as error:
            return failure(unexpected(error), preferences)

    @contextmanager
    def together(self, place: Place) -> Iterator[StoredRows]:
        """One transaction for several requests; an exception undoes them all."""
        with self._store.writing(place.organization) as rows:
            yield rows

    def inside(self, place: Place, request: Request, rows: StoredRows) -> Answer:
        """The answer to a request inside a transaction that somebody else ends. Raises what refuses it."""
        preferences = preferences_of(request.headers.get("prefer", ""))
        context = Context(
            organization=place.organization,
            rows=rows,
            now=self._clock.now(),
            caller=self._callers.caller(rows, place.organization, place.identity, request.headers),
            base_url=place.base_url,
            tables=self._domain.tables,
            catalog=self._catalog,
            solution=request.headers.get("mscrm.solutionuniquename"),
            headers=request.headers,
        )
        answer = route(Session(context, rows, self._domain, self._model(place.organization), request, preferences))
        applied = _applied(preferences, request, answer)
        return replace(answer, headers={**answer.headers, "Preference-Applied": applied}) if applied else answer


def _applied(preferences: Preferences, request: Request, answer: Answer) -> str:
    found = []
    if preferences.page_size is not None and request.method == "GET":
        found.append(f"odata.maxpagesize={preferences.page_size}")
    if preferences.asked_annotations and isinstance(answer.body, dict):
        found.append(f'odata.include-annotations="{preferences.asked_annotations}"')
    if preferences.representation and request.method in ("POST", "PATCH"):
        found.append("return=representation")
    return ",".join(found)
