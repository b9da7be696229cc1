"""Turns the errors of jsonschema into diagnostics at the places in the file. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

from reconciler.catalog.json_schema import Schema
from reconciler.desired.bounds import PROBLEMS_OF_FILE
from reconciler.desired.codes import finding
from reconciler.desired.nearest import choices, did_you_mean
from reconciler.desired.secrets import looks_secret
from reconciler.desired.tree import Mapping, Path, Place, PlainTree, entry_at, key_at
from reconciler.desired.words import SINGULAR, as_written, path_words, type_hint
from reconciler.model.diagnostic import Diagnostic

Failure = Any
"""A ValidationError of jsonschema: foreign data, whose attributes depend on its keyword."""

_NO_SECRETS = "files hold no secrets: remove it, and replace it where it was issued if this file was ever shared"
_CLOSED = "name at least one, or remove the key; to turn a feature off, write `enabled: false`"


def explain(schema: Schema, root: Mapping, values: PlainTree) -> tuple[Diagnostic, ...]:
    """One diagnostic for each mistake, up to a bound."""
    errors = _Validator(schema, format_checker=_Validator.FORMAT_CHECKER).iter_errors(values)
    explanation = _Explanation(root)
    found = list(islice((said for error in errors for said in explanation.of(error)), PROBLEMS_OF_FILE + 1))
    if len(found) > PROBLEMS_OF_FILE:
        said = f"only the first {PROBLEMS_OF_FILE} problems of this file are shown"
        found[-1] = finding("too-many-problems", said, explanation.places(())[0], "mend these first")
    return tuple(found)


def _unique(_validator: object, _wanted: object, instance: object, _schema: object) -> Iterator[ValidationError]:
    # jsonschema's own compares each item of a mixed list with every other one: hours for a file of a megabyte.
    if isinstance(instance, list) and len({json.dumps(item, sort_keys=True) for item in instance}) < len(instance):
        yield ValidationError("an item stands there twice")


_Validator = extend(Draft7Validator, {"uniqueItems": _unique})  # type: ignore[no-untyped-call]


class _Explanation:
    """What jsonschema's keywords mean in the words of the file."""

    def __init__(self, root: Mapping) -> None:
        self._root = root

    def of(self, error: Failure) -> Iterator[Diagnostic]:
        """The diagnostics of one error; several when a mapping has several unknown keys."""
        path: Path = tuple(error.absolute_path)
        match error.validator:
            case "additionalProperties" if "patternProperties" in error.schema:
                yield from self._label_names(path, error)
            case "additionalProperties":
                yield from self._unknown_keys(path, error.instance, error.schema["properties"])
            case "anyOf":
                yield from self._alternatives(path, error)
            case "oneOf":
                yield self._exactly_one(path, [option["required"][0] for option in error.schema["oneOf"]])
            case "required":
                yield self._missing(path, error)
            case "type":
                yield self._wrong_type(path, error.instance, [error.validator_value])
            case "enum" | "const" if not isinstance(error.instance, str):
                return  # The wrong type is told already.
            case "enum" | "const":
                yield self._unknown_value(path, error)
            case _:
                yield self._outside(path, error)

    def _unknown_value(self, path: Path, error: Failure) -> Diagnostic:
        known = error.validator_value if error.validator == "enum" else [error.validator_value]
        hint = did_you_mean(str(error.instance), known) or choices(known)
        # What stands in the connection may come from a variable of the build machine, which must not show up in a log.
        value = "this" if path[0] == "connection" else as_written(error.instance)
        said = f"{value} is no value of {path_words(path)}"
        return finding("unknown-value", said, self.places(path)[1], hint)

    def _outside(self, path: Path, error: Failure) -> Diagnostic:
        key, value = self.places(path)
        name, limit = path_words(path), error.validator_value
        match error.validator:
            case "minimum" | "maximum":
                said = f"{name} is {error.instance}, but must be at {'least' if error.validator == 'minimum' else 'most'} {limit}"
                return finding("out-of-range", said, value, f"allowed: {error.schema['minimum']} to {error.schema['maximum']}")
            case "maxItems" | "maxLength" | "maxProperties":
                return finding("out-of-range", f"{name} is longer than {limit}", key, "shorten it")
            case "minItems":
                return finding("empty-list", f"{name} is empty", key, _CLOSED)
            case "uniqueItems":
                return finding("duplicate-entry", f"{name} names something twice", key, "keep each entry once")
            case _:
                return finding("wrong-format", f"{name} does not have the right form", value, _form_hint(error))

    def _unknown_keys(self, path: Path, instance: dict[str, object], known: dict[str, Schema]) -> Iterator[Diagnostic]:
        for key in instance:
            if key not in known:
                hint = _NO_SECRETS if looks_secret(key) else did_you_mean(key, known) or choices(known)
                yield finding("unknown-key", f"`{key[:80]}` is not a key of {path_words(path)}", self.places((*path, key))[0], hint)

    def _label_names(self, path: Path, error: Failure) -> Iterator[Diagnostic]:
        for key in error.instance:
            if not any(re.search(pattern, key) for pattern in error.schema["patternProperties"]):
                hint = "letters and digits, and `. _ / -` between them; 63 characters at most"
                yield finding("wrong-format", f"`{key[:80]}` is no name for a label", self.places((*path, key))[0], hint)

    def _missing(self, path: Path, error: Failure) -> Diagnostic:
        # jsonschema reports each missing key by itself and names it only in its message.
        key = next(key for key in error.validator_value if error.message.startswith(f"{key!r} "))
        example = error.schema["properties"][key].get("examples", [None])[0]
        hint = f"add `{key}: {example}`" if isinstance(example, str) else f"add `{key}:`"
        return finding("missing-key", f"`{key}` is missing in {path_words(path)}", self.places(path)[0], hint)

    def _exactly_one(self, path: Path, keys: list[str]) -> Diagnostic:
        listed = " or ".join(f"`{key}`" for key in keys)
        said = f"{path_words(path)} needs exactly one of {listed}"
        return finding("exactly-one", said, self.places(path)[0], f"write either {listed}")

    def _alternatives(self, path: Path, error: Failure) -> Iterator[Diagnostic]:
        options: list[Schema] = error.schema["anyOf"]
        mappings = {key: option for option in options for key in option.get("properties", {})}
        if isinstance(error.instance, str):
            yield from self._descend(error, next(index for index, option in enumerate(options) if option["type"] == "string"))
        elif not isinstance(error.instance, dict):
            yield self._wrong_type(path, error.instance, [option["type"] for option in options], list(mappings))
        elif any(key not in mappings for key in error.instance):
            yield from self._unknown_keys(path, error.instance, mappings)
        elif len(error.instance) != 1:
            yield self._exactly_one(path, list(mappings))
        else:
            yield from self._descend(error, options.index(mappings[next(iter(error.instance))]))

    def _descend(self, error: Failure, branch: int) -> Iterator[Diagnostic]:
        for below in error.context:
            if below.schema_path[0] == branch:
                yield from self.of(below)

    def _wrong_type(self, path: Path, instance: object, wanted: list[str], keys: list[str] | None = None) -> Diagnostic:
        key, value = self.places(path)
        name = path_words(path)
        words = " or ".join(dict.fromkeys(SINGULAR[want] for want in wanted))
        if keys:
            words += " with " + " or ".join(f"`{known}`" for known in keys)
        if instance is None:
            hint = f"give it {words}, or remove the key: what is not written is not touched"
            return finding("empty-value", f"{name} has no value", key, hint)
        said = f'the text "{instance[:80]}"' if isinstance(instance, str) else as_written(instance)
        return finding("wrong-type", f"{name} must be {words}, not {said}", value, type_hint(instance, wanted[0]))

    def places(self, path: Path) -> tuple[Place, Place]:
        """Where key and value at a path stand; the file as a whole is its first character."""
        if not path:
            start = self._root.place
            key = start._replace(end_line=start.line, end_column=start.column + 1)
            return key, start
        entry = key_at(self._root, path)
        return (entry.place, entry.node.place) if entry is not None else entry_at(self._root, path)


def _form_hint(error: Failure) -> str:
    if error.validator == "format":
        return "write a day of the calendar as YYYY-MM-DD"
    examples = error.schema.get("examples")
    return f"for example `{examples[0]}`" if examples else "one line of printable text, not empty"
