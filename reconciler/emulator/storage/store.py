"""Keeps the rows of all organizations in one SQLite file, as transactions. Touches that file."""

from __future__ import annotations

import errno
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from reconciler.catalog.table import Table
from reconciler.emulator.storage.key_index import index_keys
from reconciler.emulator.storage.row_cache import RowCache
from reconciler.emulator.storage.store_rows import StoredRows

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS organization (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (organization TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (organization, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stored_row (
    organization TEXT, name TEXT, draft INTEGER, id TEXT, body TEXT NOT NULL,
    PRIMARY KEY (organization, name, draft, id)
) WITHOUT ROWID;
"""
_FIRST_VERSION = 1000
_LAST_VERSION = "last_version"
_BUSY_SECONDS = 20.0


class Store:
    """One state file. Two processes may use it at once: a writer waits for the other one, a reader for nobody."""

    def __init__(self, path: Path, tables: dict[str, Table] | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._primary_ids = {name: table.primary_id for name, table in (tables or {}).items()}
        self._cache = RowCache()
        # For its owner only: it keeps the key of a certificate and the one that tokens are signed with.
        path.touch(mode=0o600)
        # One thread at a time uses the connection: the listeners' thread once it runs, the caller's before and after.
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS)
        except sqlite3.OperationalError as error:
            raise _unusable(path, error) from None
        try:
            self._wait_for_wal()
            self._connection.execute("PRAGMA synchronous = NORMAL")
            if self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'stored_row'").fetchone() is None:
                self._connection.executescript(_SCHEMA)
            index_keys(self._connection, [(t.name, t.key_properties(key)) for t in (tables or {}).values() for key in t.keys])
        except sqlite3.OperationalError as error:
            self._connection.close()
            raise _unusable(path, error) from None
        except sqlite3.DatabaseError as error:
            self._connection.close()
            said = f"is not a state file of the embedded Dataverse ({error}); remove it to begin anew"
            raise OSError(errno.EINVAL, said, str(path)) from None

    def _wait_for_wal(self) -> None:
        # SQLite's own patience does not cover this statement: of several processes that start at once on a new file, some are refused.
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def close(self) -> None:
        """Lets the file go."""
        self._connection.close()

    def setting(self, key: str) -> Any:
        """A value of the whole emulator, or None."""
        found = self._connection.execute("SELECT body FROM setting WHERE key = ?", (key,)).fetchone()
        return json.loads(found[0]) if found else None

    def set_setting(self, key: str, value: Any) -> None:
        """Keeps a JSON value for every process that uses this file."""
        self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, json.dumps(value)))

    def setting_or_first(self, key: str, value: Any) -> Any:
        """The kept value; `value` becomes it when there is none, and of two processes that try at once one wins for both."""
        self._connection.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (key, json.dumps(value)))
        return self.setting(key)

    def is_known(self, organization: str) -> bool:
        """Whether the organization was ever touched."""
        return self._version(organization) is not None

    def organizations(self) -> list[str]:
        """The organizations that were touched."""
        return [name for (name,) in self._connection.execute("SELECT name FROM organization ORDER BY name")]

    def notes(self, key: str) -> list[Any]:
        """What the organizations that were touched keep under that key."""
        return [json.loads(body) for (body,) in self._connection.execute("SELECT body FROM note WHERE key = ?", (key,))]

    def reset(self, organization: str | None = None) -> None:
        """Forgets one organization, or all of them; the next request seeds anew. The clock goes on."""
        with self._begin("IMMEDIATE"):
            # Versions go on, too: another process may remember rows by the version at which it read them.
            (highest,) = self._connection.execute("SELECT max(version) FROM organization").fetchone()
            self.set_setting(_LAST_VERSION, max(highest or 0, self._last_version()))
            for table, column in (("stored_row", "organization"), ("note", "organization"), ("organization", "name")):
                if organization is None:
                    self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
                else:
                    self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (organization,))  # noqa: S608 - names of our own
        self._cache.forget(organization)

    @contextmanager
    def reading(self, organization: str) -> Iterator[StoredRows]:
        """One consistent look at an organization."""
        with self._begin("DEFERRED"):
            version = self._version(organization)
            yield StoredRows(self._connection, organization, version or 0, self._primary_ids, self._cache, writes=False)

    @contextmanager
    def writing(self, organization: str) -> Iterator[StoredRows]:
        """All or nothing: an exception undoes everything. No other process writes meanwhile."""
        with self._begin("IMMEDIATE"):
            known = self._version(organization)
            version = known or self._last_version()
            if known is None:
                self._connection.execute("INSERT INTO organization VALUES (?, ?)", (organization, version))
            yield StoredRows(self._connection, organization, version, self._primary_ids, self._cache, writes=True, is_new=known is None)

    def _last_version(self) -> int:
        return int(self.setting(_LAST_VERSION) or _FIRST_VERSION)

    def _version(self, organization: str) -> int | None:
        found = self._connection.execute("SELECT version FROM organization WHERE name = ?", (organization,)).fetchone()
        return int(found[0]) if found else None

    @contextmanager
    def _begin(self, mode: str) -> Iterator[None]:
        self._connection.execute(f"BEGIN {mode}")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # The first error is the one to tell. SQLite may have ended the transaction already, as it does when the disk is full.
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise


def _unusable(path: Path, error: sqlite3.OperationalError) -> OSError:
    # The file may be sound: it is in use, or lies where it cannot be written.
    return OSError(errno.EACCES, f"cannot be used as a state file now ({error})", str(path))
