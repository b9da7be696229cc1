"""Carries out CreateMultiple, UpdateMultiple and UpsertMultiple: many rows of one table, all or nothing. Writes rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from reconciler.emulator.addresses import GUID, Located, locate, referenced
from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.errors import NAMESPACE, bad_request, broken_body, missing_key, missing_row, unparsed_reference, wrong_type
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.rows.deep_inserts import insert
from reconciler.emulator.rows.payloads import body_of, changes_of, key_values
from reconciler.emulator.rows.storing import change_row, insert_row, refuse_intersect
from reconciler.emulator.session import Session

MAX_TARGETS = 10_000
"""Ours: the service has limits of size and time only, and one thread serves everybody here."""


def _create_multiple(session: Session, shape: Shape, targets: list[dict[str, Any]]) -> Answer:
    ids = [insert(session, shape, target)[shape.table.primary_id] for target in targets]
    return Answer(200, {"@odata.context": f"{session.base_url}/$metadata#{NAMESPACE}.CreateMultipleResponse", "Ids": ids})


def _update_multiple(session: Session, shape: Shape, targets: list[dict[str, Any]]) -> Answer:
    seen: set[str] = set()
    for target in targets:
        found = _named(session, shape, target)
        if found is None:
            raise bad_request(f"Every target of UpdateMultiple needs its primary key '{shape.table.primary_id}' or '@odata.id'.")
        before = _stored(session, shape, found)
        if before is None:
            raise missing_row(shape.name, found.id) if found.id else missing_key(shape.name)
        id = str(before[shape.table.primary_id])
        # Of several targets for one row the service performs the first and ignores the others.
        if id not in seen:
            _change(session, shape, before, target)
        seen.add(id)
    return Answer(204)


def _upsert_multiple(session: Session, shape: Shape, targets: list[dict[str, Any]]) -> Answer:
    seen: set[str] = set()
    for target in targets:
        found = _named(session, shape, target) or _held(session, shape, target) or Located(None, {})
        before = _stored(session, shape, found)
        if before is not None and str(before[shape.table.primary_id]) in seen:
            raise bad_request("Several targets of UpsertMultiple have the same primary key or alternate key.")
        if before is not None:
            row = _change(session, shape, before, target)
        else:
            given = {**key_values(session, shape, found.given), **({shape.table.primary_id: found.id} if found.id else {})}
            row = insert_row(session, shape, {**changes_of(session, shape, target, creates=True), **given})
        seen.add(str(row[shape.table.primary_id]))
    return Answer(204)


_ACTIONS: Mapping[str, Callable[[Session, Shape, list[dict[str, Any]]], Answer]] = MappingProxyType(
    {
        "CreateMultiple": _create_multiple,
        "UpdateMultiple": _update_multiple,
        "UpsertMultiple": _upsert_multiple,
    }
)
MULTIPLES = frozenset({*_ACTIONS, "DeleteMultiple"})
"""Actions bound to the collection of every table."""


def write_multiple(session: Session, shape: Shape, name: str) -> Answer:
    """Carries out one of MULTIPLES with the `Targets` of the body; a refused target refuses them all."""
    if name == "DeleteMultiple":
        # For elastic tables only, and every table here is a standard one (the text is documented, its code is not).
        raise DataverseError(400, "0x80040203", "DeleteMultiple has not yet been implemented.")
    refuse_intersect(session, shape)
    targets = body_of(session).get("Targets")
    if not isinstance(targets, list) or not targets or not all(isinstance(target, dict) for target in targets):
        raise broken_body("'Targets' is a list of at least one object.")
    if len(targets) > MAX_TARGETS:
        raise bad_request(f"'Targets' holds {len(targets)} rows; the limit of the embedded Dataverse is {MAX_TARGETS}.")
    for target in targets:
        kind = str(target.get("@odata.type", ""))
        if kind.removeprefix("#") != f"{NAMESPACE}.{shape.name}":
            told = f"'{kind[:100]}'" if kind else "none"
            raise bad_request(f"Every target needs '@odata.type': '{NAMESPACE}.{shape.name}'; one has {told}.")
    return _ACTIONS[name](session, shape, targets)


def _change(session: Session, shape: Shape, before: Row, target: dict[str, Any]) -> Row:
    changes = changes_of(session, shape, target, creates=False)
    changes.pop(shape.table.primary_id, None)
    return change_row(session, shape, before, changes)


def _named(session: Session, shape: Shape, target: dict[str, Any]) -> Located | None:
    """What the target itself says which row it is: by an address or by the primary id."""
    draft = session.is_drafted(shape)
    if "@odata.id" in target:
        named, key = referenced(session.model, target["@odata.id"])
        if named.name != shape.name:
            raise unparsed_reference()
        return locate(shape, key, session.rows, draft=draft)
    id = target.get(shape.table.primary_id)
    if id is None:
        return None
    if not isinstance(id, str) or not GUID.fullmatch(id):
        raise wrong_type(shape.table.primary_id, id, "Edm.Guid", shape.table.entity_set)
    return Located(id.lower(), {})


def _held(session: Session, shape: Shape, target: dict[str, Any]) -> Located | None:
    """The row that has the values of an alternate key which are among the target's columns."""
    for key in shape.table.keys:
        values = {name: target.get(name) for name in key}
        if None not in values.values():
            holders = session.rows.holders(shape.name, values, draft=session.is_drafted(shape))
            if holders:
                return Located(holders[0], {})
    return None


def _stored(session: Session, shape: Shape, found: Located) -> Row | None:
    return session.rows.get(shape.name, found.id, draft=session.is_drafted(shape)) if found.id else None
