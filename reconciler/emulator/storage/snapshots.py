"""Keeps copies of organizations under names, and puts them back. Writes to the connection it is given, inside its transaction."""

from __future__ import annotations

import sqlite3

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS snapshot (snapshot TEXT, organization TEXT, PRIMARY KEY (snapshot, organization)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS snapshot_note (snapshot TEXT, organization TEXT, key TEXT, body TEXT NOT NULL, "
    "PRIMARY KEY (snapshot, organization, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS snapshot_row (snapshot TEXT, organization TEXT, name TEXT, draft INTEGER, id TEXT, "
    "body TEXT NOT NULL, shared TEXT, PRIMARY KEY (snapshot, organization, name, draft, id)) WITHOUT ROWID",
)
_KEEP = (
    "INSERT INTO snapshot SELECT ?1, name FROM organization WHERE name = ?2",
    "INSERT INTO snapshot_note SELECT ?1, organization, key, body FROM note WHERE organization = ?2",
    "INSERT INTO snapshot_row SELECT ?1, organization, name, draft, id, body, shared FROM stored_row WHERE organization = ?2",
)
_RESTORE = (
    "DELETE FROM note WHERE organization = ?2",
    "DELETE FROM stored_row WHERE organization = ?2",
    "INSERT INTO note SELECT organization, key, body FROM snapshot_note WHERE snapshot = ?1 AND organization = ?2",
    "INSERT INTO stored_row (organization, name, draft, id, body, shared) "
    "SELECT organization, name, draft, id, body, shared FROM snapshot_row WHERE snapshot = ?1 AND organization = ?2",
)
_MOST = 50


def keep(connection: sqlite3.Connection, name: str, organizations: list[str]) -> None:
    """Keeps these organizations as they are; a snapshot of that name is replaced. ValueError when there are too many snapshots."""
    for statement in _SCHEMA:
        connection.execute(statement)
    for table in ("snapshot", "snapshot_note", "snapshot_row"):
        connection.execute(f"DELETE FROM {table} WHERE snapshot = ?", (name,))  # noqa: S608 - names of our own
    if len(held(connection)) >= _MOST:
        raise ValueError(f"there are {_MOST} snapshots already; take one of their names")
    for organization in organizations:
        for statement in _KEEP:
            connection.execute(statement, (name, organization))


def restore(connection: sqlite3.Connection, name: str, organization: str, version: int) -> None:
    """Puts one organization back as the snapshot holds it, under a version that nobody has seen."""
    for statement in _RESTORE:
        connection.execute(statement, (name, organization))
    connection.execute("INSERT OR REPLACE INTO organization VALUES (?, ?)", (organization, version))


def held(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The snapshots by name, with the organizations that each holds."""
    found: dict[str, list[str]] = {}
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'snapshot'").fetchone() is None:
        return found
    for name, organization in connection.execute("SELECT snapshot, organization FROM snapshot ORDER BY snapshot, organization"):
        found.setdefault(name, []).append(organization)
    return found
