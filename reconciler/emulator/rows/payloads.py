"""Turns the JSON body of a write into changes of a row. Reads rows to resolve references; writes nothing."""

from __future__ import annotations

from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.addresses import resolve_reference
from reconciler.emulator.context import Row
from reconciler.emulator.errors import (
    bad_request,
    direct_lookup,
    invalid_argument,
    missing_row,
    nested_rows,
    undeclared_annotation,
    unknown_payload_property,
    unparsed_reference,
)
from reconciler.emulator.metadata.shapes import Navigation, Shape
from reconciler.emulator.rows.bodies import json_object
from reconciler.emulator.rows.values import stored_value
from reconciler.emulator.session import Session


def body_of(session: Session, *, may_be_empty: bool = False) -> dict[str, Any]:
    """The body as a JSON object. Refuses anything else."""
    return json_object(session.request, may_be_empty=may_be_empty)


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
            return {} if step.column.read_only else cleared(shape, step.column)
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
        return cleared(shape, step.column)
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


def cleared(shape: Shape, column: Column) -> Row:
    """What is stored when a lookup points to nothing any more. Refuses columns that the system requires; every owned row has an owner."""
    if column.required == "SystemRequired" or column.type == "Owner":
        raise invalid_argument(f"Required field '{column.name}' of {shape.name} is missing: it cannot be null.")
    return {f"_{column.name}_value": None}


def check_writable(shape: Shape, column: Column) -> None:
    """Refuses to point a lookup that only the system writes. In a body such a column is passed over, but here it is all that is asked."""
    if column.read_only:
        raise invalid_argument(f"The column '{column.name}' of {shape.name} is read-only.")


def key_values(session: Session, shape: Shape, given: Row) -> Row:
    """The values that an alternate key in an address gives to the row that is made; refused like those of a body."""
    found: Row = {}
    for name, value in given.items():
        column = shape.properties[name]
        if not column.targets:
            found[name] = stored_value(shape, column, value)
            continue
        target = next((table for table in column.targets if session.rows.get(table, str(value).lower()) is not None), None)
        if target is None:
            raise missing_row(column.targets[0], str(value)[:100])
        found.update(pointing(column, target, str(value).lower()))
    return found


def with_references(session: Session, value: Any) -> Any:
    """A reference with `$1` replaced by the address of the row that request 1 of the change set made."""
    if not isinstance(value, str) or not value.lstrip("/").startswith("$"):
        return value
    name, slash, rest = value.lstrip("/")[1:].partition("/")
    if name not in session.request.references:
        raise bad_request(f"Content-ID Reference: '${name}' does not exist in the batch context.")
    return f"{session.request.references[name]}{slash}{rest}"
