"""Turns the SQLite rows of one organization into rows of its tables, inside one transaction. Touches the connection it is given."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from reconciler.emulator.context import Computed, Row
from reconciler.emulator.errors import duplicate_row, missing_row
from reconciler.emulator.storage.key_index import folded, key_query
from reconciler.emulator.storage.row_cache import RowCache

_LONG = 2000


@dataclass(frozen=True, slots=True)
class Opened:
    """What a state file gives to all of its transactions. `shared_text` reads a text by its digest.

    computed   tables whose rows are made from other rows whenever somebody asks; nothing of them is stored
    """

    connection: sqlite3.Connection
    primary_ids: Mapping[str, str]
    cache: RowCache
    shared_text: Callable[[str], str]
    computed: Mapping[str, Computed]


class StoredRows:
    """The `Rows` of one transaction.

    Long texts with which an organization begins, such as those of its forms, are stored once for all organizations, and are one object
    in memory; `stored_row.shared` says which columns of a row have which. What is written later is stored in its row.
    """

    def __init__(self, opened: Opened, organization: str, version: int, *, writes: bool, is_new: bool = False) -> None:
        self.is_new = is_new
        self.version = version
        self._connection = opened.connection
        self._organization = organization
        self._primary_ids = opened.primary_ids
        self._cache = opened.cache
        self._shared_text = opened.shared_text
        self._computed = opened.computed
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
        stored = {**before, **changes, self._primary_ids[table]: id, "versionnumber": self._next_version()}
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
        # The store keeps the last one when the transaction ends.
        self.version += 1
        return self.version

    def _put(self, table: str, id: str, layer: int, row: Row) -> None:
        shared = {name: self._share(value) for name, value in row.items() if _is_long(value)} if self.is_new else {}
        own = {name: value for name, value in row.items() if name not in shared} if shared else row
        self._connection.execute(
            "INSERT OR REPLACE INTO stored_row VALUES (?, ?, ?, ?, ?, ?)",
            (self._organization, table, layer, id, json.dumps(own, ensure_ascii=False), json.dumps(shared) if shared else None),
        )

    def _share(self, text: str) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()
        self._connection.execute("INSERT OR IGNORE INTO shared_text VALUES (?, ?)", (digest, text))
        return digest

    def _loaded(self, body: str, shared: str | None) -> Row:
        row: Row = json.loads(body)
        if shared is not None:
            row.update((name, self._shared_text(digest)) for name, digest in json.loads(shared).items())
        return row

    def _one(self, table: str, id: str, layer: int) -> Row | None:
        if table in self._computed:
            return next((row for row in self._layer(table, layer) if row[self._primary_ids[table]] == id), None)
        found = self._connection.execute(
            "SELECT body, shared FROM stored_row WHERE organization = ? AND name = ? AND draft = ? AND id = ?",
            (self._organization, table, layer, id),
        ).fetchone()
        return self._loaded(*found) if found else None

    def _layer(self, table: str, layer: int) -> list[Row]:
        if table in self._computed:
            return [] if layer else list(self._computed[table](self))
        kept = self._cache.rows(self._organization, self.version, table, layer)
        if kept is None:
            found = self._connection.execute(
                "SELECT body, shared FROM stored_row WHERE organization = ? AND name = ? AND draft = ? ORDER BY id",
                (self._organization, table, layer),
            ).fetchall()
            kept = [self._loaded(body, shared) for body, shared in found]
            if self._writes:
                return kept
            self._cache.keep(self._organization, self.version, table, layer, kept, sum(len(body) for body, _ in found))
        return [dict(row) for row in kept]


def _is_long(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) > _LONG
