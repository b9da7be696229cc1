"""Turns a WHERE clause into filters and conditions, or says what is wrong with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reconciler.emulator.errors import bad_request
from reconciler.emulator.fetch.model import Condition, Filter

_COMPARISONS = {"EQ": "eq", "NEQ": "ne", "GT": "gt", "GTE": "ge", "LT": "lt", "LTE": "le", "Like": "like"}
_TURNED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


@dataclass(slots=True)
class Scope:
    """The tables of a statement: the name by which SQL knows each -> its alias in the query ("" for the first)."""

    aliases: dict[str, str]

    def column(self, node: Any) -> tuple[str, str]:
        """The alias and logical name of a column; one without a table belongs to the first."""
        table = node.table.lower()
        if not table:
            return "", node.name.lower()
        if table not in self.aliases or node.args.get("db"):
            raise bad_request(f"The multi-part identifier '{node.table}.{node.name}' could not be bound.")
        return self.aliases[table], node.name.lower()


def filter_of(node: Any, scope: Scope) -> Filter | Condition:
    """A condition of the query for each comparison; AND, OR, NOT and parentheses as filters."""
    kind = type(node).__name__
    if node.args.get("negate"):
        node.set("negate", None)
        return Filter("and", (filter_of(node, scope),), negated=True)
    if kind == "Paren":
        return filter_of(node.this, scope)
    if kind in ("And", "Or"):
        # A chain leans to the left, as deep as it is long.
        parts = [node.expression]
        while type(node.this) is type(node) and not node.this.args.get("negate"):
            node = node.this
            parts.append(node.expression)
        parts.append(node.this)
        return Filter("and" if kind == "And" else "or", tuple(filter_of(part, scope) for part in reversed(parts)))
    if kind == "Not":
        return Filter("and", (filter_of(node.this, scope),), negated=True)
    if kind == "Is" and type(node.expression).__name__ == "Null":
        return _condition(scope, node.this, "null")
    if kind == "In" and node.expressions:
        return _condition(scope, node.this, "in", tuple(_text(item) for item in node.expressions))
    if kind == "Between":
        return _condition(scope, node.this, "between", (_text(node.args["low"]), _text(node.args["high"])))
    if kind in _COMPARISONS:
        return _comparison(scope, node, _COMPARISONS[kind])
    raise bad_request("WHERE takes comparisons of a column with a literal, LIKE, IN, BETWEEN and IS NULL.")


def _comparison(scope: Scope, node: Any, operator: str) -> Condition:
    left, right = node.this, node.expression
    if type(left).__name__ != "Column" and type(right).__name__ == "Column" and operator in _TURNED:
        left, right, operator = right, left, _TURNED[operator]
    return _condition(scope, left, operator, (_text(right),))


def _condition(scope: Scope, node: Any, operator: str, values: tuple[str, ...] = ()) -> Condition:
    if type(node).__name__ != "Column":
        raise bad_request("WHERE compares a column with a literal; expressions and functions are not supported.")
    table, name = scope.column(node)
    return Condition(name, operator, values, table)


def _text(node: Any) -> str:
    kind = type(node).__name__
    if kind == "Neg":
        return f"-{_text(node.this)}"
    if kind in ("Literal", "National"):
        return str(node.this)
    if kind == "Boolean":
        return "true" if node.this else "false"
    raise bad_request("A column is compared with a literal; expressions, functions, NULL and other columns are not supported.")
