"""Turns the catalogue into the settings part of the JSON Schema of an environment file. Pure."""

from __future__ import annotations

from typing import Any

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.role_templates import ROLE_TEMPLATES
from reconciler.catalog.types import Choice, FieldType, Flag, RoleSet, TemplateRef, Whole

Schema = dict[str, Any]

GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f\ufffe\uffff]+$"


def settings_schema(catalog: Catalog) -> dict[str, Schema]:
    """The top-level properties that hold settings, by key. Closed: what is not in the catalogue is not allowed."""
    root: Schema = {"properties": {}}
    for kind in catalog.kinds:
        section = root
        for key in kind.section:
            section = section["properties"].setdefault(key, _mapping(kind.description))
        section["examples"] = [_example(kind)]
        for field in kind.fields:
            if field.in_file:
                _insert(section, field, kind)
    properties: dict[str, Schema] = root["properties"]
    return properties


def _insert(section: Schema, field: Field, kind: Kind) -> None:
    *groups, leaf = field.name.split(".")
    path: tuple[str, ...] = ()
    for group in groups:
        path = (*path, group)
        words = dict(kind.groups).get(".".join(path), f"Settings of {group}.")
        section = section["properties"].setdefault(group, _mapping(words))
        section["examples"] = [_example(kind, path)]
    example = list(field.example) if isinstance(field.example, tuple) else field.example
    section["properties"][leaf] = {"description": field.description, **_type(field.type), "examples": [example]}


def _mapping(description: str) -> Schema:
    return {"description": description, "type": "object", "additionalProperties": False, "properties": {}}


def _example(kind: Kind, below: tuple[str, ...] = ()) -> Schema:
    example: Schema = {}
    for field in kind.fields:
        path = tuple(field.name.split("."))
        if not field.in_file or path[: len(below)] != below:
            continue
        place = example
        for key in path[len(below) : -1]:
            place = place.setdefault(key, {})
        place[path[-1]] = list(field.example) if isinstance(field.example, tuple) else field.example
    return example


def _type(kind: FieldType) -> Schema:
    match kind:
        case Flag():
            return {"type": "boolean"}
        case Whole(minimum, maximum):
            return {"type": "integer", "minimum": minimum, "maximum": maximum}
        case Choice():
            return {"type": "string", "enum": list(kind.words)}
        case RoleSet():
            return {"type": "array", "minItems": 1, "maxItems": 100, "items": {"anyOf": [_text(), _by_id("role"), _by_template()]}}
        case TemplateRef():
            return {"anyOf": [_text(), _by_id("e-mail template")]}


def _text() -> Schema:
    return {"type": "string", "pattern": PRINTABLE, "maxLength": 200}


def _by_id(what: str) -> Schema:
    example = "5f0c9f0e-2f43-4f0c-9d0e-0d6c1d0f1a11"
    return _one_key("id", {"description": f"Id of the {what}.", "type": "string", "pattern": GUID, "examples": [example]})


def _by_template() -> Schema:
    words = [word for word, _ in ROLE_TEMPLATES]
    about = "Standard role by its template: the same in every language, and after renaming."
    return _one_key("template", {"description": about, "type": "string", "enum": words, "examples": ["salesperson"]})


def _one_key(key: str, schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": [key], "properties": {key: schema}}
