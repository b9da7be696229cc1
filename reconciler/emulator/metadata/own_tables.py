"""Turns the tables of every organization into those of one: without what it lacks, with its own auditing. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from reconciler.catalog.table import Table

Own = tuple[frozenset[str], frozenset[tuple[str, str]], frozenset[str]]
"""Absent tables, absent (table, column), audited tables."""


def own(settings: Mapping[str, Any]) -> Own:
    """What sets one organization apart, by the settings that its domain tells."""
    columns = settings.get("absent_columns") or {}
    absent = frozenset((table, column) for table, names in columns.items() for column in names)
    return frozenset(settings.get("absent_tables") or ()), absent, frozenset(settings.get("audited_tables") or ())


def own_tables(tables: Mapping[str, Table], apart: Own) -> dict[str, Table]:
    """The tables that the organization has: what it lacks is answered as something that nobody ever made."""
    absent, columns, audited = apart
    return {name: _own(table, columns, is_audited=name in audited) for name, table in tables.items() if name not in absent}


def _own(table: Table, absent: frozenset[tuple[str, str]], *, is_audited: bool) -> Table:
    kept = tuple(column for column in table.columns if (table.name, column.name) not in absent)
    return dataclasses.replace(table, columns=kept, audit_enabled=is_audited)
