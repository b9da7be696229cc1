"""Describes tables, columns and alternate keys as rows of metadata, as EntityDefinitions shows them. Pure."""

from __future__ import annotations

import uuid
from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.context import Row
from reconciler.emulator.errors import NAMESPACE
from reconciler.emulator.metadata.option_sets import label_of
from reconciler.emulator.metadata.shapes import LOOKUPS, Shape
from reconciler.emulator.metadata.type_codes import type_code

_IDS = uuid.UUID("5a1c1f0e-5e8b-4a0e-9d6c-3b8f7a2d9c41")
_PARTIES = frozenset({"account", "contact", "lead", "opportunity"})
_PLAIN = frozenset({"Uniqueidentifier", "BigInt"})


def metadata_id(name: str) -> str:
    """The MetadataId of whatever has that name; the same in every organization and on every run."""
    return str(uuid.uuid5(_IDS, name))


def managed_property(name: str, *, value: Any = True, can_change: bool = True) -> Row:
    """A managed property of the metadata: an object with a value and whether it may be changed."""
    return {"Value": value, "CanBeChanged": can_change, "ManagedPropertyLogicalName": name}


def table_row(shape: Shape) -> Row:
    """What is told of a table."""
    table = shape.table
    return {
        "MetadataId": metadata_id(table.name),
        "HasChanged": None,
        "LogicalName": table.name,
        "SchemaName": _schema_name(table.name),
        "EntitySetName": table.entity_set,
        "LogicalCollectionName": table.entity_set,
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": table.primary_name,
        "DisplayName": label_of(table.label, metadata_id(f"{table.name}/label")),
        "OwnershipType": table.ownership,
        "IsOptimisticConcurrencyEnabled": table.optimistic_concurrency,
        "ChangeTrackingEnabled": True,
        "IsAuditEnabled": managed_property("canmodifyauditsettings", value=table.audit_enabled),
        "IsIntersect": table.intersect,
        "IsActivity": table.primary_id == "activityid",
        "HasActivities": table.name in _PARTIES,
        "HasNotes": table.name in _PARTIES or table.primary_id == "activityid",
        "ObjectTypeCode": type_code(table.name),
        "IsManaged": True,
        "IsValidForAdvancedFind": not table.intersect,
        "IsPrivate": False,
        "IsCustomEntity": "_" in table.name,
    }


def attribute_row(shape: Shape, column: Column) -> Row:
    """What is told of a column; `@odata.type` only where the type is a derived one."""
    row: Row = {} if column.type in _PLAIN else {"@odata.type": f"#{NAMESPACE}.{metadata_type(column)}"}
    row |= {
        "MetadataId": metadata_id(f"{shape.name}.{column.name}"),
        "HasChanged": None,
        "AttributeOf": None,
        "LogicalName": column.name,
        "SchemaName": column.schema_name or _schema_name(column.name),
        "EntityLogicalName": shape.name,
        "AttributeType": column.type,
        "ColumnNumber": list(shape.properties.values()).index(column) + 1,
        "AttributeTypeName": {"Value": f"{column.type}Type"},
        "DisplayName": label_of(column.label or column.name, metadata_id(f"{shape.name}.{column.name}/label")),
        "RequiredLevel": managed_property(
            "canmodifyrequirementlevelsettings", value=column.required, can_change=column.required != "SystemRequired"
        ),
        "IsPrimaryId": column.name == shape.table.primary_id,
        "IsPrimaryName": column.name == shape.table.primary_name,
        "IsCustomAttribute": "_" in column.name and "_" in shape.name,
        "IsLogical": False,
        "IsValidForRead": True,
        "IsValidForCreate": not column.read_only or column.name == shape.table.primary_id,
        "IsValidForUpdate": not column.read_only and column.name != shape.table.primary_id,
    }
    return row | _of_its_type(column)


def _of_its_type(column: Column) -> Row:
    if column.type == "Money":
        return {"MinValue": column.minimum, "MaxValue": column.maximum, "Precision": 2, "PrecisionSource": 2}
    if column.type in ("Integer", "Double", "BigInt"):
        return {"MinValue": column.minimum, "MaxValue": column.maximum}
    if column.type in ("String", "Memo"):
        return {"MaxLength": column.max_length}
    if column.type in LOOKUPS:
        return {"Targets": list(column.targets)}
    default = -1 if column.default is None else column.default
    if column.type == "Boolean":
        return {"DefaultValue": default}
    return {"DefaultFormValue": default} if column.type in ("Picklist", "State", "Status") else {}


def metadata_type(column: Column) -> str:
    """The derived metadata type of a column."""
    return {"Owner": "LookupAttributeMetadata", "Uniqueidentifier": "AttributeMetadata"}.get(column.type, f"{column.type}AttributeMetadata")


def key_rows(shape: Shape) -> list[Row]:
    """What is told of a table's alternate keys. Their names are ours: the catalogue knows the columns only."""
    rows = []
    for columns in shape.table.keys:
        name = "_".join((shape.name, *columns, "key"))
        rows.append(
            {
                "MetadataId": metadata_id(name),
                "HasChanged": None,
                "LogicalName": name.lower(),
                "SchemaName": name,
                "EntityLogicalName": shape.name,
                "DisplayName": label_of(" ".join(columns), metadata_id(f"{name}/label")),
                "KeyAttributes": list(columns),
                "EntityKeyIndexStatus": "Active",
                "AsyncJob": None,
                "IsManaged": False,
                "IsCustomizable": managed_property("iscustomizable"),
            }
        )
    return rows


def _schema_name(name: str) -> str:
    return name if "_" in name else name[:1].upper() + name[1:]
