"""Turns the syntax tree of a $filter into a test of rows, by Dataverse's rules of comparison. Reads the rows that a path leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.errors import bad_request, not_emulated, unknown_property
from reconciler.emulator.metadata.shapes import Collection, Shape
from reconciler.emulator.query.comparing import in_order, one_of, same
from reconciler.emulator.query.hierarchies import hierarchy_test
from reconciler.emulator.query.literals import ESCAPED, parsed
from reconciler.emulator.query.operators import HIERARCHICAL, test_of
from reconciler.emulator.query.paths import Path, Value, path_of
from reconciler.emulator.query.patterns import is_like
from reconciler.emulator.query.query_functions import condition_of
from reconciler.emulator.query.typing import check_operands, check_texts, type_of_column, type_of_literal
from reconciler.emulator.session import Session

_COMPARISONS = {"Gt": "gt", "GtE": "ge", "Lt": "lt", "LtE": "le"}
_LITERALS = frozenset({"String", "Integer", "Float", "Boolean", "Null", "GUID", "Date", "DateTime"})
_MAX_CONDITIONS = 500
_TEXT_FUNCTIONS = ("contains", "startswith", "endswith")


def condition(text: str, shape: Shape, session: Session) -> Callable[[Row], bool]:
    """A test of rows of that table. Refuses unknown columns even when there are no rows to test."""
    try:
        compiler = _Compiler(shape, session, {})
        test = compiler.compile(parsed(text))
    except RecursionError:
        raise bad_request("The $filter is too long or nested too deeply.") from None
    cost = compiler.cost

    def counted(row: Row) -> bool:
        session.spend(cost)
        return bool(test(row))

    return counted


class _Bound:
    """A variable of `any` or `all` while its expression runs: the table, and the member that it stands for at the moment."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.row: Row = {}


