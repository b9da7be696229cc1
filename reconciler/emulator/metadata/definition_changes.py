"""Answers RetrieveMetadataChanges: the definitions that an EntityQueryExpression finds, with the properties that it names. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.emulator.context import Row
from reconciler.emulator.errors import NAMESPACE, bad_request, no_such_request, not_emulated
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.definitions import PARTS
from reconciler.emulator.metadata.metadata_rows import table_row
from reconciler.emulator.session import Session

_QUERIES = {
    "Attributes": "AttributeQuery",
    "Keys": "KeyQuery",
    "OneToManyRelationships": "RelationshipQuery",
    "ManyToOneRelationships": "RelationshipQuery",
    "ManyToManyRelationships": "RelationshipQuery",
}
"""What a table's definition leads to -> the member of the query that says which of them, and what of them."""
_ALWAYS = frozenset({"@odata.type", "MetadataId", "LogicalName", "SchemaName", "HasChanged"})
_MAX_DEPTH = 10


def retrieve_metadata_changes(session: Session, parameters: dict[str, Any]) -> Answer:
    """The first, complete answer of RetrieveMetadataChanges. Properties that the embedded Dataverse does not describe are left out."""
    if session.request.method != "GET":
        raise no_such_request(f"{session.base_url}/{session.request.path}")
    for name in parameters.keys() - {"Query"}:
        # A null is as good as nothing.
        if parameters[name] is not None:
            raise not_emulated(f"RetrieveMetadataChanges with '{name[:50]}'")
    query = _object(parameters.get("Query"), "Query")
    if query.get("LabelQuery"):
        raise not_emulated("RetrieveMetadataChanges with 'LabelQuery'")
    test = _filter(query.get("Criteria"), 0)
    wanted = _wanted(query)
    tables = []
    for shape in session.model.shapes.values():
        row = table_row(shape)
        if not test(row):
            continue
        for part, name in _QUERIES.items():
            if wanted is None or part in wanted:
                inner = _object(query.get(name) or {}, name)
                matches, names = _filter(inner.get("Criteria"), 0), _wanted(inner)
                row[part] = [_narrowed(item, names) for item in PARTS[part](session.model, shape) if matches(item)]
        tables.append(_narrowed(row, wanted))
    return Answer(
        200,
        {
            "@odata.context": f"{session.base_url}/$metadata#{NAMESPACE}.RetrieveMetadataChangesResponse",
            "ServerVersionStamp": "1!01/01/0001 00:00:00",
            "EntityMetadata": tables,
            "DeletedMetadata": None,
        },
    )


def _wanted(query: dict[str, Any]) -> frozenset[str] | None:
    """The properties asked for; None: all of them."""
    properties = _object(query.get("Properties") or {}, "Properties")
    if properties.get("AllProperties") is True:
        return None
    return frozenset(str(name) for name in _list(properties, "PropertyNames"))


def _narrowed(row: Row, wanted: frozenset[str] | None) -> Row:
    return row if wanted is None else {name: value for name, value in row.items() if name in wanted | _ALWAYS}


def _filter(criteria: Any, depth: int) -> Callable[[Row], bool]:
    if depth > _MAX_DEPTH:
        raise bad_request(f"The filters of a metadata query may be nested to a depth of {_MAX_DEPTH}.")
    given = _object(criteria or {}, "Criteria")
    tests = [_condition(_object(item, "Conditions")) for item in _list(given, "Conditions")]
    tests += [_filter(item, depth + 1) for item in _list(given, "Filters")]
    joins = any if given.get("FilterOperator") == "Or" and tests else all
    return lambda row: joins(test(row) for test in tests)


def _condition(condition: dict[str, Any]) -> Callable[[Row], bool]:
    name, kind, value = str(condition.get("PropertyName")), str(condition.get("ConditionOperator")), condition.get("Value")
    bare = value.get("Value") if isinstance(value, dict) else value
    if kind not in ("Equals", "NotEquals", "In", "NotIn"):
        raise not_emulated(f"the operator '{kind[:50]}' of a metadata query")
    wanted = frozenset(_text(item) for item in (bare if isinstance(bare, list) else [bare]))
    return lambda row: (_text(_bare(row.get(name))) in wanted) is (kind in ("Equals", "In"))


def _bare(value: Any) -> Any:
    # A managed property counts by its value.
    return value.get("Value") if isinstance(value, dict) else value


def _text(value: Any) -> str:
    return str(value).casefold()


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    found = holder.get(name) or []
    if not isinstance(found, list):
        raise bad_request(f"'{name}' of a metadata query is a list.")
    return found


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad_request(f"'{name}' of a metadata query is an object.")
    return value
