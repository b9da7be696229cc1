"""Turns the JSON body of a write into changes of a row. Reads rows to resolve references; writes nothing."""

from __future__ import annotations

import json
from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.addresses import resolve_reference
from reconciler.emulator.context import Row
from reconciler.emulator.errors import (
    bad_request,
    broken_body,
    direct_lookup,
    invalid_argument,
    missing_row,
    nested_rows,
    undeclared_annotation,
    unknown_payload_property,
    unparsed_reference,
)
from reconciler.emulator.metadata.shapes import Navigation, Shape
from reconciler.emulator.rows.values import stored_value
from reconciler.emulator.session import Session


def body_of(session: Session) -> dict[str, Any]:
    """The body as a JSON object. Refuses anything else."""
    try:
        text = session.request.body.decode("utf-8-sig")
        read = json.loads(text, parse_constant=_no_number) if text.strip() else {}
        if "\\ud" in text.lower():
            # Half a surrogate pair is JSON, but no text that could be stored or sent back: a ValueError.
            json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise broken_body("the body is not JSON.") from None
    if not isinstance(read, dict):
        raise broken_body("A JSON object was expected.")
    return read


def _no_number(name: str) -> Any:
    # Python reads NaN and Infinity; JSON has neither.
    raise ValueError(name)


def changes_of(session: Session, shape: Shape, body: dict[str, Any], *, creates: bool) -> Row:
    """The columns that a body writes. Read-only columns are passed over as the service passes over them."""
    changes: Row = {}
    for name, value in body.items():
        property, at, annotation = name.partition("@")
        if at and not property:
            continue
        if annotation == "odata.bind":
            changes.update(_bound(session, shape, property, value))
        elif at:
            if property not in shape.properties and property not in shape.navigations:
                raise undeclared_annotation(property, shape.table.entity_set)
        else:
            changes.update(_plain(shape, name, value, creates=creates))
    return changes


def _plain(shape: Shape, name: str, value: Any, *, creates: bool) -> Row:
    column = shape.properties.get(name)
    if column is not None and column.targets:
        raise direct_lookup()
    if column is not None:
        # A new row may bring its id even where the id can never be changed later.
        if column.read_only and not (creates and name == shape.table.primary_id):
            return {}
        return {name: stored_value(shape, column, value)}
    step = shape.navigations.get(name)
    if step is not None:
        if value is None:
            return _cleared(shape, step)
        raise direct_lookup()
    if name in shape.collections:
        raise nested_rows(name)
    if any(column.name == name and column.targets for column in shape.properties.values()):
        raise direct_lookup()
    raise unknown_payload_property(name, shape.name, shape.table.entity_set)


def _bound(session: Session, shape: Shape, name: str, value: Any) -> Row:
    step = shape.navigations.get(name)
    if step is None:
        if name in shape.collections:
            raise nested_rows(name)
        raise undeclared_annotation(name, shape.table.entity_set)
    if step.column.read_only:
        return {}
    if value is None:
        return _cleared(shape, step)
    return pointed(session, step, value)


def pointed(session: Session, step: Navigation, value: Any) -> Row:
    """What is stored when a lookup is made to point to the row that a reference names. Refuses a row that is not there."""
    target, id = resolve_reference(session.model, with_references(session, value), session.rows)
    if target.name not in step.targets:
        raise unparsed_reference()
    if session.rows.get(target.name, id) is None:
        raise missing_row(target.name, id)
    return pointing(step.column, target.name, id)


def pointing(column: Column, table: str, id: str) -> Row:
    """What is stored when a lookup points to that row of that table."""
    stored = f"_{column.name}_value"
    return {stored: id, f"{stored}@type": table} if len(column.targets) > 1 else {stored: id}


def _cleared(shape: Shape, step: Navigation) -> Row:
    if step.column.required == "SystemRequired":
        raise invalid_argument(f"Required field '{step.column.name}' of {shape.name} is missing: it cannot be null.")
    return {step.stored: None}


def with_references(session: Session, value: Any) -> Any:
    """A reference with `$1` replaced by the address of the row that request 1 of the change set made."""
    if not isinstance(value, str) or not value.lstrip("/").startswith("$"):
        return value
    name, slash, rest = value.lstrip("/")[1:].partition("/")
    if name not in session.request.references:
        raise bad_request(f"Content-ID Reference: '${name}' does not exist in the batch context.")
    return f"{session.request.references[name]}{slash}{rest}"
