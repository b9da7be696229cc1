"""Calls the domain's functions and actions: reads their parameters and shapes their results. Writes whatever they write."""

from __future__ import annotations

import json
from typing import Any

from reconciler.emulator.addresses import Segment, locate, named_parts, unquoted
from reconciler.emulator.context import Operation, Row
from reconciler.emulator.errors import NAMESPACE, bad_request, broken_body, missing_key, missing_row, no_such_request
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.pages import page
from reconciler.emulator.query.queries import Query
from reconciler.emulator.rows.payloads import body_of
from reconciler.emulator.rows.reads import single
from reconciler.emulator.session import Session


def invoke(session: Session, operation: Operation, segment: Segment, query: Query, shape: Shape | None, key: str | None) -> Answer:
    """Runs an operation on what it is bound to. Refuses the wrong verb, and a binding that the operation does not have."""
    wanted = "GET" if operation.kind == "function" else "POST"
    if session.request.method != wanted:
        raise no_such_request(f"{session.base_url}/{session.request.path}")
    _check_binding(operation, shape, key)
    id = None
    if shape is not None and key is not None:
        found = locate(shape, key, session.rows, draft=True)
        if found.id is None or session.rows.get(shape.name, found.id, draft=True) is None:
            # Only who may read the table learns what is not in it.
            session.check_read(shape)
            raise missing_key(shape.name) if found.id is None else missing_row(shape.name, found.id)
        id = found.id
    parameters = inline_parameters(segment, query) if operation.kind == "function" else body_of(session, may_be_empty=True)
    result = operation.run(session.context, id, parameters)
    if result is None:
        return Answer(204)
    if operation.composable_rows:
        return _rows(session, result, query)
    return _response(session, operation, result)


def _check_binding(operation: Operation, shape: Shape | None, key: str | None) -> None:
    bound = shape.table.entity_set if shape is not None else None
    if operation.bound_to != bound:
        raise bad_request("Request message has unresolved parameters.")
    if bound is not None and operation.bound_to_collection != (key is None):
        raise bad_request("Request message has unresolved parameters.")


def _response(session: Session, operation: Operation, result: dict[str, Any]) -> Answer:
    name = result.get("@odata.type-name") or f"{operation.name}Response"
    body = {"@odata.context": f"{session.base_url}/$metadata#{NAMESPACE}.{name}"}
    body.update((key, value) for key, value in result.items() if key != "@odata.type-name")
    return Answer(200, body)


def _rows(session: Session, result: dict[str, Any], query: Query) -> Answer:
    shape = session.model.shapes[result["table"]]
    if "row" in result:
        row: Row = result["row"]
        return single(session, shape, session.shown(shape, row), query)
    rows = [session.shown(shape, row) for row in result["rows"]]
    return Answer(200, page(session, shape, rows, query, shape.table.entity_set))


def inline_parameters(segment: Segment, query: Query) -> dict[str, Any]:
    """The parameters between a function's parentheses; an alias among them stands for what the query string says."""
    parameters = {}
    for name, text in named_parts(segment.inside).items() if segment.inside else ():
        value = text
        if text.startswith("@"):
            if text not in query.aliases:
                raise bad_request("Request message has unresolved parameters.")
            value = query.aliases[text]
        parameters[name] = _value(value)
    return parameters


def _value(text: str) -> Any:
    if text.startswith("'"):
        return unquoted(text)
    if text.startswith(NAMESPACE):
        # An enumeration: the type's name, then the member in quotes.
        return unquoted(text[text.find("'") :])
    try:
        return json.loads(text.replace("'", '"') if text.startswith("{'") else text)
    except ValueError:
        return text
    except RecursionError:
        raise broken_body("A parameter is nested too deeply.") from None
