"""Describes lookups and associations as rows of relationship metadata. Pure."""

from __future__ import annotations

from reconciler.catalog.table import Association, Column
from reconciler.emulator.context import Row
from reconciler.emulator.errors import NAMESPACE
from reconciler.emulator.metadata.cascades import on_delete
from reconciler.emulator.metadata.metadata_rows import managed_property, metadata_id
from reconciler.emulator.metadata.shapes import Model, Shape

ONE_TO_MANY = "OneToManyRelationshipMetadata"
MANY_TO_MANY = "ManyToManyRelationshipMetadata"
_CASCADES = ("Assign", "Delete", "Archive", "Merge", "Reparent", "Share", "Unshare", "RollupView")


def one_to_many(model: Model) -> list[Row]:
    """Every lookup, once for each table that it may point to; an owner points to the abstract table `owner`.

    A relationship is called as its collection is; where the catalogue names none, the name is ours.
    """
    rows = []
    for shape in model.shapes.values():
        for column in shape.properties.values():
            if column.type == "Owner":
                rows.append(_one_to_many(shape, column, f"owner_{shape.table.entity_set}", ("owner", "ownerid", None), column.name))
                continue
            for place, target in enumerate(column.targets):
                if target not in model.shapes:
                    continue
                collection = column.collections[place] if place < len(column.collections) else ""
                several = f"_{target}" if len(column.targets) > 1 else ""
                name = collection or f"lk_{shape.name}_{column.name}{several}"
                end = (target, model.shapes[target].table.primary_id, collection or None)
                rows.append(_one_to_many(shape, column, name, end, column.navigation_to(target)))
    return rows


def many_to_many(model: Model) -> list[Row]:
    """Every association between tables that are there."""
    return [_many_to_many(model, pair) for pair in model.associations if pair.first in model.shapes and pair.second in model.shapes]


def with_type(rows: list[Row], kind: str) -> list[Row]:
    """The rows with the type that a list of mixed relationships needs."""
    return [{"@odata.type": f"#{NAMESPACE}.{kind}", **row} for row in rows]


def _one_to_many(shape: Shape, column: Column, name: str, end: tuple[str, str, str | None], navigation: str) -> Row:
    target, target_id, collection = end
    return {
        **_common(name, "OneToManyRelationship"),
        "ReferencedEntity": target,
        "ReferencedAttribute": target_id,
        "ReferencingEntity": shape.name,
        "ReferencingAttribute": column.name,
        "ReferencedEntityNavigationPropertyName": collection,
        "ReferencingEntityNavigationPropertyName": navigation,
        "IsHierarchical": False,
        "CascadeConfiguration": {what: on_delete(column) if what == "Delete" else "NoCascade" for what in _CASCADES},
    }


def _many_to_many(model: Model, pair: Association) -> Row:
    first, second = model.shapes[pair.first], model.shapes[pair.second]
    return {
        **_common(pair.name, "ManyToManyRelationship"),
        "IntersectEntityName": pair.intersect,
        "Entity1LogicalName": pair.first,
        "Entity1IntersectAttribute": first.table.primary_id,
        "Entity1NavigationPropertyName": pair.name,
        "Entity2LogicalName": pair.second,
        "Entity2IntersectAttribute": second.table.primary_id,
        "Entity2NavigationPropertyName": pair.name,
    }


def _common(name: str, kind: str) -> Row:
    return {
        "MetadataId": metadata_id(f"relationship/{name}"),
        "HasChanged": None,
        "SchemaName": name,
        "RelationshipType": kind,
        "IsCustomRelationship": False,
        "IsManaged": True,
        "IsValidForAdvancedFind": True,
        "SecurityTypes": "None",
        "IsCustomizable": managed_property("iscustomizable"),
    }
