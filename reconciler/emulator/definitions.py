"""Answers EntityDefinitions: tables and columns described as rows of metadata. Pure."""

from __future__ import annotations

import uuid
from typing import Any

from reconciler.catalog.table import Column, Table
from reconciler.emulator.addresses import GUID, Segment, named_parts, unquoted
from reconciler.emulator.conditions import condition
from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.errors import NAMESPACE, not_emulated, unknown_property, unknown_segment, wrong_method
from reconciler.emulator.messages import Answer
from reconciler.emulator.option_sets import label_of, option_set_of
from reconciler.emulator.queries import Query
from reconciler.emulator.session import Session
from reconciler.emulator.shapes import LOOKUPS, Model, Shape

_IDS = uuid.UUID("5a1c1f0e-5e8b-4a0e-9d6c-3b8f7a2d9c41")
_PLAIN = frozenset({"Uniqueidentifier", "BigInt"})
_SCALAR = {"LogicalName", "SchemaName", "AttributeType"}


def definitions(session: Session, segments: tuple[Segment, ...], query: Query) -> Answer:
    """The answer to a path that begins with EntityDefinitions. Reads only; changing tables is refused."""
    if session.request.method != "GET":
        raise not_emulated("changes of table definitions") if session.request.method != "HEAD" else wrong_method("HEAD")
    head, rest = segments[0], segments[1:]
    base = f"{session.base_url}/$metadata#EntityDefinitions"
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
    if rest[0].name == "Attributes":
        return _attributes(session, shape, rest, query, f"{base}('{shape.name}')/Attributes")
    raise not_emulated(f"EntityDefinitions(...)/{rest[0].name}")


def table_row(shape: Shape) -> Row:
    """What is told of a table."""
    table = shape.table
    return {
        "MetadataId": _id(table.name),
        "LogicalName": table.name,
        "SchemaName": _schema_name(table.name),
        "EntitySetName": table.entity_set,
        "LogicalCollectionName": table.entity_set,
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": table.primary_name,
        "DisplayName": label_of(table.label, _id(f"{table.name}/label")),
        "OwnershipType": table.ownership,
        "IsOptimisticConcurrencyEnabled": table.optimistic_concurrency,
        "ChangeTrackingEnabled": True,
        "IsIntersect": table.intersect,
        "IsActivity": False,
        "IsPrivate": False,
        "IsCustomEntity": "_" in table.name,
    }


def attribute_row(shape: Shape, column: Column) -> Row:
    """What is told of a column; `@odata.type` only where the type is a derived one."""
    row: Row = {} if column.type in _PLAIN else {"@odata.type": f"#{NAMESPACE}.{metadata_type(column)}"}
    row |= {
        "MetadataId": _id(f"{shape.name}.{column.name}"),
        "LogicalName": column.name,
        "SchemaName": column.schema_name or _schema_name(column.name),
        "EntityLogicalName": shape.name,
        "AttributeType": column.type,
        "DisplayName": label_of(column.label or column.name, _id(f"{shape.name}.{column.name}/label")),
        "RequiredLevel": {
            "Value": column.required,
            "CanBeChanged": column.required != "SystemRequired",
            "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
        },
        "IsPrimaryId": column.name == shape.table.primary_id,
        "IsPrimaryName": column.name == shape.table.primary_name,
        "IsValidForRead": True,
        "IsValidForCreate": not column.read_only or column.name == shape.table.primary_id,
        "IsValidForUpdate": not column.read_only and column.name != shape.table.primary_id,
    }
    if column.type in ("Integer", "Double", "BigInt"):
        row |= {"MinValue": column.minimum, "MaxValue": column.maximum}
    if column.type in ("String", "Memo"):
        row["MaxLength"] = column.max_length
    if column.type in LOOKUPS:
        row["Targets"] = list(column.targets)
    if column.type in ("Picklist", "State", "Status", "Boolean"):
        row["DefaultValue" if column.type == "Boolean" else "DefaultFormValue"] = -1 if column.default is None else column.default
    return row


