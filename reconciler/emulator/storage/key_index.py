"""Turns alternate keys into indexes of the state file and into the query that uses them. Touches the connection it is given."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

_FOLD = "folded"


def folded(value: object) -> str | None:
    """A key value as two are compared: text without regard to case, null equal to nothing."""
    return None if value is None else str(value).casefold()


def index_keys(connection: sqlite3.Connection, keys: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    """Makes the indexes that a state file lacks. `keys`: logical name of a table, properties of one of its alternate keys.

    They are indexes over the stored rows themselves, so whatever writes rows keeps them true. Registers what they fold values with;
    every connection that writes to the file needs that.
    """
    connection.create_function(_FOLD, 1, folded, deterministic=True)
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    for table, properties in keys:
        name = "key_" + hashlib.sha256("/".join((table, *properties)).encode()).hexdigest()[:16]
        if name not in there:
            expressions = ", ".join(_expression(property) for property in properties)
            connection.execute(
                f"CREATE INDEX IF NOT EXISTS {name} ON stored_row (organization, {expressions}) WHERE name = {_quoted(table)}"
            )


def key_query(table: str, values: Mapping[str, Any]) -> tuple[str, tuple[str | None, ...]]:
    """The statement that finds the ids of rows with these values, and what follows the organization among its parameters.

    The table stands in the text: SQLite takes a partial index only where it can see that the condition of the index holds.
    """
    conditions = " AND ".join(f"{_expression(property)} = ?" for property in values)
    statement = f"SELECT id FROM stored_row WHERE organization = ? AND name = {_quoted(table)} AND {conditions}"  # noqa: S608 - quoted
    return statement, tuple(folded(value) for value in values.values())


def _expression(property: str) -> str:
    path = '$."' + property.replace('"', "") + '"'
    return f"{_FOLD}(json_extract(body, {_quoted(path)}))"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
