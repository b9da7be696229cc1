"""One organization of the domain in a real state file, with a clock that tests move by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reconciler.catalog.register import CATALOG
from reconciler.emulator.context import Context, Domain, Row, Rows
from reconciler.emulator.domain import build_domain
from reconciler.emulator.storage.store import Store

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
FLEET = Path(__file__).parents[2] / "environments" / "_emulator"


class World:
    """What a test does with an organization, each call in a transaction of its own."""

    def __init__(self, folder: Path, scenario: str | None = None, organization: str = "acme") -> None:
        scenarios = folder / "scenarios"
        scenarios.mkdir(exist_ok=True)
        if scenario is not None:
            (scenarios / f"{organization}.yaml").write_text(scenario, encoding="utf-8")
        self._start(folder / "state.db", scenarios, organization)

    @classmethod
    def of_fleet(cls, folder: Path, organization: str) -> World:
        """An organization of the shipped fleet."""
        world = cls.__new__(cls)
        world._start(folder / f"{organization}.db", FLEET, organization)
        return world

    def _start(self, state: Path, scenarios: Path, organization: str) -> None:
        self.domain: Domain = build_domain(CATALOG, scenarios)
        self.organization = organization
        self.now = NOON
        self.store = Store(state, dict(self.domain.tables), self.domain.computed)
        with self.writing() as rows:
            self.domain.seed(rows, organization, self.now)

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        """One transaction."""
        with self.store.writing(self.organization) as rows:
            yield rows

    @contextmanager
    def as_user(self, name: str = "rictl", **more: Any) -> Iterator[Context]:
        """One request of that person, who is made as an administrator when there is no such person."""
        with self.writing() as rows:
            caller = self.domain.user(rows, self.now, name, None)
            yield Context(self.organization, rows, self.now, caller, "http://localhost", self.domain.tables, CATALOG, **more)

    def later(self, **delta: float) -> None:
        """Moves the clock."""
        self.now += dt.timedelta(**delta)

    def read(self, table: str, user: str = "rictl", *, draft: bool = False, **wanted: Any) -> Row:
        """The one row with these values, as it is shown."""
        with self.as_user(user) as context:
            found = [row for row in context.rows.all(table, draft=draft) if all(row.get(key) == value for key, value in wanted.items())]
            assert len(found) == 1, f"{len(found)} rows of {table} with {wanted}"
            self.domain.check_read(context, table)
            return self.domain.after_read(context, table, found[0])

    def write(self, table: str, changes: Row, user: str = "rictl", solution: str | None = None, **wanted: Any) -> Row:
        """What the server does with a PATCH."""
        with self.as_user(user, solution=solution) as context:
            draft = table in self.domain.drafted
            before = next(row for row in context.rows.all(table, draft=draft) if all(row.get(k) == v for k, v in wanted.items()))
            stored = self.domain.before_write(context, table, before, changes)
            return context.rows.update(table, before[self.domain.tables[table].primary_id], stored, draft=draft)

    def create(self, table: str, row: Row, user: str = "rictl") -> Row:
        """What the server does with a POST."""
        with self.as_user(user) as context:
            defaults = {column.name: column.default for column in self.domain.tables[table].columns if column.default is not None}
            return context.rows.insert(table, self.domain.before_write(context, table, None, {**defaults, **row}))

    def call(self, name: str, user: str = "rictl", id: str | None = None, **parameters: Any) -> Any:
        """The result of a function or an action."""
        with self.as_user(user) as context:
            return self.domain.operations[name].run(context, id, parameters)

    def publish(self, table: str, user: str = "rictl") -> None:
        """PublishXml for one table."""
        text = f"<importexportxml><entities><entity>{table}</entity></entities></importexportxml>"
        self.call("PublishXml", user, ParameterXml=text)
