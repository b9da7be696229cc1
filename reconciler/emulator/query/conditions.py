"""Turns the syntax tree of a $filter into a test of rows, with Dataverse's rules of comparison. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Protocol

from reconciler.emulator.context import Row
from reconciler.emulator.errors import bad_request, not_emulated, unknown_property
from reconciler.emulator.metadata.shapes import Model, Shape
from reconciler.emulator.query.literals import ESCAPED, parsed
from reconciler.emulator.query.patterns import is_like

Value = Callable[[Row], Any]
_MAX_STEPS = 10
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Gt": lambda a, b: a > b,
    "GtE": lambda a, b: a >= b,
    "Lt": lambda a, b: a < b,
    "LtE": lambda a, b: a <= b,
}


class Lookup(Protocol):
    """How a path over a lookup reaches the other row."""

    def row(self, shape: Shape, id: str) -> Row | None:
        """That row as it is shown, or None."""
        ...

    @property
    def caller_id(self) -> str:
        """The user who asks."""
        ...


def condition(text: str, shape: Shape, model: Model, lookup: Lookup) -> Callable[[Row], bool]:
    """A test of rows of that table. Refuses unknown columns even when there are no rows to test."""
    try:
        test = _Compiler(shape, model, lookup).compile(parsed(text))
    except RecursionError:
        raise bad_request("The $filter is too long or nested too deeply.") from None
    return lambda row: bool(test(row))


class _Compiler:
    def __init__(self, shape: Shape, model: Model, lookup: Lookup) -> None:
        self._shape = shape
        self._model = model
        self._lookup = lookup

    def compile(self, node: Any) -> Value:
        name = type(node).__name__
        method = getattr(self, f"_{name.lower()}", None)
        if method is None:
            raise not_emulated(f"{name} in $filter")
        compiled: Value = method(node)
        return compiled

    def _boolop(self, node: Any) -> Value:
        left, right = self.compile(node.left), self.compile(node.right)
        if type(node.op).__name__ == "And":
            return lambda row: left(row) and right(row)
        return lambda row: left(row) or right(row)

    def _unaryop(self, node: Any) -> Value:
        if type(node.op).__name__ == "Not":
            if type(node.operand).__name__ == "Call" and node.operand.func.namespace:
                raise bad_request("Not operator along with the Custom Named Condition operators is not allowed")
            operand = self.compile(node.operand)
            return lambda row: not operand(row)
        raise not_emulated("a minus before a column in $filter")

    def _compare(self, node: Any) -> Value:
        # The grammar binds `not` tighter than `eq`; OData means `not (a eq 1)`.
        if type(node.left).__name__ == "UnaryOp" and type(node.left.op).__name__ == "Not":
            inner = self._compare(type(node)(node.comparator, node.left.operand, node.right))
            return lambda row: not inner(row)
        left, right = self.compile(node.left), self.compile(node.right)
        operator = type(node.comparator).__name__
        if operator == "In":
            return lambda row: any(same(left(row), item) for item in right(row))
        if operator == "Eq":
            return lambda row: same(left(row), right(row))
        if operator == "NotEq":
            return lambda row: not same(left(row), right(row))
        compare = _COMPARISONS[operator]
        return lambda row: _ordered(compare, left(row), right(row))

    def _call(self, node: Any) -> Value:
        if node.func.namespace:
            return self._named_condition(node)
        values = [self.compile(argument) for argument in node.args]
        if node.func.name not in ("contains", "startswith", "endswith"):
            raise not_emulated(f"the function {node.func.name} in $filter")
        kind = node.func.name
        return lambda row: _matches(kind, values[0](row), values[1](row))

    def _named_condition(self, node: Any) -> Value:
        given = {p.name.name: p.param for p in node.args if type(p).__name__ == "NamedParam"}
        name = node.func.name
        if name not in ("In", "NotIn", "EqualUserId", "NotEqualUserId") or "PropertyName" not in given:
            raise not_emulated(f"the condition {node.func.full_name()}")
        column = self._path(str(given["PropertyName"].py_val).split("/"))
        if name.endswith("EqualUserId"):
            wanted = self._lookup.caller_id
            is_caller = name == "EqualUserId"
            return lambda row: same(column(row), wanted) is is_caller
        listed = given.get("PropertyValues")
        if listed is None or type(listed).__name__ != "List":
            raise bad_request(f"The condition {name} needs a list of PropertyValues.")
        values = [str(value).casefold() for value in listed.py_val]
        is_in = name == "In"
        return lambda row: (_plain(column(row)) in values) is is_in

    def _identifier(self, node: Any) -> Value:
        return self._path([node.name.removeprefix(ESCAPED)])

    def _attribute(self, node: Any) -> Value:
        names: list[str] = []
        while type(node).__name__ == "Attribute":
            names.insert(0, node.attr)
            node = node.owner
        return self._path([name.removeprefix(ESCAPED) for name in [node.name, *names]])

    def _path(self, names: list[str]) -> Value:
        return path_value(names, self._shape, self._model, self._lookup)

    def _list(self, node: Any) -> Value:
        items = [self.compile(item) for item in node.val]
        return lambda row: [item(row) for item in items]

    def _literal(self, node: Any) -> Value:
        try:
            value = str(node.val).lower() if type(node).__name__ == "GUID" else node.py_val
        except ValueError:
            raise bad_request(f"The literal '{str(node.val)[:80]}' in $filter is out of range.") from None
        return lambda _: value

    _string = _integer = _float = _boolean = _null = _guid = _date = _datetime = _literal


def path_value(names: list[str], shape: Shape, model: Model, lookup: Lookup) -> Value:
    """Reads a column, or a column of a row that lookups lead to."""
    name, rest = names[0], names[1:]
    if len(rest) > _MAX_STEPS:
        raise bad_request("A path in $filter has too many steps.")
    if not rest:
        if name not in shape.properties:
            raise unknown_property(name, shape.name)
        return lambda row: row.get(name)
    step = shape.navigations.get(name)
    if step is None or step.targets[0] not in model.shapes:
        raise unknown_property(name, shape.name)
    target = model.shapes[step.targets[0]]
    inner = path_value(rest, target, model, lookup)

    def follow(row: Row) -> Any:
        id = row.get(step.stored)
        other = lookup.row(target, id) if id else None
        return inner(other) if other is not None else None

    return follow


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


def _ordered(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, dt.date) or isinstance(right, dt.date):
        left, right = moment(left), moment(right)
    left, right = _comparable(left), _comparable(right)
    try:
        return compare(left, right)
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


def _plain(value: Any) -> str | None:
    return None if value is None else str(value).casefold()


def _matches(kind: str, value: Any, wanted: Any) -> bool:
    if value is None or wanted is None:
        return False
    # `%`, `_` and `[...]` are live wildcards in these three functions.
    before = "" if kind == "startswith" else "%"
    after = "" if kind == "endswith" else "%"
    return is_like(str(value), f"{before}{wanted}{after}")
