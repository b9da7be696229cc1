"""Organizations of the domain behind a real server, described by scenarios that a test writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_world import NOON
from tests.emulator.wire import Client, Reply

ANALYTICS, WKW, ROLES_SET = "msdyn_activityanalysisconfigs", "msdyn_wkwconfigs", "msdyn_odosmetadatas"


@contextmanager
def served(folder: Path, scenario: str, organization: str = "acme") -> Iterator[EmbeddedDataverse]:
    """A server with one organization whose scenario is this text; its clock stands at noon."""
    scenarios = folder / "scenarios"
    scenarios.mkdir(exist_ok=True)
    (scenarios / f"{organization}.yaml").write_text(scenario, encoding="utf-8")
    with EmbeddedDataverse(folder / "state.sqlite", domain=build_domain(CATALOG, scenarios), catalog=CATALOG) as running:
        running.clock.set(NOON)
        yield running


def caller(server: EmbeddedDataverse, user: str | None = None, organization: str = "acme") -> Client:
    """A client that speaks as the application, or as a person."""
    return Client(server, server.token(user), organization)


def only(api: Client, path: str, **headers: str) -> dict[str, Any]:
    """The one row that a query finds."""
    reply = api.get(path, **headers)
    assert reply.status == 200, reply.content
    rows: list[dict[str, Any]] = reply.body["value"]
    assert len(rows) == 1, rows
    return rows[0]


def address(api: Client, entity_set: str) -> str:
    """The address of the one row of a settings table."""
    return f"{entity_set}({only(api, entity_set)[f'{entity_set[:-1]}id']})"


def patch(api: Client, path: str, changes: dict[str, Any]) -> Reply:
    """A write that has to succeed."""
    reply = api("PATCH", path, changes)
    assert reply.status == 204, reply.content
    return reply
