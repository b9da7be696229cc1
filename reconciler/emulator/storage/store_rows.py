"""Turns the SQLite rows of one organization into rows of its tables, inside one transaction. Touches the connection it is given."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Mapping
from typing import Any

from reconciler.emulator.context import Row
from reconciler.emulator.errors import duplicate_row, missing_row
from reconciler.emulator.storage.key_index import folded, key_query
from reconciler.emulator.storage.row_cache import RowCache


class StoredRows:
    """The `Rows` of one transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        organization: str,
        version: int,
        primary_ids: Mapping[str, str],
        cache: RowCache,
        *,
        writes: bool,
        is_new: bool = False,
    ) -> None:
        self.is_new = is_new
        self._connection = connection
        self._organization = organization
        self._version = version
        self._primary_ids = primary_ids
        self._cache = cache
        self._writes = writes
        self._notes: dict[str, Any] = {}

    def all(self, table: str, *, draft: bool = False) -> list[Row]:
        """See `Rows.all`."""
        published = self._layer(table, 0)
        if not draft:
            return published
        primary = self._primary_ids[table]
        merged = {row[primary]: row for row in published}
        merged.update((row[primary], row) for row in self._layer(table, 1))
        return [merged[id] for id in sorted(merged)]

    def get(self, table: str, id: str, *, draft: bool = False) -> Row | None:
        """See `Rows.get`."""
        found = self._one(table, id, 1) if draft else None
        return found if found is not None else self._one(table, id, 0)

    def holders(self, table: str, values: Row, *, draft: bool = False) -> list[str]:
        """The ids of the rows that have these values, text without regard to case; quick where the values are an alternate key's."""
        statement, wanted = key_query(table, values)
        found = self._connection.execute(statement, (self._organization, *wanted))
        layers = sorted({id for (id,) in found})
        rows = ((id, self.get(table, id, draft=draft)) for id in layers)
        return [id for id, row in rows if row is not None and all(folded(row.get(n)) == folded(v) for n, v in values.items())]

    def insert(self, table: str, row: Row, *, draft: bool = False) -> Row:
        """See `Rows.insert`."""
        primary = self._primary_ids[table]
        id = str(row.get(primary) or uuid.uuid4()).lower()
        if self.get(table, id, draft=draft) is not None:
            raise duplicate_row()
        stored = {**row, primary: id, "versionnumber": self._next_version()}
        self._put(table, id, int(draft), stored)
        return dict(stored)

    def update(self, table: str, id: str, changes: Row, *, draft: bool = False) -> Row:
        """See `Rows.update`."""
        before = self.get(table, id, draft=draft)
        if before is None:
            raise missing_row(table, id)
        stored = {**before, **changes, "versionnumber": self._next_version()}
        self._put(table, id, int(draft), stored)
        return dict(stored)

    def delete(self, table: str, id: str, *, draft: bool = False) -> None:
        """See `Rows.delete`."""
        self._next_version()
        # Not a range: SQLite would walk the whole table for each row.
        layers = "= 1" if draft else "IN (0, 1)"
        self._connection.execute(
            f"DELETE FROM stored_row WHERE organization = ? AND name = ? AND id = ? AND draft {layers}",  # noqa: S608 - text of our own
            (self._organization, table, id),
        )

    def note(self, key: str) -> Any:
        """See `Rows.note`."""
        # Asked for every row that is shown.
        if key not in self._notes:
            asked = "SELECT body FROM note WHERE organization = ? AND key = ?"
            found = self._connection.execute(asked, (self._organization, key)).fetchone()
            self._notes[key] = json.loads(found[0]) if found else None
        return self._notes[key]

    def set_note(self, key: str, value: Any) -> None:
        """See `Rows.set_note`."""
        text = json.dumps(value)
        self._connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", (self._organization, key, text))
        self._notes[key] = json.loads(text)

    def _next_version(self) -> int:
        self._version += 1
        self._connection.execute("UPDATE organization SET version = ? WHERE name = ?", (self._version, self._organization))
        return self._version

    def _put(self, table: str, id: str, layer: int, row: Row) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO stored_row VALUES (?, ?, ?, ?, ?)",
            (self._organization, table, layer, id, json.dumps(row, ensure_ascii=False)),
        )

    def _one(self, table: str, id: str, layer: int) -> Row | None:
        found = self._connection.execute(
            "SELECT body FROM stored_row WHERE organization = ? AND name = ? AND draft = ? AND id = ?",
            (self._organization, table, layer, id),
        ).fetchone()
        return json.loads(found[0]) if found else None

    def _layer(self, table: str, layer: int) -> list[Row]:
        kept = self._cache.rows(self._organization, self._version, table, layer)
        if kept is None:
            found = self._connection.execute(
                "SELECT body FROM stored_row WHERE organization = ? AND name = ? AND draft = ? ORDER BY id",
                (self._organization, table, layer),
            )
            texts = [body for (body,) in found]
            kept = [json.loads(body) for body in texts]
            if self._writes:
                return kept
            self._cache.keep(self._organization, self._version, table, layer, kept, sum(map(len, texts)))
        return [dict(row) for row in kept]
