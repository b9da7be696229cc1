"""Groups rows and counts, sums and compares what is in each group; FetchXML, SQL and $apply share it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from reconciler.catalog.table import Column
from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import bad_request
from reconciler.emulator.fetch.model import Aggregate
from reconciler.emulator.query.comparing import moment, rank

T = TypeVar("T")
MAX_ROWS = 50_000
_NUMBERS = frozenset({"BigInt", "Double", "Integer", "Money"})


@dataclass(frozen=True, slots=True)
class Measure(Generic[T]):
    """One aggregate of each group: `value` reads what is aggregated; `column` None where rows are counted."""

    alias: str
    aggregate: Aggregate
    value: Callable[[T], Any]
    column: Column | None
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """One thing that rows of a group have in common."""

    alias: str
    value: Callable[[T], Any]
    column: Column


@dataclass(frozen=True, slots=True)
class Grouped(Generic[T]):
    """One row of the answer: values by alias, and a row of the group, from which lookups get their names (None: no rows)."""

    values: dict[str, Any]
    example: T | None


def grouped(rows: Sequence[T], groups: Sequence[Group[T]], measures: Sequence[Measure[T]], limit: int | None) -> list[Grouped[T]]:
    """The groups by their values, each with its aggregates. Without groups there is one, even of no rows."""
    if len(rows) > min(limit or MAX_ROWS, MAX_ROWS):
        raise DataverseError(400, "0x8004e023", "AggregateQueryRecordLimit exceeded. Cannot perform this operation.")
    _check(measures)
    found: dict[tuple[Any, ...], list[T]] = {} if groups else {(): list(rows)}
    if groups:
        for row in rows:
            key = tuple(_key(group.value(row)) for group in groups)
            found.setdefault(key, []).append(row)
    answer = []
    for members in found.values():
        values = {group.alias: group.value(members[0]) for group in groups}
        values.update({measure.alias: _measured(measure, members) for measure in measures})
        answer.append(Grouped(values, members[0] if members else None))
    return sorted(answer, key=lambda one: [rank(one.values[group.alias]) for group in groups])


def _check(measures: Sequence[Measure[T]]) -> None:
    for measure in measures:
        kind = measure.column.type if measure.column is not None else "BigInt"
        is_ordered = kind in _NUMBERS or kind == "DateTime"
        if (measure.aggregate in ("sum", "avg") and kind not in _NUMBERS) or (measure.aggregate in ("min", "max") and not is_ordered):
            name = measure.column.name if measure.column is not None else measure.alias
            raise bad_request(f"The aggregate '{measure.aggregate}' does not apply to '{name}' of type {kind}.", "0x80041120")


def _key(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _measured(measure: Measure[T], members: Sequence[T]) -> Any:
    if measure.aggregate == "count":
        return len(members)
    values = [value for row in members if (value := measure.value(row)) is not None]
    if measure.distinct:
        values = list({_key(value): value for value in values}.values())
    if measure.aggregate == "countcolumn":
        return len(values)
    if measure.aggregate == "sum":
        return sum(values)
    if not values:
        return None
    if measure.aggregate == "avg":
        average = sum(values) / len(values)
        return int(average) if measure.column is not None and measure.column.type not in ("Double", "Money") else average
    return (min if measure.aggregate == "min" else max)(values, key=moment)
