"""Makes the tables of a state file, or brings those of an earlier version up to date. Writes through the connection it is given."""

from __future__ import annotations

import sqlite3

SCHEMA_VERSION = 1
_TABLES = (
    "CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS organization (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS note (organization TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (organization, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS stored_row (organization TEXT, name TEXT, draft INTEGER, id TEXT, body TEXT NOT NULL, shared TEXT, "
    "PRIMARY KEY (organization, name, draft, id)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS shared_text (digest TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
)


class LaterVersion(Exception):
    """The file was written by a later version, whose tables may mean something else."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"was written by a later version of rictl (its tables have version {found}, this one knows {SCHEMA_VERSION}); "
            "use that version, or another state file"
        )


def prepare(connection: sqlite3.Connection) -> None:
    """Leaves a file with the tables of this version, whoever else opens it at the same time. Raises LaterVersion."""
    if _version(connection) == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _version(connection)
        if found > SCHEMA_VERSION:
            raise LaterVersion(found)
        for statement in _TABLES:
            connection.execute(statement)
        if "shared" not in {name for _, name, *_ in connection.execute("PRAGMA table_info(stored_row)")}:
            # A file from before texts were shared: its rows keep theirs.
            connection.execute("ALTER TABLE stored_row ADD COLUMN shared TEXT")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
