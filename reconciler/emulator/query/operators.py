"""Turns the operator of a condition and its values into a test of one column's value; FetchXML, SQL and $filter share it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.errors import bad_request, not_emulated
from reconciler.emulator.query.comparing import ORDERS, in_order, moment, one_of, same
from reconciler.emulator.query.patterns import is_like
from reconciler.emulator.query.periods import COUNTED, PLAIN, Period, counted_period, day_of, plain_period

Test = Callable[[Any], bool]
_WHOLE = frozenset({"BigInt", "Integer", "Picklist", "State", "Status"})
_OPPOSITES = {
    "ne": "eq",
    "neq": "eq",
    "not-like": "like",
    "not-begin-with": "begins-with",
    "not-end-with": "ends-with",
    "not-in": "in",
    "not-between": "between",
    "not-null": "null",
    "ne-userid": "eq-userid",
    "ne-businessid": "eq-businessid",
}
"""Each is true exactly where the other is false, so for rows without a value too."""

_DAYS = frozenset({"on", "on-or-after", "on-or-before"})
_LIKE = {"like": "{}", "begins-with": "{}%", "ends-with": "%{}"}
_COUNTS = {
    "between": 2,
    "null": 0,
    "eq-userid": 0,
    "eq-businessid": 0,
    "eq-userlanguage": 0,
    **dict.fromkeys(PLAIN, 0),
    **dict.fromkeys(("eq", *ORDERS, *_LIKE, *_DAYS, *COUNTED), 1),
}
_KNOWN = frozenset({*_COUNTS, *_OPPOSITES, "in"})

_FISCAL = """
    this-fiscal-year this-fiscal-period next-fiscal-year next-fiscal-period last-fiscal-year last-fiscal-period in-fiscal-year
    in-fiscal-period in-fiscal-period-and-year in-or-before-fiscal-period-and-year in-or-after-fiscal-period-and-year
    last-x-fiscal-years last-x-fiscal-periods next-x-fiscal-years next-x-fiscal-periods
"""
_OTHERS = """
    contain-values not-contain-values eq-useroruserhierarchy eq-useroruserhierarchyandteams eq-useroruserteams eq-userteams
"""
NOT_EMULATED = frozenset({*_FISCAL.split(), *_OTHERS.split()})
"""Operators of the service that the embedded Dataverse answers with 501: there are no choices columns, fiscal years or managers."""

HIERARCHICAL = frozenset({"above", "eq-or-above", "under", "eq-or-under", "not-under"})
"""Operators that need other rows; see `hierarchies`."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What conditions may compare with: the present (UTC), who asks, the id of the business unit, the language."""

    now: dt.datetime
    user_id: str
    business_unit_id: str | None = None
    language: int = 1033


def test_of(operator: str, values: Sequence[str], column: Column, asker: Asker) -> Test:
    """A test of that column's values. Refuses an unknown operator (400), one that is not emulated (501), and values of another type."""
    if operator in NOT_EMULATED:
        raise not_emulated(f"the condition operator '{operator}'")
    if operator not in _KNOWN:
        raise bad_request(f"Invalid condition operator '{operator}'.", "0x80041111")
    if operator in _OPPOSITES:
        opposite = test_of(_OPPOSITES[operator], values, column, asker)
        return lambda value: not opposite(value)
    wanted = _COUNTS.get(operator)
    if wanted is not None and len(values) != wanted:
        raise bad_request(f"The condition operator '{operator}' needs {wanted} values; {len(values)} were given.", "0x80040203")
    if operator in PLAIN or operator in COUNTED or operator in _DAYS:
        return _within(_period(operator, values, column, asker))
    if operator in _LIKE:
        pattern = _LIKE[operator].format(values[0])
        return lambda value: value is not None and is_like(str(value), pattern)
    return _simple(operator, values, column, asker)


def _simple(operator: str, values: Sequence[str], column: Column, asker: Asker) -> Test:
    if operator == "null":
        return lambda value: value is None
    if operator in ("eq-userid", "eq-businessid"):
        own = asker.user_id if operator == "eq-userid" else asker.business_unit_id
        return lambda value: value is not None and same(value, own)
    if operator == "eq-userlanguage":
        return lambda value: bool(value == asker.language)
    given = [typed(column, value) for value in values]
    if operator == "eq":
        return lambda value: same(value, given[0])
    if operator == "between":
        return lambda value: in_order("ge", value, given[0]) and in_order("le", value, given[1])
    if operator == "in":
        return one_of(given)
    return lambda value: in_order(operator, value, given[0])


def _period(operator: str, values: Sequence[str], column: Column, asker: Asker) -> Period:
    if column.type != "DateTime":
        raise bad_request(f"The condition operator '{operator}' is for dates, and '{column.name}' is none.", "0x80041111")
    if operator in PLAIN:
        return plain_period(operator, asker.now)
    if operator in COUNTED:
        try:
            return counted_period(operator, int(values[0]), asker.now)
        except ValueError:
            raise _wrong(column, values[0]) from None
    first, last = day_of(typed(column, values[0]))
    return (None if operator == "on-or-before" else first, None if operator == "on-or-after" else last)


def _within(period: Period) -> Test:
    first, last = period

    def test(value: Any) -> bool:
        read = moment(value)
        return isinstance(read, dt.datetime) and (first is None or first <= read) and (last is None or read < last)

    return test


def typed(column: Column, text: str) -> Any:
    """A value of a condition as the column holds it; 400 when it cannot be one."""
    try:
        if column.type in _WHOLE:
            return int(text)
        if column.type in ("Double", "Money"):
            return float(text)
    except ValueError:
        raise _wrong(column, text) from None
    if column.type == "Boolean":
        if text.lower() not in ("0", "1", "true", "false"):
            raise _wrong(column, text)
        return text.lower() in ("1", "true")
    if column.type == "DateTime":
        read = moment(text)
        if not isinstance(read, dt.datetime):
            raise _wrong(column, text)
        return read
    return text.strip("{}") if column.type in ("Uniqueidentifier", "Lookup", "Owner") else text


def _wrong(column: Column, text: str) -> Exception:
    return bad_request(f"The value '{text[:80]}' is not valid for the column '{column.name}' of type {column.type}.", "0x80040203")
