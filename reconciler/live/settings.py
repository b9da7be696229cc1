"""Turns the answers about settings tables into facts, rows, activations and consent signals. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.catalog import consent
from reconciler.catalog.kind import Kind
from reconciler.catalog.table import Table
from reconciler.live.answer import Answer
from reconciler.live.doubts import rows_or_doubt
from reconciler.live.odata import guid
from reconciler.live.scope import Scope
from reconciler.live.wire import Names, encoding_of, fact_of
from reconciler.model.fact import Absent, Fact, Unknown
from reconciler.model.live import ConsentSignals, LiveRow, NoRow, Person, RowFact

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SettingsReading:
    """What the settings tables hold; keyed as in LiveState."""

    settings: Mapping[tuple[str, str], Fact]
    encodings: Mapping[tuple[str, str], str]
    rows: Mapping[str, RowFact]
    activations: Mapping[str, int | Unknown | None]
    consent: ConsentSignals


def settings_of(scope: Scope, answers: Mapping[tuple[str, ...], Answer], names: Names) -> SettingsReading:
    """The settings of one environment. A table that could not be read makes its facts Unknown and touches no other."""
    found = {table: rows_or_doubt(answers.get(("table", table)), table) for table in scope.columns}
    single = {table: _single(rows, scope.tables[table]) for table, rows in found.items()}
    settings: dict[tuple[str, str], Fact] = {}
    encodings: dict[tuple[str, str], str] = {}
    for kind, field, binding in scope.fields:
        row = single[binding.table]
        settings[kind.name, field.name] = field_fact(field.type, row, binding.column, names)
        encoding = encoding_of(field.type, row.get(binding.column), names) if isinstance(row, Mapping) else None
        if encoding:
            encodings[kind.name, field.name] = encoding
    return SettingsReading(
        settings,
        encodings,
        {table: _row_fact(row, scope.tables[table]) for table, row in single.items() if scope.tables[table].singleton},
        {kind.name: _activation(kind, single) for kind in scope.kinds},
        _consent(found, single) if scope.consent else ConsentSignals(),
    )


def field_fact(type: Any, row: Row | NoRow | Unknown, column: str, names: Names) -> Fact:
    """What a row says of one field: no row is Absent, and a row that lacks the selected column is Unknown."""
    if isinstance(row, Unknown):
        return row
    if isinstance(row, NoRow):
        return Absent()
    if column not in row:
        return Unknown(f"the answer lacks the column {column}")
    fact = fact_of(type, row[column], names)
    return Unknown(f"{column}: {fact.reason}") if isinstance(fact, Unknown) else fact


def person_of(row: Row) -> Person | None:
    """Who wrote the row last; None when the answer does not say."""
    user = row.get("modifiedby")
    name = user.get("fullname") if isinstance(user, Mapping) else None
    return Person(name[:200], name in consent.SERVICE_ACCOUNTS) if isinstance(name, str) and name else None


def moment_of(row: Row) -> dt.datetime | None:
    """When the row was written last; None when the answer does not say."""
    try:
        moment = dt.datetime.fromisoformat(row.get("modifiedon", ""))
    except (TypeError, ValueError):
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def etag_of(row: Row) -> str | None:
    """The version of the row as the service spells it; None when there is none that could stand in a header."""
    etag = row.get("@odata.etag")
    return etag if isinstance(etag, str) and etag.isascii() and etag.isprintable() and 0 < len(etag) <= 200 else None


def _single(rows: list[dict[str, Any]] | Unknown, table: Table) -> Row | NoRow | Unknown:
    if isinstance(rows, Unknown):
        return rows
    if len(rows) > 1:
        return Unknown(f"{table.name} has more than one row; which of them the service uses is not known")
    if not rows:
        return NoRow()
    return rows[0] if guid(str(rows[0].get(table.primary_id))) else Unknown(f"{table.name}: the row has no id")


def _row_fact(row: Row | NoRow | Unknown, table: Table) -> RowFact:
    if not isinstance(row, Mapping):
        return row
    return LiveRow(guid(str(row[table.primary_id])) or "", etag_of(row), moment_of(row), person_of(row))


def _activation(kind: Kind, single: Mapping[str, Row | NoRow | Unknown]) -> int | Unknown | None:
    activation = kind.activation
    row = single[activation.table] if activation else NoRow()
    if activation is None or isinstance(row, NoRow):
        return None
    return row if isinstance(row, Unknown) else code_of(row, activation.column)


def code_of(row: Row, column: str) -> int | Unknown | None:
    """The code of a status column."""
    code = row.get(column)
    if code is None or (isinstance(code, int) and not isinstance(code, bool)):
        return code
    return Unknown(f"{column}: {code!a} is no status code")


def _consent(found: Mapping[str, list[dict[str, Any]] | Unknown], single: Mapping[str, Row | NoRow | Unknown]) -> ConsentSignals:
    connector = single[consent.CONNECTOR_TABLE]
    status = code_of(connector, consent.CONNECTOR_COLUMN) if isinstance(connector, Mapping) else None
    features = found[consent.REVOKED_TABLE]
    said = [] if isinstance(features, Unknown) else [row.get(consent.REVOKED_COLUMN) for row in features]
    revoked = any(said) if any(isinstance(answer, bool) for answer in said) else None
    return ConsentSignals(status if isinstance(status, int) else None, revoked)
