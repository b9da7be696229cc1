"""What the embedded Dataverse says about itself is true, and a reader can see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import reconciler.emulator
from reconciler.catalog.register import CATALOG
from reconciler.cli.emulator_page import page_text
from reconciler.emulator import not_emulated
from reconciler.emulator.control.handlers import HANDLERS
from reconciler.emulator.domain import build_domain
from reconciler.emulator.fidelity.behaviour import AREAS, MEANINGS, Behaviour
from reconciler.emulator.fidelity.book import BEHAVIOURS
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.wire import Client, send

PAGE = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text(encoding="utf-8")
DOMAIN = build_domain(CATALOG, None)
NOWHERE = "00000000-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with EmbeddedDataverse(tmp_path_factory.mktemp("fidelity") / "state.sqlite", domain=DOMAIN, catalog=CATALOG) as server:
        yield Client(server, server.token(), "contoso")


def test_the_page_is_what_the_generator_writes() -> None:
    assert page_text(PAGE) == PAGE


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda row: row.text[:40])
def test_every_behaviour_stands_in_the_page_with_what_it_rests_on(behaviour: Behaviour) -> None:
    assert behaviour.area in AREAS
    assert behaviour.rests_on in MEANINGS
    lines = [line for line in PAGE.splitlines() if f"| {behaviour.text} |" in line]
    assert len(lines) == 1
    assert behaviour.rests_on in lines[0].split("|")[-2]
    assert behaviour.source is None or f"]({behaviour.source})" in lines[0]


def test_no_behaviour_breaks_the_table() -> None:
    assert [row.text for row in BEHAVIOURS if "|" in row.text or "\n" in row.text or row.text.endswith(".")] == []


@pytest.mark.parametrize("name", sorted(not_emulated.OPERATIONS))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_operation_that_is_listed_as_not_emulated_answers_501_by_name(api: Client, name: str, method: str) -> None:
    for path in (name, f"accounts/Microsoft.Dynamics.CRM.{name}"):
        reply = api(method, path, {} if method == "POST" else None)
        assert reply.status == 501, path
        assert name in reply.body["error"]["message"]


@pytest.mark.parametrize("name", sorted(not_emulated.RESOURCES))
def test_a_resource_that_is_listed_as_not_emulated_answers_501_by_name(api: Client, name: str) -> None:
    reply = api.get(name)
    assert reply.status == 501
    assert name in reply.body["error"]["message"]


@pytest.mark.parametrize("name", not_emulated.QUERY_OPTIONS)
def test_a_query_option_that_is_listed_as_not_emulated_answers_501_by_name(api: Client, name: str) -> None:
    reply = api.get(f"accounts?{name}=x")
    assert reply.status == 501
    assert name in reply.body["error"]["message"]


@pytest.mark.parametrize("path", sorted(DOMAIN.operations))
def test_an_operation_that_is_listed_as_emulated_is_there(api: Client, path: str) -> None:
    operation = DOMAIN.operations[path]
    address = operation.name
    if operation.bound_to is not None:
        key = "" if operation.bound_to_collection else f"({NOWHERE})"
        address = f"{operation.bound_to}{key}/Microsoft.Dynamics.CRM.{operation.name}"
    reply = api.get(f"{address}()") if operation.kind == "function" else api("POST", address, {})
    assert reply.status != 501
    assert operation.name not in not_emulated.OPERATIONS
    assert b"Resource not found" not in reply.content
    assert f"`{operation.name}`, {operation.kind}" in PAGE


@pytest.mark.parametrize(("method", "name"), sorted(HANDLERS))
def test_a_control_request_that_is_listed_is_there(api: Client, method: str, name: str) -> None:
    assert f"| `{method} {name}` | " in PAGE
    assert f"| `{method} {name}` |  |" not in PAGE
    assert send(method, f"{api.server.root}/_emulator/v1/{name}", b'{"organization": "contoso"}').status in (200, 400)


def test_every_table_that_is_listed_answers(api: Client) -> None:
    for table in DOMAIN.tables.values():
        assert f"`{table.entity_set}`" in PAGE
        assert api.get(f"{table.entity_set}?$top=1").status == 200


def test_the_page_draws_every_package() -> None:
    folder = Path(reconciler.emulator.__file__).parent
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    drawn = set(re.findall(r"^  ([a-z]+)/ ", PAGE.split("## How it is built")[1].split("```")[1], re.MULTILINE))

    assert drawn == packages
