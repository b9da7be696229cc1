"""Carries out BulkDelete: deletes what queries find, at once instead of in a job. Writes rows."""

from __future__ import annotations

import uuid
from typing import Any

from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import NAMESPACE, broken_body, invalid_argument, no_such_request, not_emulated
from reconciler.emulator.messages import Answer
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.query.query_expressions import expression_test
from reconciler.emulator.rows.payloads import body_of
from reconciler.emulator.rows.removals import Removal
from reconciler.emulator.session import Session

_MAX_QUERIES = 100
_TOLD = (403, 429, 501)
"""Refusals that no row has by itself: a missing privilege, a busy service, and what is not emulated."""


def bulk_delete(session: Session) -> Answer:
    """POST BulkDelete: answers with the id of a job that is over. As in a job, a row that may not be deleted stays; only a caller
    without the privilege is told so.
    """
    if session.request.method != "POST":
        raise no_such_request(f"{session.base_url}/{session.request.path}")
    body = body_of(session)
    queries = body.get("QuerySet")
    if not isinstance(queries, list) or not queries or not all(isinstance(query, dict) for query in queries):
        raise broken_body("'QuerySet' is a list of QueryExpressions.")
    if len(queries) > _MAX_QUERIES:
        raise invalid_argument(f"'QuerySet' holds {len(queries)} queries; the limit of the embedded Dataverse is {_MAX_QUERIES}.")
    if not isinstance(body.get("JobName"), str) or not body["JobName"]:
        raise invalid_argument("Required field 'JobName' is missing.")
    if body.get("RecurrencePattern"):
        raise not_emulated("a BulkDelete job that recurs")
    for query in queries:
        _delete_found(session, query)
    return Answer(200, {"@odata.context": f"{session.base_url}/$metadata#{NAMESPACE}.BulkDeleteResponse", "JobId": str(uuid.uuid4())})


def _delete_found(session: Session, query: dict[str, Any]) -> None:
    kind = str(query.get("@odata.type", f"{NAMESPACE}.QueryExpression")).removeprefix("#")
    if kind != f"{NAMESPACE}.QueryExpression":
        raise not_emulated(f"BulkDelete with '{kind[:100]}'")
    shape = _shape(session, str(query.get("EntityName")))
    test = expression_test(query, shape)
    rows = [row for row in session.rows.all(shape.name) if test(session.shown(shape, row))]
    removal = Removal(session, shape, [str(row[shape.table.primary_id]) for row in rows])
    for row in rows:
        try:
            removal.carry_out(row)
        except DataverseError as error:
            if error.status in _TOLD:
                raise


def _shape(session: Session, name: str) -> Shape:
    shape = session.model.shapes.get(name)
    if shape is None:
        raise invalid_argument(f"The entity with a name = '{name[:100]}' was not found.")
    return shape
