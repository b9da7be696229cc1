"""Finds the tables and columns that a query names, by logical names. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.errors import not_emulated
from reconciler.emulator.fetch.model import Entity, Fetch
from reconciler.emulator.metadata.shapes import Model, Shape

Joined = dict[str, Row | None]
"""One row of the joined tables by alias ("" for the root); None where an outer join found no partner."""


@dataclass(frozen=True, slots=True)
class Located:
    """A column of one of the joined tables: whose it is, and under which property its value stands."""

    alias: str
    column: Column
    property: str

    def of(self, joined: Joined) -> Any:
        """Its value in one joined row; None where the table has no partner."""
        row = joined.get(self.alias)
        return None if row is None else row.get(self.property)


class Tables:
    """The tables of one query by alias. Refuses tables and aliases that are not there."""

    def __init__(self, fetch: Fetch, model: Model) -> None:
        self.shapes: dict[str, Shape] = {}
        self._model = model
        self._add(fetch.entity)

    def _add(self, entity: Entity) -> None:
        shape = self._model.shapes.get(entity.name)
        if shape is None:
            text = f"The entity with a name = '{entity.name}' with namemapping = 'Logical' was not found in the MetadataCache."
            raise DataverseError(400, "0x80041102", text)
        if entity.alias in self.shapes:
            raise DataverseError(400, "0x80041130", f"The alias '{entity.alias}' stands for two tables of the query.")
        self.shapes[entity.alias] = shape
        for link in entity.links:
            self._add(link)

    def locate(self, alias: str, name: str) -> Located:
        """The column of that logical name; lookups are named without the underscores of their property."""
        shape = self.shapes.get(alias) or next((s for a, s in self.shapes.items() if a and s.name == alias), None)
        if shape is None:
            raise DataverseError(400, "0x80041102", f"No table of the query has the alias '{alias}'.")
        if alias not in self.shapes:
            alias = next(known for known, other in self.shapes.items() if known and other is shape)
        property = name if name in shape.properties and not name.startswith("_") else f"_{name}_value"
        if property in shape.properties:
            return Located(alias, shape.properties[property], property)
        if name.endswith("name") and f"_{name.removesuffix('name')}_value" in shape.properties:
            raise not_emulated(f"the name column '{name}' of a lookup; link its table instead")
        text = f"'{shape.name}' entity doesn't contain attribute with Name = '{name}' and NameMapping = 'Logical'."
        raise DataverseError(400, "0x80041103", text)
