"""One request in its transaction: rows as they are shown, with what the domain computes. Touches nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.emulator.context import Context, Domain, Row
from reconciler.emulator.errors import missing_row
from reconciler.emulator.messages import Preferences, Request
from reconciler.emulator.metadata.shapes import Collection, Model, Shape
from reconciler.emulator.storage.store_rows import StoredRows


@dataclass(slots=True)
class Session:
    """Everything that answering one request needs."""

    context: Context
    rows: StoredRows
    domain: Domain
    model: Model
    request: Request
    preferences: Preferences

    @property
    def base_url(self) -> str:
        """The root of this organization's Web API, without a slash at its end."""
        return self.context.base_url

    @property
    def caller_id(self) -> str:
        """Who asks."""
        return str(self.context.caller["systemuserid"])

    def is_drafted(self, shape: Shape) -> bool:
        """Whether writes go to a draft."""
        return shape.name in self.domain.drafted

    def row(self, shape: Shape, id: str) -> Row | None:
        """The published row as it is shown, or None."""
        found = self.rows.get(shape.name, id.lower())
        return None if found is None else self.shown(shape, found)

    def existing(self, shape: Shape, id: str) -> Row:
        """The published row as it is shown; 404 when there is none."""
        found = self.row(shape, id)
        if found is None:
            raise missing_row(shape.name, id)
        return found

    def all(self, shape: Shape) -> list[Row]:
        """Every published row as it is shown."""
        return [self.shown(shape, row) for row in self.rows.all(shape.name)]

    def shown(self, shape: Shape, row: Row) -> Row:
        """The row with its computed columns."""
        return self.domain.after_read(self.context, shape.name, row)

    def members(self, collection: Collection, id: str) -> list[Row]:
        """The rows that a collection of the row `id` leads to, in a stable order."""
        target = self.model.shapes[collection.target]
        if collection.intersect is None:
            return [self.shown(target, row) for row in self.rows.all(target.name) if row.get(collection.back) == id]
        pairs = self.rows.all(collection.intersect)
        ids = sorted({pair[collection.back] for pair in pairs if pair.get(collection.own) == id})
        return [row for found in ids if (row := self.row(target, found)) is not None]
