"""Turns catalogue tables into what the Web API shows of them: properties, lookups, collections. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.catalog.table import Association, Column, Table

LOOKUPS = frozenset({"Lookup", "Owner"})
PRINCIPALS = frozenset({"systemuser", "team"})
"""Tables whose rows may own others: kinds of the abstract principal, whose key is `ownerid`."""

_STANDARD = (
    Column("createdon", "DateTime", "Created On", read_only=True),
    Column("modifiedon", "DateTime", "Modified On", read_only=True),
    Column("createdby", "Lookup", "Created By", targets=("systemuser",), read_only=True),
    Column("modifiedby", "Lookup", "Modified By", targets=("systemuser",), read_only=True),
    Column("createdonbehalfby", "Lookup", "Created By (Delegate)", targets=("systemuser",), read_only=True),
    Column("modifiedonbehalfby", "Lookup", "Modified By (Delegate)", targets=("systemuser",), read_only=True),
    Column("versionnumber", "BigInt", "Version Number", read_only=True),
)


@dataclass(frozen=True, slots=True)
class Navigation:
    """A single-valued navigation property: where it leads (several tables only for an owner) and where the id stands."""

    name: str
    column: Column
    targets: tuple[str, ...]

    @property
    def stored(self) -> str:
        """The property that holds the id."""
        return f"_{self.column.name}_value"


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection-valued navigation property: by a lookup of the target that points back, or by an intersect table."""

    name: str
    target: str
    back: str
    intersect: str | None = None
    own: str = ""


@dataclass(slots=True)
class Shape:
    """One table as the Web API shows it. `properties` is in the order of answers."""

    table: Table
    properties: dict[str, Column]
    navigations: dict[str, Navigation]
    collections: dict[str, Collection] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Logical name of the table."""
        return self.table.name

    @property
    def stamps(self) -> bool:
        """Whether rows tell who wrote them and when."""
        return "_createdby_value" in self.properties


@dataclass(frozen=True, slots=True)
class Model:
    """Every table, by logical name and by entity set."""

    shapes: Mapping[str, Shape]
    sets: Mapping[str, Shape]
    associations: tuple[Association, ...]


def build_model(tables: Mapping[str, Table], associations: Iterable[Association]) -> Model:
    """The shapes of all tables, joined by their lookups and associations; what leads to an unknown table is left out."""
    shapes = {name: _shape(table) for name, table in tables.items()}
    for shape in shapes.values():
        for column in shape.properties.values():
            for target, name in zip(column.targets, column.collections, strict=False):
                if name and target in shapes:
                    shapes[target].collections[name] = Collection(name, shape.name, f"_{column.name}_value")
    kept = tuple(associations)
    for pair in kept:
        if pair.first in shapes and pair.second in shapes:
            for here, there in ((pair.first, pair.second), (pair.second, pair.first)):
                own, back = shapes[here].table.primary_id, shapes[there].table.primary_id
                shapes[here].collections[pair.name] = Collection(pair.name, there, back, pair.intersect, own)
    return Model(shapes, {shape.table.entity_set: shape for shape in shapes.values()}, kept)


def _shape(table: Table) -> Shape:
    described = {column.name for column in table.columns}
    wanted = [c for c in _STANDARD if c.name == "versionnumber" or (table.audited and not table.intersect)]
    columns = (*table.columns, *(c for c in wanted if c.name not in described))
    properties: dict[str, Column] = {}
    navigations: dict[str, Navigation] = {}
    for column in columns:
        if column.type not in LOOKUPS:
            properties[column.name] = column
            continue
        properties[f"_{column.name}_value"] = column
        for target in column.targets:
            name = column.navigation_to(target)
            navigations[name] = Navigation(name, column, (target,))
        if column.type == "Owner":
            # The owner is an abstract principal: one navigation property, whatever table it leads to.
            navigations[column.name] = Navigation(column.name, column, column.targets)
    return Shape(table, properties, navigations)
