"""Answers EntityDefinitions and RelationshipDefinitions: tables, columns, keys and relationships as rows of metadata. Reads only."""

from __future__ import annotations

import re
from collections.abc import Callable

from reconciler.catalog.table import Column, Table
from reconciler.emulator.addresses import GUID, Segment, named_parts, unquoted
from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.errors import NAMESPACE, bad_request, not_emulated, unknown_property, unknown_segment, wrong_method
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.metadata_rows import attribute_row, key_rows, metadata_id, metadata_type, table_row
from reconciler.emulator.metadata.option_sets import option_set_of
from reconciler.emulator.metadata.relationship_rows import MANY_TO_MANY, ONE_TO_MANY, many_to_many, one_to_many, with_type
from reconciler.emulator.metadata.shapes import Model, Shape
from reconciler.emulator.query.conditions import condition
from reconciler.emulator.query.queries import Expand, Query
from reconciler.emulator.session import Session

_ENUMERATION = re.compile(re.escape(NAMESPACE) + r"\.\w+('[^']*')")
_SCALAR = frozenset({"LogicalName", "SchemaName", "AttributeType", "MaxLength", "MinValue", "MaxValue"})
PARTS: dict[str, Callable[[Model, Shape], list[Row]]] = {
    "Attributes": lambda _, shape: [attribute_row(shape, column) for column in shape.properties.values()],
    "Keys": lambda _, shape: key_rows(shape),
    "OneToManyRelationships": lambda model, shape: [r for r in one_to_many(model) if r["ReferencedEntity"] == shape.name],
    "ManyToOneRelationships": lambda model, shape: [r for r in one_to_many(model) if r["ReferencingEntity"] == shape.name],
    "ManyToManyRelationships": lambda model, shape: [
        r for r in many_to_many(model) if shape.name in (r["Entity1LogicalName"], r["Entity2LogicalName"])
    ],
}
"""What a table's definition leads to, and what is expanded with it."""


def definitions(session: Session, segments: tuple[Segment, ...], query: Query) -> Answer:
    """The answer to a path that begins with EntityDefinitions or RelationshipDefinitions; changing what they tell is refused."""
    if session.request.method != "GET":
        raise not_emulated("changes of table definitions") if session.request.method != "HEAD" else wrong_method("HEAD")
    head, rest = segments[0], segments[1:]
    base = f"{session.base_url}/$metadata#{head.name}"
    if head.name == "RelationshipDefinitions":
        return _relationships(session, segments, query, base)
    if head.key is None:
        if rest:
            raise unknown_segment(rest[0].name)
        rows = [table_row(shape) for shape in session.model.shapes.values()]
        shown = [_picked(session, row, query) for row in _filtered(rows, query, session)]
        return Answer(200, {"@odata.context": f"{base}{_selected(query)}", "value": shown})
    shape = _found(session.model, head.key)
    if not rest:
        row = _picked(session, table_row(shape), query)
        return Answer(200, {"@odata.context": f"{base}{_selected(query)}/$entity", **row})
    where = f"{base}('{shape.name}')/{rest[0].name}"
    if rest[0].name == "Attributes":
        return _attributes(session, shape, rest, query, where)
    if rest[0].name not in PARTS:
        raise not_emulated(f"EntityDefinitions(...)/{rest[0].name}")
    return _listed(session, PARTS[rest[0].name](session.model, shape), rest, query, where)


def _relationships(session: Session, segments: tuple[Segment, ...], query: Query, base: str) -> Answer:
    cast = segments[1].name if len(segments) > 1 and segments[1].qualified else None
    ones, pairs = one_to_many(session.model), many_to_many(session.model)
    if cast is None:
        rows = [*with_type(ones, ONE_TO_MANY), *with_type(pairs, MANY_TO_MANY)]
    elif cast in (ONE_TO_MANY, MANY_TO_MANY):
        rows = ones if cast == ONE_TO_MANY else pairs
        base += f"/{NAMESPACE}.{cast}"
    else:
        raise unknown_segment(cast)
    return _listed(session, rows, (segments[0], *segments[1 + (cast is not None) :]), query, base)


def _listed(session: Session, rows: list[Row], segments: tuple[Segment, ...], query: Query, base: str) -> Answer:
    head = segments[0]
    if len(segments) > 1:
        raise not_emulated(f"{head.name}/{segments[1].name}")
    if query.expand:
        raise not_emulated(f"$expand={query.expand[0].name} of {head.name}")
    if head.key is None:
        shown = [_narrowed(row, query) for row in _filtered(rows, query, session)]
        return Answer(200, {"@odata.context": f"{base}{_selected(query)}", "value": shown})
    return Answer(200, {"@odata.context": f"{base}{_selected(query)}/$entity", **_narrowed(_keyed(rows, head), query)})


