"""Turns the query functions of Microsoft.Dynamics.CRM (`LastXDays(...)`) into operators and their values. Pure."""

from __future__ import annotations

from typing import Any

from reconciler.emulator.errors import NAMESPACE, bad_request, not_emulated
from reconciler.emulator.query.operators import HIERARCHICAL, NOT_EMULATED
from reconciler.emulator.query.periods import COUNTED, PLAIN

_RENAMED = {
    "last-seven-days": "Last7Days",
    "next-seven-days": "Next7Days",
    "eq-or-above": "AboveOrEqual",
    "eq-or-under": "UnderOrEqual",
    "not-contain-values": "DoesNotContainValues",
    "eq-useroruserhierarchy": "EqualUserOrUserHierarchy",
    "eq-useroruserhierarchyandteams": "EqualUserOrUserHierarchyAndTeams",
    "eq-useroruserteams": "EqualUserOrUserTeams",
    "eq-userteams": "EqualUserTeams",
    "eq-userid": "EqualUserId",
    "ne-userid": "NotEqualUserId",
    "eq-businessid": "EqualBusinessId",
    "ne-businessid": "NotEqualBusinessId",
    "eq-userlanguage": "EqualUserLanguage",
}
_SAME = ("in", "not-in", "between", "not-between", "on", "on-or-after", "on-or-before")
_WITHOUT_OPERATOR = frozenset({"Contains", "EqualRoleBusinessId"})


def _function(operator: str) -> str:
    camel = "".join(part.capitalize() for part in operator.split("-"))
    return _RENAMED.get(operator) or camel.replace("Olderthan", "OlderThan")


OPERATORS = {_function(name): name for name in (*_RENAMED, *_SAME, *PLAIN, *COUNTED, *HIERARCHICAL, *NOT_EMULATED)}
"""The operator of each query function."""


def condition_of(node: Any) -> tuple[str, list[str], list[str]]:
    """The operator, the path of the property and the values of a call in a syntax tree."""
    name = node.func.name
    if list(node.func.namespace) != NAMESPACE.split("."):
        raise bad_request(f"An unknown function with name '{node.func.full_name()}' was found.")
    if name in _WITHOUT_OPERATOR:
        raise not_emulated(f"the query function {name}")
    operator = OPERATORS.get(name)
    if operator is None:
        raise bad_request(f"An unknown function with name '{NAMESPACE}.{name}' was found.")
    if operator in NOT_EMULATED:
        raise not_emulated(f"the query function {name}")
    given = {part.name.name: part.param for part in node.args if type(part).__name__ == "NamedParam"}
    if "PropertyName" not in given:
        raise bad_request(f"The query function {name} needs a PropertyName.")
    if type(given["PropertyName"]).__name__ != "String":
        raise bad_request(f"The PropertyName of the query function {name} is a text in quotes.")
    return operator, str(given["PropertyName"].val).split("/"), _values(name, given)


def _values(name: str, given: dict[str, Any]) -> list[str]:
    if "PropertyValues" in given:
        listed = given["PropertyValues"]
        if type(listed).__name__ != "List":
            raise bad_request(f"The query function {name} needs a list of PropertyValues.")
        return [_text(name, item) for item in listed.val]
    if name in ("In", "NotIn"):
        raise bad_request(f"The query function {name} needs a list of PropertyValues.")
    return [_text(name, given["PropertyValue"])] if "PropertyValue" in given else []


def _text(name: str, node: Any) -> str:
    if not hasattr(node, "val") or isinstance(node.val, list):
        raise bad_request(f"The values of the query function {name} are literals.")
    return str(node.val)
