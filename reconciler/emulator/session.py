"""One request in its transaction: rows as they are shown, with what the domain computes. Touches nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.catalog.tables.labels import ENGLISH, SPOKEN
from reconciler.emulator.context import Context, Domain, Row
from reconciler.emulator.errors import bad_request, missing_row
from reconciler.emulator.messages import Preferences, Request
from reconciler.emulator.metadata.shapes import Collection, Model, Shape
from reconciler.emulator.query.operators import Asker
from reconciler.emulator.storage.store_rows import StoredRows

_MOST_EXPANDED = 50_000
_MOST_INSERTED = 10_000


@dataclass(slots=True)
class Session:
    """Everything that answering one request needs."""

    context: Context
    rows: StoredRows
    domain: Domain
    model: Model
    request: Request
    preferences: Preferences
    _readable: set[str] = field(default_factory=set)
    _language: int | None = None
    _members: dict[tuple[str, str], dict[str, list[Row]]] = field(default_factory=dict)
    _expanded: int = 0
    _inserted: int = 0

    @property
    def base_url(self) -> str:
        """The root of this organization's Web API, without a slash at its end."""
        return self.context.base_url

    @property
    def caller_id(self) -> str:
        """Who asks."""
        return str(self.context.caller["systemuserid"])

    @property
    def language(self) -> int:
        """The language of labels: the caller's where there are labels in it, else the organization's base language, else English."""
        if self._language is None:
            settings = self.rows.get("usersettings", self.caller_id) or {}
            organization: Row = next(iter(self.rows.all("organization")), {})
            wanted = (settings.get("uilanguageid"), organization.get("languagecode"))
            self._language = next((int(code) for code in wanted if code in SPOKEN), ENGLISH)
        return self._language

    @property
    def asker(self) -> Asker:
        """What conditions of a query may compare with."""
        unit = self.context.caller.get("_businessunitid_value")
        return Asker(self.context.now, self.caller_id, None if unit is None else str(unit), self.language)

    def is_drafted(self, shape: Shape) -> bool:
        """Whether writes go to a draft."""
        return shape.name in self.domain.drafted

    def row(self, shape: Shape, id: str) -> Row | None:
        """The published row as it is shown, or None."""
        self.check_read(shape)
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
        self.check_read(shape)
        rows = self.rows.all(shape.name)
        self.spend(len(rows))
        return [self.shown(shape, row) for row in rows]

    def check_read(self, shape: Shape) -> None:
        """Refuses a caller who may not read the table; asked once a request."""
        if shape.name not in self._readable:
            self.domain.check_read(self.context, shape.name)
            self._readable.add(shape.name)

    def shown(self, shape: Shape, row: Row) -> Row:
        """The row with its computed columns."""
        self.check_read(shape)
        return self.domain.after_read(self.context, shape.name, row)

    def members_by_row(self, collection: Collection) -> dict[str, list[Row]]:
        """What `members` says of every row that has members, found in one pass."""
        target = self.model.shapes[collection.target]
        self.check_read(target)
        found: dict[str, list[Row]] = {}
        if collection.intersect is None:
            rows = self.rows.all(target.name)
            self.spend(len(rows))
            for row in rows:
                if row.get(collection.back) is not None:
                    found.setdefault(row[collection.back], []).append(self.shown(target, row))
            return found
        others = {str(row[target.table.primary_id]): row for row in self.all(target)}
        pairs = sorted({(str(pair[collection.back]), str(pair[collection.own])) for pair in self.rows.all(collection.intersect)})
        for other, own in pairs:
            if other in others:
                found.setdefault(own, []).append(others[other])
        return found

    def expanded_members(self, collection: Collection, id: str) -> list[Row]:
        """What `members` says, found for all rows at once where nothing is written meanwhile."""
        if self.request.method != "GET":
            return self.members(collection, id)
        key = (collection.target, collection.name)
        if key not in self._members:
            self._members[key] = self.members_by_row(collection)
        return self._members[key].get(id, [])

    def count_expanded(self, number: int) -> None:
        """Refuses an answer whose expanded rows multiply beyond reason."""
        self._expanded += number
        if self._expanded > _MOST_EXPANDED:
            raise bad_request(f"The answer would hold more than {_MOST_EXPANDED:,} expanded rows; use $select, $filter and $top.")

    def count_inserted(self, number: int) -> None:
        """Refuses bodies that hold more rows than one request may make."""
        self._inserted += number
        if self._inserted > _MOST_INSERTED:
            raise bad_request(f"The body holds more than {_MOST_INSERTED:,} rows, the limit of the embedded Dataverse.")

    def spend(self, number: int) -> None:
        """Counts rows and tests; refuses a request that needs too many."""
        self.request.work.spend(number)

    def members(self, collection: Collection, id: str) -> list[Row]:
        """The rows that a collection of the row `id` leads to, in a stable order."""
        target = self.model.shapes[collection.target]
        self.check_read(target)
        if collection.intersect is None:
            return [self.shown(target, row) for row in self.rows.all(target.name) if row.get(collection.back) == id]
        pairs = self.rows.all(collection.intersect)
        ids = sorted({pair[collection.back] for pair in pairs if pair.get(collection.own) == id})
        return [row for found in ids if (row := self.row(target, found)) is not None]
