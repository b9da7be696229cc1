"""The published schemas explain every property, are closed, and agree with what rictl accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from reconciler.catalog.register import CATALOG
from reconciler.cli.schemas import NAMES, schema_text
from reconciler.desired.compose import compose
from reconciler.desired.schema import FileKind, published_schema
from reconciler.desired.tree import plain

ROOT = Path(__file__).parents[2]
KINDS: tuple[FileKind, ...] = ("Environment", "Baseline")


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            yield f"{path}.{name}", inner
            yield from properties(inner, f"{path}.{name}")
        for key, inner in schema.items():
            if key not in ("properties", "examples"):
                yield from properties(inner, path)
    elif isinstance(schema, list):
        for inner in schema:
            yield from properties(inner, path)


def mappings(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for key, inner in schema.items():
            if key != "examples":
                yield from mappings(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from mappings(inner)


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_has_a_description_and_an_example_that_is_valid(kind: FileKind) -> None:
    found = list(properties(published_schema(kind, CATALOG)))

    assert len(found) > 40
    assert [path for path, schema in found if not schema.get("description") or not schema.get("examples")] == []
    wrong = [path for path, schema in found for example in schema["examples"] if not jsonschema.Draft7Validator(schema).is_valid(example)]
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_mapping_is_closed(kind: FileKind) -> None:
    assert [schema for schema in mappings(published_schema(kind, CATALOG)) if schema.get("additionalProperties") is not False] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_a_schema_without_references(kind: FileKind) -> None:
    schema = published_schema(kind, CATALOG)

    jsonschema.Draft7Validator.check_schema(schema)
    assert "$ref" not in json.dumps(schema)


def test_every_setting_of_the_catalogue_is_in_both_schemas() -> None:
    for kind in KINDS:
        paths = {path for path, _ in properties(published_schema(kind, CATALOG))}
        fields = {".".join(("", *k.section, f.name)) for k, f in CATALOG.fields() if f.in_file}
        assert fields <= paths
        assert not {".".join(("", *k.section, f.name)) for k, f in CATALOG.fields() if not f.in_file} & paths


def test_a_baseline_needs_no_more_than_its_name_and_has_no_connection() -> None:
    schema = published_schema("Baseline", CATALOG)

    assert {"apiVersion", "kind", "metadata"} == set(schema["required"])
    assert "connection" not in schema["properties"]


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_schemas_are_fresh(name: str) -> None:
    assert (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name), "run `make schemas`"


@pytest.mark.parametrize("path", sorted((ROOT / "environments").rglob("[a-z]*.yaml")), ids=lambda path: path.name)
def test_both_engines_accept_the_shipped_files(path: Path) -> None:
    if path.parent.name == "_emulator":
        return
    kind: FileKind = "Baseline" if path.parent.name == "_base" else "Environment"
    schema = published_schema(kind, CATALOG)
    text = path.read_text(encoding="utf-8")
    root, _ = compose(text, path.name)
    assert root is not None
    values = plain(root)

    assert list(jsonschema.Draft7Validator(schema).iter_errors(values)) == []
    assert jsonschema_rs.Draft7Validator(schema, validate_formats=True).is_valid(values)


def test_variables_are_valid_for_an_editor_inside_the_connection_only() -> None:
    schema = published_schema("Environment", CATALOG)
    head = {"apiVersion": "rictl/v1", "kind": "Environment", "metadata": {"name": "a"}}
    validator = jsonschema_rs.Draft7Validator(schema)

    connection = {"url": "https://${RICTL_VAR_X}.crm4.dynamics.com", "tenantId": "${RICTL_VAR_T:-}", "cloud": "${RICTL_VAR_C:-gcc}"}
    assert validator.is_valid({**head, "connection": connection})
    assert not validator.is_valid({**head, "connection": connection, "serviceGeneration": "${RICTL_VAR_G}"})
    assert not validator.is_valid({**head, "connection": {"emulator": "${GITHUB_TOKEN}"}})