def _keyed(rows: list[Row], segment: Segment) -> Row:
    key = str(segment.key)
    given = {"MetadataId": key.lower()} if GUID.fullmatch(key) else {n: unquoted(v) for n, v in named_parts(key).items()}
    if set(given) - {"MetadataId", "LogicalName", "SchemaName"}:
        raise bad_request(f"The key in the request URI is not valid for resource '{segment.name}'.")
    for row in rows:
        if all(row.get(name) == value for name, value in given.items()):
            return row
    told = ", ".join(given.values())
    raise DataverseError(404, "0x80060888", f"Could not find an item with specified name: {told} in {segment.name}")


def _attributes(session: Session, shape: Shape, segments: tuple[Segment, ...], query: Query, base: str) -> Answer:
    head, rest = segments[0], segments[1:]
    cast = rest[0].name if rest and rest[0].qualified else None
    if len(rest) > (cast is not None):
        raise not_emulated(f"Attributes/{rest[-1].name}")
    rows = []
    for column in shape.properties.values():
        if cast is not None and metadata_type(column) != cast:
            continue
        row = attribute_row(shape, column)
        for expand in query.expand:
            row[expand.name] = _choices(shape, column, cast, expand)
        rows.append(row)
    where = f"{base}/{NAMESPACE}.{cast}" if cast else base
    expanded = tuple(expand.name for expand in query.expand)
    if head.key is not None:
        # A column that is there but of another type than the cast is refused as a segment, not as a column.
        name = _keyed(PARTS["Attributes"](session.model, shape), head)["LogicalName"]
        found = next((row for row in rows if row["LogicalName"] == name), None)
        if found is None:
            raise unknown_segment(cast or "")
        return Answer(200, {"@odata.context": f"{where}{_selected(query)}/$entity", **_narrowed(found, query, expanded)})
    shown = [_narrowed(row, query, expanded) for row in _filtered(rows, query, session)]
    return Answer(200, {"@odata.context": f"{where}{_selected(query)}", "value": shown})


def _choices(shape: Shape, column: Column, cast: str | None, expand: Expand) -> Row | None:
    if cast is None or expand.name not in ("OptionSet", "GlobalOptionSet"):
        raise unknown_property(expand.name, f"{cast or 'AttributeMetadata'}")
    # Every choice of the embedded Dataverse belongs to its column.
    return option_set_of(shape.table, column, expand.query.select) if expand.name == "OptionSet" else None


def _found(model: Model, key: str) -> Shape:
    if GUID.fullmatch(key):
        shape = next((s for s in model.shapes.values() if metadata_id(s.name) == key.lower()), None)
        name = key
    else:
        name = unquoted(named_parts(key).get("LogicalName", "")) if "=" in key else ""
        shape = model.shapes.get(name)
    if shape is None:
        raise DataverseError(404, "0x80060888", f"Could not find an entity with specified entity name: {name}")
    return shape


def _picked(session: Session, row: Row, query: Query) -> Row:
    shape = session.model.shapes[row["LogicalName"]]
    for expand in query.expand:
        if expand.name not in PARTS or expand.query.expand:
            raise not_emulated(f"$expand={expand.name} of EntityDefinitions")
        parts = PARTS[expand.name](session.model, shape)
        row[expand.name] = [_narrowed(part, expand.query) for part in _filtered(parts, expand.query, session)]
    return _narrowed(row, query, tuple(expand.name for expand in query.expand))


def _narrowed(row: Row, query: Query, expanded: tuple[str, ...] = ()) -> Row:
    if query.select is None:
        return row
    for name in query.select:
        if name not in row and name not in _SCALAR and not name.startswith("Is"):
            raise not_emulated(f"the metadata property '{name}'")
    kept = {"@odata.type", "MetadataId", *query.select, *expanded}
    return {name: value for name, value in row.items() if name in kept}


def _filtered(rows: list[Row], query: Query, session: Session) -> list[Row]:
    if not query.filter or not rows:
        return rows
    # Their values are of many types, and none is checked.
    columns = {name: Column(name, "ManagedProperty") for row in rows for name in row if not name.startswith("@")}
    table = Table("EntityMetadata", "", "MetadataId", None, "", (), next(iter(session.model.shapes.values())).table.source)
    # An enumeration may be written with its type; the rows keep the bare member.
    test = condition(_ENUMERATION.sub(r"\1", query.filter), Shape(table, columns, {}), session)
    return [row for row in rows if test(row)]


def _selected(query: Query) -> str:
    parts = [*(query.select or ()), *(f"{expand.name}{_selected(expand.query) or '()'}" for expand in query.expand)]
    return f"({','.join(parts)})" if parts else ""
