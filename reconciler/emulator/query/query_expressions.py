"""Turns the JSON of a QueryExpression into a test of rows. Pure."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from reconciler.catalog.table import Column
from reconciler.emulator.context import Row
from reconciler.emulator.errors import bad_request, not_emulated, unknown_property
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.comparing import moment
from reconciler.emulator.query.patterns import is_like

Test = Callable[[Row], bool]
_MAX_DEPTH = 10
_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "GreaterThan": operator.gt,
    "GreaterEqual": operator.ge,
    "LessThan": operator.lt,
    "LessEqual": operator.le,
}
_PATTERNS = {"Like": "{}", "BeginsWith": "{}%", "EndsWith": "%{}", "Contains": "%{}%"}


def expression_test(query: dict[str, Any], shape: Shape) -> Test:
    """Whether a row of that table is among what the query finds. 501 for joined tables, for a top count and for unusual operators."""
    for name in ("LinkEntities", "TopCount"):
        if query.get(name):
            raise not_emulated(f"'{name}' of a QueryExpression")
    return _filter(_object(query.get("Criteria") or {}, "Criteria"), shape, 0)


def _filter(criteria: dict[str, Any], shape: Shape, depth: int) -> Test:
    if depth > _MAX_DEPTH:
        raise bad_request(f"The filters of a QueryExpression may be nested to a depth of {_MAX_DEPTH}.")
    tests = [_condition(_object(item, "Conditions"), shape) for item in _list(criteria, "Conditions")]
    tests += [_filter(_object(item, "Filters"), shape, depth + 1) for item in _list(criteria, "Filters")]
    joined = criteria.get("FilterOperator", "And")
    if joined not in ("And", "Or"):
        raise bad_request(f"The FilterOperator is 'And' or 'Or', not '{str(joined)[:50]}'.")
    joins = any if joined == "Or" and tests else all
    return lambda row: joins(test(row) for test in tests)


def _condition(condition: dict[str, Any], shape: Shape) -> Test:
    name, kind = str(condition.get("AttributeName")), str(condition.get("Operator"))
    property = f"_{name}_value" if f"_{name}_value" in shape.properties else name
    column = shape.properties.get(property)
    if column is None:
        raise unknown_property(name, shape.name)
    values = [_comparable(item.get("Value") if isinstance(item, dict) else item, column) for item in _list(condition, "Values")]
    test = _value_test(kind, values)
    return lambda row: test(_comparable(row.get(property), column))


def _value_test(kind: str, values: list[Any]) -> Callable[[Any], bool]:
    if kind in ("Null", "NotNull"):
        return lambda value: (value is None) is (kind == "Null")
    if kind in ("In", "NotIn"):
        wanted = frozenset(values)
        return lambda value: value is not None and (value in wanted) is (kind == "In")
    if len(values) != 1:
        raise bad_request(f"The operator '{kind[:50]}' of a condition takes one value, and {len(values)} were given.")
    (single,) = values
    if kind in ("Equal", "NotEqual"):
        return lambda value: (value == single) is (kind == "Equal")
    if kind in _ORDERINGS:
        compare = _ORDERINGS[kind]
        return lambda value: type(value) is type(single) and value is not None and compare(value, single)
    if kind in _PATTERNS:
        pattern = _PATTERNS[kind].format(single)
        return lambda value: value is not None and is_like(str(value), pattern)
    raise not_emulated(f"the operator '{kind[:50]}' of a QueryExpression")


def _comparable(value: Any, column: Column) -> Any:
    """A value of the column as it is compared: times as times, numbers as numbers even where they are sent as text."""
    if value is None or isinstance(value, (dict, list)):
        return None
    if column.type == "DateTime":
        return moment(value)
    if column.type == "Boolean":
        return str(value).casefold() in ("true", "1")
    if column.type in ("BigInt", "Double", "Integer", "Money", "Picklist", "State", "Status"):
        try:
            return float(value)
        except (ValueError, OverflowError):
            raise bad_request(f"'{str(value)[:50]}' is no number for the column '{column.name}'.") from None
    return str(value).casefold()


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    found = holder.get(name) or []
    if not isinstance(found, list):
        raise bad_request(f"'{name}' of a QueryExpression is a list.")
    return found


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad_request(f"'{name}' of a QueryExpression holds objects.")
    return value
