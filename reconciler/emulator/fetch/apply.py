"""Answers `$apply`: filters, groups and aggregates of one table. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.addresses import split_outside
from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.errors import bad_request, not_emulated
from reconciler.emulator.fetch.aggregates import Group, Grouped, Measure, grouped
from reconciler.emulator.fetch.model import Aggregate
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.comparing import rank
from reconciler.emulator.query.conditions import condition
from reconciler.emulator.query.paths import Path, path_of
from reconciler.emulator.query.queries import Query
from reconciler.emulator.rows.formats import FORMATTED, annotations_of, formatted_text
from reconciler.emulator.session import Session

_METHODS: dict[str, Aggregate] = {"sum": "sum", "average": "avg", "min": "min", "max": "max"}
_MEASURE = re.compile(r"([\w/]+)\s+with\s+(\w+)\s+as\s+(\w+)")
_COUNT = re.compile(r"\$count\s+as\s+(\w+)")
_STEP = re.compile(r"(\w+)\((.*)\)", re.DOTALL)
_NAME = re.compile(r"\w+(?:/\w+)*")


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    path: Path
    is_own: bool


def apply_answer(session: Session, shape: Shape, rows: list[Row], query: Query, text: str) -> dict[str, Any]:
    """The body of the answer: one row for each group. Values that are null are left out."""
    if query.filter or query.select or query.expand or query.count:
        raise not_emulated("$filter, $select, $expand and $count beside $apply")
    *filters, last = (_step(piece) for piece in split_outside(text, "/"))
    for name, inside in filters:
        if name != "filter":
            raise not_emulated(f"'{name}' before another transformation in $apply")
        test = condition(inside, shape, session)
        rows = [row for row in rows if test(row)]
    keys, measures = _transformation(session, shape, *last)
    groups = [Group(key.name, key.path.value, key.path.column) for key in keys]
    found = grouped(rows, groups, measures, None)
    for name, descending in reversed(query.orderby):
        if name not in {key.name for key in keys}:
            raise bad_request("The query node SingleValueOpenPropertyAccess is not supported")
        found = sorted(found, key=lambda one: rank(one.values[name]), reverse=descending)
    value = [_shown(session, one, keys, measures) for one in found[: query.top]]
    return {"@odata.context": f"{session.base_url}/$metadata#{shape.table.entity_set}", "value": value}


def _step(text: str) -> tuple[str, str]:
    found = _STEP.fullmatch(text.strip())
    if found is None:
        raise _malformed(text)
    return found[1], found[2].strip()


def _transformation(session: Session, shape: Shape, name: str, inside: str) -> tuple[list[_Key], list[Measure[Row]]]:
    if name == "aggregate":
        return [], _measures(session, shape, inside)
    if name != "groupby":
        raise not_emulated(f"'{name}' in $apply")
    columns, *rest = (part.strip() for part in split_outside(inside, ","))
    if len(rest) > 1 or not (columns.startswith("(") and columns.endswith(")")):
        raise _malformed(inside)
    keys = [_key(session, shape, part.strip()) for part in columns[1:-1].split(",")]
    if not rest:
        return keys, []
    inner, what = _step(rest[0])
    if inner != "aggregate":
        raise not_emulated(f"'{inner}' inside groupby in $apply")
    return keys, _measures(session, shape, what)


def _key(session: Session, shape: Shape, text: str) -> _Key:
    if not _NAME.fullmatch(text):
        raise _malformed(text)
    names = text.split("/")
    if len(names) == 1 and text in shape.navigations:
        names = [shape.navigations[text].stored]
    path = path_of(names, shape, session)
    if path.column.type == "DateTime":
        raise bad_request(f"Grouping by the date '{path.column.name}' is not supported in $apply.")
    # A column of another table is shown with the name of that table before it.
    return _Key(path.property if len(names) == 1 else f"{path.shape.name}_{path.property}", path, len(names) == 1)


def _measures(session: Session, shape: Shape, inside: str) -> list[Measure[Row]]:
    found: list[Measure[Row]] = []
    for piece in split_outside(inside, ","):
        text = piece.strip()
        if counted := _COUNT.fullmatch(text):
            found.append(Measure(counted[1], "count", lambda _: 1, None))
            continue
        read = _MEASURE.fullmatch(text)
        if read is None:
            raise _malformed(text)
        if read[2] not in _METHODS:
            raise bad_request(f"The aggregation method '{read[2]}' is not supported.")
        path = path_of(read[1].split("/"), shape, session)
        found.append(Measure(read[3], _METHODS[read[2]], path.value, path.column))
    return found


def _shown(session: Session, one: Grouped[Row], keys: list[_Key], measures: list[Measure[Row]]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    columns = {key.name: key for key in keys}
    kinds = {measure.alias: measure for measure in measures}
    for name, value in one.values.items():
        if value is None:
            continue
        if name in columns and columns[name].is_own and one.example is not None:
            body.update(annotations_of(session, columns[name].path.column, name, one.example))
        elif session.preferences.wants(FORMATTED) and name in kinds:
            column = kinds[name].column
            text = f"{value:,}" if column is None else formatted_text(column, value, session.language)
            body.update({f"{name}@{FORMATTED}": text} if text is not None else {})
        body[name] = value
    return body


def _malformed(text: str) -> DataverseError:
    return bad_request(f"Syntax error in the query option '$apply': '{text[:200]}'.")
