"""Runs one request of the Web API in its transaction. Writes to the store."""

from __future__ import annotations

import datetime as dt
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
from reconciler.emulator.metadata.own_tables import Own, own, own_tables
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
        self._models: dict[Own, Model] = {}

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
        """The tables that this organization has."""
        apart = own(self._domain.settings(organization))
        if apart not in self._models:
            self._models[apart] = build_model(own_tables(self._domain.tables, apart), self._domain.associations)
        return self._models[apart]

    def check_organization(self, name: str) -> None:
        """DataverseError with the nearest name when there is no such organization. An organization that was touched is there."""
        if not self._store.is_known(name):
            self._domain.settings(name)

    def lock(self, place: Place, operation: str, seconds: float) -> None:
        """What somebody else's import or publish does to customizations."""
        self.prepare(place)
        with self._store.writing(place.organization) as rows:
            self._domain.lock(rows, operation, self._clock.now() + dt.timedelta(seconds=seconds))

    def forget_callers(self) -> None:
        """Looks for the user of every caller anew: the rows may be others than a moment ago."""
        self._callers.forget()

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
        caller, behind = self._callers.caller(rows, place.organization, place.identity, request.headers)
        context = Context(
            organization=place.organization,
            rows=rows,
            now=self._clock.now(),
            caller=caller,
            behind=behind,
            base_url=place.base_url,
            tables=self._domain.tables,
            catalog=self._catalog,
            solution=request.headers.get("mscrm.solutionuniquename"),
            headers=request.headers,
        )
        self._domain.admit(context)
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
