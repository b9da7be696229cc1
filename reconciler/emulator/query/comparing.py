"""Compares two values as the database does: text without regard to case, null equal to null only, times as moments. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}
"""The four comparisons that need an order."""


def same(left: Any, right: Any) -> bool:
    """Equality as the database sees it: text without regard to case, null equal to null only."""
    if left is None or right is None:
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    if isinstance(left, bool) or isinstance(right, bool):
        return bool(left) == bool(right) if isinstance(left, (bool, int)) and isinstance(right, (bool, int)) else False
    if isinstance(left, dt.date) or isinstance(right, dt.date):
        left, right = moment(left), moment(right)
    return bool(_comparable(left) == _comparable(right))


def one_of(items: Iterable[Any]) -> Callable[[Any], bool]:
    """Whether a value is the `same` as one of the items, in a time that does not grow with their number."""
    listed = list(items)
    texts = {item.casefold() for item in listed if isinstance(item, str)}
    times = {_comparable(moment(item)) for item in listed if isinstance(item, dt.date)}
    truths = {item for item in listed if isinstance(item, bool)}
    as_truths = {bool(item) for item in listed if isinstance(item, (bool, int))}
    numbers = {item for item in listed if isinstance(item, (int, float)) and not isinstance(item, bool)}
    has_null = any(item is None for item in listed)

    def test(value: Any) -> bool:
        if value is None:
            return has_null
        if isinstance(value, bool):
            return value in as_truths
        if isinstance(value, str):
            return value.casefold() in texts or (bool(times) and _comparable(moment(value)) in times)
        return value in numbers or (isinstance(value, int) and bool(value) in truths)

    return test


def in_order(comparison: str, left: Any, right: Any) -> bool:
    """Whether `left gt|ge|lt|le right`; never with null, nor between kinds of value that have no common order."""
    if left is None or right is None:
        return False
    if isinstance(left, dt.date) or isinstance(right, dt.date):
        left, right = moment(left), moment(right)
    left, right = _comparable(left), _comparable(right)
    try:
        return ORDERS[comparison](left, right)
    except TypeError:
        return False


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return value


def moment(value: Any) -> Any:
    """A stored time as a time; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        read = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)


def rank(value: Any) -> tuple[bool, str, float]:
    """What rows are sorted by. Null comes before everything, as in SQL Server."""
    if isinstance(value, (int, float)):
        return (True, "", float(value))
    return (value is not None, str(value or "").casefold(), 0.0)