def metadata_type(column: Column) -> str:
    """The derived metadata type of a column."""
    return {"Owner": "LookupAttributeMetadata", "Uniqueidentifier": "AttributeMetadata"}.get(column.type, f"{column.type}AttributeMetadata")


def _attributes(session: Session, shape: Shape, segments: tuple[Segment, ...], query: Query, base: str) -> Answer:
    columns = list(shape.properties.values())
    head, rest = segments[0], segments[1:]
    if head.key is not None:
        name = unquoted(named_parts(head.key).get("LogicalName", ""))
        columns = [column for column in columns if column.name == name]
        if not columns:
            raise DataverseError(404, "0x80060888", f"Could not find an attribute with specified name: {name} on {shape.name}")
    cast = rest[0].name if rest and rest[0].qualified else None
    if len(rest) > (cast is not None):
        raise not_emulated(f"Attributes/{rest[-1].name}")
    if cast is not None:
        columns = [column for column in columns if metadata_type(column) == cast]
    rows = []
    for column in columns:
        row = attribute_row(shape, column)
        for expand in query.expand:
            if expand.name != "OptionSet" or cast is None:
                raise unknown_property(expand.name, f"{cast or 'AttributeMetadata'}")
            row["OptionSet"] = option_set_of(shape.table, column, expand.query.select)
        rows.append(_narrowed(row, query, tuple(expand.name for expand in query.expand)))
    if head.key is None:
        rows = _filtered(rows, query, session)
    typed = f"/{NAMESPACE}.{cast}" if cast else ""
    if head.key is not None:
        if not rows:
            raise unknown_segment(cast or "")
        return Answer(200, {"@odata.context": f"{base}{typed}{_selected(query)}/$entity", **rows[0]})
    return Answer(200, {"@odata.context": f"{base}{typed}{_selected(query)}", "value": rows})


def _found(model: Model, key: str) -> Shape:
    if GUID.fullmatch(key):
        shape = next((s for s in model.shapes.values() if _id(s.name) == key.lower()), None)
        name = key
    else:
        name = unquoted(named_parts(key).get("LogicalName", "")) if "=" in key else ""
        shape = model.shapes.get(name)
    if shape is None:
        raise DataverseError(404, "0x80060888", f"Could not find an entity with specified entity name: {name}")
    return shape


def _picked(session: Session, row: Row, query: Query) -> Row:
    for expand in query.expand:
        if expand.name != "Attributes":
            raise not_emulated(f"$expand={expand.name} of EntityDefinitions")
        shape = session.model.shapes[row["LogicalName"]]
        columns = [attribute_row(shape, column) for column in shape.properties.values()]
        row["Attributes"] = [_narrowed(c, expand.query) for c in _filtered(columns, expand.query, session)]
    return _narrowed(row, query, tuple(expand.name for expand in query.expand))


def _narrowed(row: Row, query: Query, expanded: tuple[str, ...] = ()) -> Row:
    if query.select is None:
        return row
    for name in query.select:
        if name not in row and name not in _SCALAR and not name.startswith("Is") and name not in ("MaxLength", "MinValue", "MaxValue"):
            raise not_emulated(f"the metadata property '{name}'")
    kept = {"@odata.type", "MetadataId", *query.select, *expanded}
    return {name: value for name, value in row.items() if name in kept}


def _filtered(rows: list[Row], query: Query, session: Session) -> list[Row]:
    if not query.filter or not rows:
        return rows
    columns = {name: Column(name, "String") for name in rows[0] if not name.startswith("@")}
    table = Table("EntityMetadata", "", "MetadataId", None, "", (), next(iter(session.model.shapes.values())).table.source)
    test = condition(query.filter, Shape(table, columns, {}), session.model, session)
    return [row for row in rows if test(row)]


def _selected(query: Query) -> str:
    return f"({','.join(query.select)})" if query.select else ""


def _schema_name(name: str) -> str:
    return name if "_" in name else name[:1].upper() + name[1:]


def _id(name: str) -> Any:
    return str(uuid.uuid5(_IDS, name))
