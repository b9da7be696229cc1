"""Turns one body with rows inside it into several stored rows that point to each other. Writes through the transaction."""

from __future__ import annotations

from typing import Any

from reconciler.emulator.addresses import resolve_reference
from reconciler.emulator.context import Row
from reconciler.emulator.errors import NAMESPACE, bad_request, broken_body, direct_lookup, missing_row, unparsed_reference
from reconciler.emulator.metadata.shapes import Collection, Navigation, Shape
from reconciler.emulator.rows.pairs import join
from reconciler.emulator.rows.payloads import changes_of, check_writable, pointing, with_references
from reconciler.emulator.rows.storing import insert_row
from reconciler.emulator.session import Session

_MAX_DEPTH = 20


def insert(session: Session, shape: Shape, body: dict[str, Any], given: Row | None = None, depth: int = 0) -> Row:
    """Stores the row of a body, after the rows that its lookups hold and before those of its collections; returns the row.

    `given`: columns that something else than the body sets, whatever the body says. The depth is bounded; the caller's transaction
    makes it all or nothing.
    """
    if depth > _MAX_DEPTH:
        raise bad_request(f"A body may hold rows inside rows to a depth of {_MAX_DEPTH}.")
    if depth == 0:
        session.count_inserted(_rows_in(body))
    lookups = {name: value for name, value in body.items() if name in shape.navigations and isinstance(value, dict)}
    members = {name: value for name, value in body.items() if name in shape.collections}
    binds = {name: value for name, value in body.items() if name.removesuffix("@odata.bind") in shape.collections and "@" in name}
    nested = {*lookups, *members, *binds}
    changes = changes_of(session, shape, {name: value for name, value in body.items() if name not in nested}, creates=True)
    for name, value in lookups.items():
        changes.update(_pointed_to_new(session, shape.navigations[name], value, depth))
    stored = insert_row(session, shape, {**changes, **(given or {})})
    id = str(stored[shape.table.primary_id])
    for name, value in members.items():
        for child in _listed(name, value, dict):
            _insert_member(session, shape, shape.collections[name], id, child, depth)
    for name, value in binds.items():
        for reference in _listed(name, value, str):
            _bind_member(session, shape, shape.collections[name.removesuffix("@odata.bind")], id, reference)
    return stored


def _rows_in(body: dict[str, Any]) -> int:
    found, waiting = 0, [body]
    while waiting:
        row = waiting.pop()
        found += 1
        for value in row.values():
            waiting += [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
    return found


def _listed(name: str, value: Any, kind: type) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
        raise broken_body(f"'{name}' is a list of {'objects' if kind is dict else 'references'}.")
    return value


def _pointed_to_new(session: Session, step: Navigation, body: dict[str, Any], depth: int) -> Row:
    if step.column.read_only:
        raise direct_lookup()
    wanted = str(body.get("@odata.type", "")).removeprefix("#").removeprefix(f"{NAMESPACE}.")
    target = session.model.shapes.get(wanted or step.targets[0])
    if target is None or target.name not in step.targets:
        raise unparsed_reference()
    row = insert(session, target, body, depth=depth + 1)
    return pointing(step.column, target.name, str(row[target.table.primary_id]))


def _insert_member(session: Session, shape: Shape, collection: Collection, own: str, body: dict[str, Any], depth: int) -> None:
    target = session.model.shapes[collection.target]
    if collection.intersect is not None:
        join(session, shape, collection, own, insert(session, target, body, depth=depth + 1))
        return
    back = target.properties[collection.back]
    check_writable(target, back)
    insert(session, target, body, pointing(back, shape.name, own), depth + 1)


def _bind_member(session: Session, shape: Shape, collection: Collection, own: str, reference: str) -> None:
    target, id = resolve_reference(session.model, with_references(session, reference), session.rows)
    if target.name != collection.target:
        raise unparsed_reference()
    other = session.rows.get(target.name, id)
    if other is None:
        raise missing_row(target.name, id)
    join(session, shape, collection, own, other)