class _Compiler:
    def __init__(self, shape: Shape, session: Session, bound: dict[str, _Bound]) -> None:
        self._shape = shape
        self._session = session
        self._bound = bound
        self.cost = 1
        """How many tests one row takes; those of the members of collections are counted when they are made."""

    def compile(self, node: Any) -> Value:
        name = type(node).__name__
        method = getattr(self, f"_{name.lower()}", None)
        if method is None:
            raise not_emulated("arithmetic, or another expression without a comparison, in $filter")
        compiled: Value = method(node)
        return compiled

    def _boolop(self, node: Any) -> Value:
        # A chain leans to the left, as deep as it is long.
        kind, parts = type(node.op), [node.right]
        while type(node.left).__name__ == "BoolOp" and type(node.left.op) is kind:
            node = node.left
            parts.append(node.right)
        parts.append(node.left)
        if len(parts) > _MAX_CONDITIONS:
            raise DataverseError(400, "0x8004430c", "Number of conditions in query exceeded maximum limit.")
        tests = [self.compile(part) for part in reversed(parts)]
        if kind.__name__ == "And":
            return lambda row: all(test(row) for test in tests)
        return lambda row: any(test(row) for test in tests)

    def _unaryop(self, node: Any) -> Value:
        if type(node.op).__name__ == "Not":
            if type(node.operand).__name__ == "Call" and node.operand.func.namespace:
                raise bad_request("Not operator along with the Custom Named Condition operators is not allowed")
            operand = self.compile(node.operand)
            return lambda row: not operand(row)
        raise not_emulated("a minus before a column in $filter")

    def _compare(self, node: Any) -> Value:
        self.cost += 1
        # The grammar binds `not` tighter than `eq`; OData means `not (a eq 1)`.
        if type(node.left).__name__ == "UnaryOp" and type(node.left.op).__name__ == "Not":
            inner = self._compare(type(node)(node.comparator, node.left.operand, node.right))
            return lambda row: not inner(row)
        operator, left = type(node.comparator).__name__, self.compile(node.left)
        if operator == "In":
            return self._in(left, node.right)
        right = self.compile(node.right)
        check_operands(operator, self._type(node.left), self._type(node.right))
        if operator == "Eq":
            return lambda row: same(left(row), right(row))
        if operator == "NotEq":
            return lambda row: not same(left(row), right(row))
        comparison = _COMPARISONS[operator]
        return lambda row: in_order(comparison, left(row), right(row))

    def _in(self, left: Value, listed: Any) -> Value:
        if type(listed).__name__ != "List":
            raise bad_request("The operator 'in' of $filter needs a list.")
        items = [self.compile(item) for item in listed.val]
        if all(type(item).__name__ in _LITERALS for item in listed.val):
            test = one_of(item({}) for item in items)
            return lambda row: test(left(row))
        self.cost += len(items)
        return lambda row: any(same(left(row), item(row)) for item in items)

    def _call(self, node: Any) -> Value:
        self.cost += 1
        if node.func.namespace:
            return self._named_condition(node)
        kind = node.func.name
        if kind not in _TEXT_FUNCTIONS:
            raise bad_request(f"The function '{kind}' is not supported in $filter; only {', '.join(_TEXT_FUNCTIONS)} are.")
        if len(node.args) != 2:
            raise bad_request(f"The function '{kind}' takes two parameters.")
        value, wanted = (self.compile(argument) for argument in node.args)
        check_texts(kind, (self._type(node.args[0]), self._type(node.args[1])))
        return lambda row: _matches(kind, value(row), wanted(row))

    def _named_condition(self, node: Any) -> Value:
        operator, names, values = condition_of(node)
        path = self._path(names)
        if operator in HIERARCHICAL:
            test = hierarchy_test(self._session, path.shape, operator, values, path.property)
        else:
            test = test_of(operator, values, path.column, self._session.asker)
        return lambda row: test(path.value(row))

    def _collectionlambda(self, node: Any) -> Value:
        names = _names(node.owner)
        within = self._bound.get(names[0])
        shape = within.shape if within is not None else self._shape
        steps = names[1:] if within is not None else names
        if len(steps) != 1:
            raise bad_request("A condition on a collection below a lookup is not supported in $filter.")
        collection = shape.collections.get(steps[0])
        if collection is None:
            raise unknown_property(steps[0], shape.name)
        members, key = _Members(self._session, collection), shape.table.primary_id
        is_any = type(node.operator).__name__ == "Any"
        if node.lambda_ is None:
            return lambda row: bool(members.of((within.row if within is not None else row)[key]))
        variable = _Bound(self._session.model.shapes[collection.target])
        inner = {**self._bound, node.lambda_.identifier.name: variable}
        compiler = _Compiler(self._shape, self._session, inner)
        test = compiler.compile(node.lambda_.expression)

        def holds(row: Row) -> bool:
            for variable.row in members.of((within.row if within is not None else row)[key]):
                self._session.spend(compiler.cost)
                if bool(test(row)) is is_any:
                    return is_any
            return not is_any

        return holds

    def _identifier(self, node: Any) -> Value:
        return self._path(_names(node)).value

    _attribute = _identifier

    def _path(self, names: list[str]) -> Path:
        within = self._bound.get(names[0])
        if within is None or len(names) == 1:
            return path_of(names, self._shape, self._session)
        path = path_of(names[1:], within.shape, self._session)
        return Path(lambda _: path.value(within.row), path.column, path.shape, path.property)

    def _type(self, node: Any) -> str | None:
        kind = type(node).__name__
        if kind in ("Identifier", "Attribute"):
            return type_of_column(self._path(_names(node)).column)
        return type_of_literal(kind, str(getattr(node, "val", ""))) if kind in _LITERALS else None

    def _literal(self, node: Any) -> Value:
        try:
            value = str(node.val).lower() if type(node).__name__ == "GUID" else node.py_val
        except ValueError:
            raise bad_request(f"The literal '{str(node.val)[:80]}' in $filter is out of range.") from None
        return lambda _: value

    _string = _integer = _float = _boolean = _null = _guid = _date = _datetime = _literal


class _Members:
    """The members of one collection for every row that has it, found in one pass when the first row asks."""

    def __init__(self, session: Session, collection: Collection) -> None:
        self._session = session
        self._collection = collection
        self._found: dict[str, list[Row]] | None = None

    def of(self, id: str) -> list[Row]:
        if self._found is None:
            self._found = self._session.members_by_row(self._collection)
        return self._found.get(id, [])


def _names(node: Any) -> list[str]:
    names: list[str] = []
    while type(node).__name__ == "Attribute":
        names.insert(0, node.attr)
        node = node.owner
    return [name.removeprefix(ESCAPED) for name in [node.name, *names]]


def _matches(kind: str, value: Any, wanted: Any) -> bool:
    if value is None or wanted is None:
        return False
    # `%`, `_` and `[...]` are live wildcards in these three functions.
    before = "" if kind == "startswith" else "%"
    after = "" if kind == "endswith" else "%"
    return is_like(str(value), f"{before}{wanted}{after}")
