"""Refuses comparisons and functions in a $filter whose operands have types that do not go together. Pure."""

from __future__ import annotations

from reconciler.catalog.table import Column
from reconciler.emulator.errors import bad_request
from reconciler.emulator.rows.values import EDM

_LITERALS = {
    "Boolean": "Edm.Boolean",
    "Date": "Edm.Date",
    "DateTime": "Edm.DateTimeOffset",
    "Float": "Edm.Double",
    "GUID": "Edm.Guid",
    "Integer": "Edm.Int32",
    "String": "Edm.String",
}
_OPERATORS = {
    "Eq": "Equal",
    "NotEq": "NotEqual",
    "Gt": "GreaterThan",
    "GtE": "GreaterThanOrEqual",
    "Lt": "LessThan",
    "LtE": "LessThanOrEqual",
}
_ALIKE = (
    frozenset({"Edm.Int32", "Edm.Int64", "Edm.Decimal", "Edm.Double"}),
    # Filters on times by a date alone are common.
    frozenset({"Edm.Date", "Edm.DateTimeOffset"}),
)
_TEXT = "Edm.String Nullable=true"


def type_of_column(column: Column) -> str | None:
    """The EDM type of a column's values; None where nothing is refused because of it."""
    found = EDM[column.type]
    return found if found.startswith("Edm.") else None


def type_of_literal(kind: str, text: str) -> str | None:
    """The EDM type of a literal of the syntax tree; None for null, which goes with everything. A guid in quotes is text."""
    if kind == "Integer" and len(text.lstrip("+-")) < 20 and not -(2**31) <= int(text) < 2**31:
        return "Edm.Int64"
    return _LITERALS.get(kind)


def check_operands(operator: str, left: str | None, right: str | None) -> None:
    """Refuses a comparison of two known types that no promotion joins; text of the OData library that the service is built on."""
    if left is None or right is None or left == right or any({left, right} <= alike for alike in _ALIKE):
        return
    raise bad_request(
        f"A binary operator with incompatible types was detected. Found operand types '{left}' and '{right}' for operator kind "
        f"'{_OPERATORS[operator]}'."
    )


def check_texts(function: str, types: tuple[str | None, ...]) -> None:
    """Refuses contains, startswith and endswith of what is no text; text of the same library."""
    if any(kind not in (None, "Edm.String") for kind in types):
        raise bad_request(
            f"No function signature for the function with name '{function}' matches the specified arguments. The function signatures "
            f"considered are: {function}({_TEXT}, {_TEXT})."
        )
