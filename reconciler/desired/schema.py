"""Joins the typed envelope with the settings of the catalogue into the JSON Schema of a file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from reconciler.catalog.acceptance import ACCEPTANCES
from reconciler.catalog.book import Catalog
from reconciler.catalog.json_schema import Schema, settings_schema
from reconciler.desired.codes import DISABLEABLE
from reconciler.desired.envelope import BaselinePart, EnvironmentPart
from reconciler.desired.part import ANNOTATIONS, AnnotatedPart

FileKind = Literal["Environment", "Baseline"]

# Draft 7 is what the YAML language servers of today's editors read without exceptions; nothing here needs a newer one.
DIALECT = "http://json-schema.org/draft-07/schema#"
_TITLES: dict[FileKind, str] = {"Environment": "rictl environment", "Baseline": "rictl baseline"}
_ABOUT: dict[FileKind, str] = {
    "Environment": "The desired relationship intelligence of one Dynamics 365 Sales environment. What is not written is not touched.",
    "Baseline": "What several environments share: they name it in `extends`.",
}
_VARIABLE = {"type": "string", "pattern": r"\$\{RICTL_VAR_[A-Z0-9_]+(:-[^{}]*)?\}"}
_NOISE = ("title", "default")


def file_schema(kind: FileKind, catalog: Catalog) -> Schema:
    """The schema of a file whose variables are already replaced: closed, and without references."""
    model = EnvironmentPart if kind == "Environment" else BaselinePart
    envelope = without_references(generated := model.model_json_schema(), generated.get("$defs", {}))
    properties: Schema = envelope["properties"]
    forms, rest = properties.pop("forms"), {key: properties.pop(key) for key in ("limits", "disable")}
    settings = {key: _annotated(section) for key, section in settings_schema(catalog).items()}
    properties |= {**settings, "forms": forms, **rest}
    properties["disable"]["items"]["properties"]["code"]["enum"] = list(DISABLEABLE)
    properties["accept"]["items"]["enum"] = [acceptance.name for acceptance in ACCEPTANCES]
    form = forms["items"]["properties"]
    form["table"]["enum"] = sorted({table for widget in catalog.widgets for table in widget.tables})
    form["widgets"]["items"]["properties"]["widget"]["enum"] = [widget.name for widget in catalog.widgets]
    first = ("apiVersion", "kind", "metadata", "extends", "connection")
    properties = {key: properties[key] for key in (*first, *properties) if key in properties}
    return {**envelope, "properties": properties}


def published_schema(kind: FileKind, catalog: Catalog) -> Schema:
    """The schema for editors: as above, and variables may stand in `connection`."""
    schema = file_schema(kind, catalog)
    connection = schema["properties"].get("connection", {"properties": {}})["properties"]
    for key, value in connection.items():
        words = {name: value.pop(name) for name in ("description", "examples")}
        connection[key] = {**words, "anyOf": [value, _VARIABLE]} if len(value) > 1 else {**words, **value}
    return {"$schema": DIALECT, "title": _TITLES[kind], **schema, "description": _ABOUT[kind]}


def _annotated(section: Schema) -> Schema:
    """The section of settings with the keys by which its author explains it, there and in every mapping inside."""
    generated = AnnotatedPart.model_json_schema()
    keys: Schema = without_references(generated, {})["properties"]
    inside = {key: _annotated(below) if "properties" in below else below for key, below in section["properties"].items()}
    return {**section, "properties": {**inside, **keys}}


def without_references(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema with its references replaced: editors show the description beside a reference or that behind it, not both."""
    if isinstance(schema, list):
        return [without_references(item, definitions) for item in schema if item != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        behind = without_references(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
        return {**behind, **{key: without_references(value, definitions) for key, value in schema.items() if key != "$ref"}}
    if schema.get("type") == "object" and "properties" in schema:
        # What explains a section comes after what it says.
        names = sorted(schema["properties"], key=lambda name: name in ANNOTATIONS)
        kept = {name: without_references(schema["properties"][name], definitions) for name in names}
        rest = {key: value for key, value in schema.items() if key not in (*_NOISE, "$defs", "properties", "description")}
        return {**_described(schema), **rest, "properties": kept}
    inlined = {
        key: value if key == "examples" else without_references(value, definitions) for key, value in schema.items() if key not in _NOISE
    }
    if "patternProperties" in inlined:
        inlined["additionalProperties"] = False
    options = inlined.get("anyOf")
    if options is not None and len(options) == 1:
        # An optional value: `X or null` became X, for a key without a value is a mistake in a file.
        del inlined["anyOf"]
        return {**options[0], **inlined}
    return inlined


def _described(schema: Mapping[str, Any]) -> Schema:
    return {"description": schema["description"]} if "description" in schema else {}
