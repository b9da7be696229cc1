"""Keeps the rows of all organizations in one SQLite file, as transactions. Touches that file."""

from __future__ import annotations

import errno
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from reconciler.catalog.table import Table
from reconciler.emulator.context import Computed
from reconciler.emulator.storage import snapshots
from reconciler.emulator.storage.key_index import index_keys
from reconciler.emulator.storage.row_cache import RowCache
from reconciler.emulator.storage.schema import LaterVersion, prepare
from reconciler.emulator.storage.store_rows import Opened, StoredRows

_SHARED_TEXTS = 256
_FIRST_VERSION = 1000
_LAST_VERSION = "last_version"
_BUSY_SECONDS = 20.0


class Store:
    """One state file. Two processes may use it at once: a writer waits for the other one, a reader for nobody."""

    def __init__(self, path: Path, tables: dict[str, Table] | None = None, computed: Mapping[str, Computed] | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._primary_ids = {name: table.primary_id for name, table in (tables or {}).items()}
        self._computed = computed or {}
        self._cache = RowCache()
        self._shared_text = lru_cache(_SHARED_TEXTS)(self._read_shared_text)
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
            prepare(self._connection)
            index_keys(self._connection, [(t.name, t.key_properties(key)) for t in (tables or {}).values() for key in t.keys])
        except LaterVersion as error:
            self._connection.close()
            raise OSError(errno.EINVAL, str(error), str(path)) from None
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

    @contextmanager
    def changing_settings(self) -> Iterator[None]:
        """One transaction for reading settings and writing them back; no other process writes meanwhile."""
        with self._begin("IMMEDIATE"):
            yield

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
            self.set_setting(_LAST_VERSION, self._highest_version())
            for table, column in (("stored_row", "organization"), ("note", "organization"), ("organization", "name")):
                if organization is None:
                    self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
                else:
                    self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (organization,))  # noqa: S608 - names of our own
        self._cache.forget(organization)

    def snapshots(self) -> dict[str, list[str]]:
        """The snapshots by name, with the organizations that each holds."""
        return snapshots.held(self._connection)

    def keep_snapshot(self, name: str, organization: str | None = None) -> list[str]:
        """Keeps one organization, or every one, under that name; a snapshot of that name is replaced. Tells what it holds.

        ValueError when there is nothing to keep, or too many snapshots.
        """
        with self._begin("IMMEDIATE"):
            there = self.organizations()
            if not there or organization not in (None, *there):
                raise ValueError(f"nothing is stored of {organization or 'any organization'} yet: there is nothing to keep")
            kept = there if organization is None else [organization]
            snapshots.keep(self._connection, name, kept)
        return kept

    def restore_snapshot(self, name: str, organization: str | None = None) -> list[str]:
        """Puts back what the snapshot holds, or of it one organization, and tells which. Others stay, and the clock goes on.

        ValueError when there is no such snapshot or it does not hold the organization.
        """
        with self._begin("IMMEDIATE"):
            held = self.snapshots()
            if name not in held:
                raise ValueError(f"there is no snapshot '{name[:80]}'; there are: {', '.join(held) or 'none'}")
            if organization not in (None, *held[name]):
                raise ValueError(f"the snapshot '{name[:80]}' does not hold {organization}; it holds {', '.join(held[name])}")
            restored = held[name] if organization is None else [organization]
            version = self._highest_version() + 1
            for one in restored:
                snapshots.restore(self._connection, name, one, version)
            self.set_setting(_LAST_VERSION, version)
        self._cache.forget(organization)
        return restored

    def _highest_version(self) -> int:
        (highest,) = self._connection.execute("SELECT max(version) FROM organization").fetchone()
        return max(highest or 0, self._last_version())

    @contextmanager
    def reading(self, organization: str) -> Iterator[StoredRows]:
        """One consistent look at an organization."""
        with self._begin("DEFERRED"):
            version = self._version(organization)
            yield self._rows(organization, version or 0, writes=False)

    @contextmanager
    def writing(self, organization: str) -> Iterator[StoredRows]:
        """All or nothing: an exception undoes everything. No other process writes meanwhile."""
        with self._begin("IMMEDIATE"):
            known = self._version(organization)
            version = known or self._last_version()
            if known is None:
                self._connection.execute("INSERT INTO organization VALUES (?, ?)", (organization, version))
            rows = self._rows(organization, version, writes=True, is_new=known is None)
            yield rows
            if rows.version != version:
                self._connection.execute("UPDATE organization SET version = ? WHERE name = ?", (rows.version, organization))

    def _rows(self, organization: str, version: int, *, writes: bool, is_new: bool = False) -> StoredRows:
        opened = Opened(self._connection, self._primary_ids, self._cache, self._shared_text, self._computed)
        return StoredRows(opened, organization, version, writes=writes, is_new=is_new)

    def _read_shared_text(self, digest: str) -> str:
        return str(self._connection.execute("SELECT body FROM shared_text WHERE digest = ?", (digest,)).fetchone()[0])

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
