"""Filters that compare what cannot be compared are refused, and those that can still find rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.domain_world import FLEET
from tests.emulator.wire import Client


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("types")
    with EmbeddedDataverse(folder / "state.sqlite", domain=build_domain(CATALOG, FLEET), catalog=CATALOG) as server:
        client = Client(server, server.token(), "contoso-dev")
        assert client("POST", "accounts", {"name": "Types", "numberofemployees": 12, "revenue": 5.5}).status == 204
        yield client


@pytest.mark.parametrize(
    ("filter", "types", "operator"),
    [
        ("creditonhold eq 0", ("Boolean", "Int32"), "Equal"),
        ("name eq 1", ("String", "Int32"), "Equal"),
        ("name ne true", ("String", "Boolean"), "NotEqual"),
        ("revenue eq 'x'", ("Decimal", "String"), "Equal"),
        ("statecode eq 'Active'", ("Int32", "String"), "Equal"),
        ("statuscode eq '1'", ("Int32", "String"), "Equal"),
        ("createdon lt 5", ("DateTimeOffset", "Int32"), "LessThan"),
        ("createdon gt '2026-01-01'", ("DateTimeOffset", "String"), "GreaterThan"),
        ("accountid eq 'x'", ("Guid", "String"), "Equal"),
        ("accountid eq '00000000-0000-0000-0000-000000000001'", ("Guid", "String"), "Equal"),
        ("accountid ge 5", ("Guid", "Int32"), "GreaterThanOrEqual"),
        ("_primarycontactid_value eq 'abc'", ("Guid", "String"), "Equal"),
        ("primarycontactid/fullname le 3000000000", ("String", "Int64"), "LessThanOrEqual"),
        ("revenue gt name", ("Decimal", "String"), "GreaterThan"),
        ("not (name eq 1)", ("String", "Int32"), "Equal"),
    ],
)
def test_operands_of_types_that_do_not_go_together_are_refused(api: Client, filter: str, types: tuple[str, str], operator: str) -> None:
    reply = api.get(f"accounts?$filter={filter}")
    assert reply.error == (400, "0x80060888")
    assert reply.body["error"]["message"] == (
        "A binary operator with incompatible types was detected. Found operand types "
        f"'Edm.{types[0]}' and 'Edm.{types[1]}' for operator kind '{operator}'."
    )


def test_text_functions_take_text_only(api: Client) -> None:
    reply = api.get("accounts?$filter=startswith(numberofemployees,'1')")
    assert reply.error == (400, "0x80060888")
    assert reply.body["error"]["message"].startswith("No function signature for the function with name 'startswith' matches")
    assert api.get("accounts?$filter=contains(name,5)").status == 400


@pytest.mark.parametrize(
    "filter",
    [
        "numberofemployees eq 12.0",
        "revenue gt 5",
        "revenue lt numberofemployees",
        "createdon gt 2020-01-01",
        "createdon gt 2020-01-01T00:00:00Z",
        "creditonhold eq false",
        "accountid ne 00000000-0000-0000-0000-000000000001",
        "_primarycontactid_value eq null",
        "null eq description",
        "contains(name,'yp')",
    ],
)
def test_operands_that_go_together_find_rows(api: Client, filter: str) -> None:
    assert api.get(f"accounts?$filter=name eq 'Types' and ({filter})&$select=name").names == ["Types"]


def test_definitions_are_filtered_by_flags(api: Client) -> None:
    found = api.get("EntityDefinitions?$select=LogicalName&$filter=IsIntersect eq true and LogicalName ne 'account'").body["value"]
    assert "systemuserroles" in {row["LogicalName"] for row in found}
