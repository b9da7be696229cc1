"""Turns the path of a request into the part of the Web API that answers it. Touches nothing by itself."""

from __future__ import annotations

from urllib.parse import parse_qsl

from reconciler.emulator.addresses import Segment, segments_of
from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import bad_request, no_such_request, not_emulated, unknown_segment, wrong_method
from reconciler.emulator.invocations import inline_parameters, invoke
from reconciler.emulator.messages import MOST_ANNOTATIONS, Answer
from reconciler.emulator.metadata.csdl import metadata_document
from reconciler.emulator.metadata.definition_changes import retrieve_metadata_changes
from reconciler.emulator.metadata.definitions import definitions
from reconciler.emulator.metadata.shapes import Shape
from reconciler.emulator.not_emulated import OPERATIONS, RESOURCES
from reconciler.emulator.query.queries import Query, query_of
from reconciler.emulator.query.record_counts import RECORD_COUNTS, record_counts
from reconciler.emulator.rows.bulk_deletes import bulk_delete
from reconciler.emulator.rows.multiples import MULTIPLES, write_multiple
from reconciler.emulator.rows.reads import read
from reconciler.emulator.rows.references import create_member, write_reference
from reconciler.emulator.rows.writes import create, delete, update, write_property
from reconciler.emulator.session import Session

_MAX_URL = 65_536


def route(session: Session) -> Answer:
    """The answer to one request. Raises DataverseError for whatever is refused."""
    if len(session.request.path) + len(session.request.query) > _MAX_URL:
        raise DataverseError(414, "0x80060888", "The request URL is too long.")
    if len(session.preferences.annotations) > MOST_ANNOTATIONS:
        raise bad_request(f"The header Prefer names more than {MOST_ANNOTATIONS} annotations.")
    if session.preferences.track_changes:
        raise not_emulated("Prefer: odata.track-changes")
    segments = segments_of(_without_references(session))
    if not segments:
        return _service_document(session)
    head = segments[0]
    if head.name == "$metadata":
        return _metadata(session)
    if head.name in RESOURCES:
        raise not_emulated(head.name)
    query = query_of(session.request.query)
    if head.name in ("EntityDefinitions", "RelationshipDefinitions"):
        return definitions(session, segments, query)
    shape = session.model.sets.get(head.name)
    if shape is not None:
        return _on_rows(session, shape, segments, query)
    if head.name == RECORD_COUNTS and len(segments) == 1:
        return record_counts(session, head, query)
    operation = session.domain.operations.get(head.name)
    if operation is not None and len(segments) == 1:
        return invoke(session, operation, head, query, None, None)
    if head.name == "BulkDelete" and len(segments) == 1:
        return bulk_delete(session)
    if head.name == "RetrieveMetadataChanges" and len(segments) == 1:
        return retrieve_metadata_changes(session, inline_parameters(head, query))
    if head.name in OPERATIONS:
        raise not_emulated(head.name)
    raise unknown_segment(head.name)


def _without_references(session: Session) -> str:
    path = session.request.path
    if not path.startswith("$") or path.startswith(("$metadata", "$batch", "$entity", "$crossjoin")):
        return path
    name, slash, rest = path[1:].partition("/")
    where = session.request.references.get(name)
    if where is None:
        raise bad_request(f"Content-ID Reference: '${name}' does not exist in the batch context.")
    return where.removeprefix(session.base_url).lstrip("/") + slash + rest


def _on_rows(session: Session, shape: Shape, segments: tuple[Segment, ...], query: Query) -> Answer:
    method, head = session.request.method, segments[0]
    if len(segments) > 1 and segments[1].qualified:
        return _bound(session, shape, segments, query)
    if method == "GET":
        return read(session, shape, segments, query)
    if len(segments) == 1:
        return _on_row(session, shape, head, query)
    if head.key is not None and len(segments) == 3 and segments[2].name == "$ref":
        return write_reference(session, shape, head.key, segments[1], query)
    if segments[-1].name == "$value":
        raise not_emulated("writing of $value")
    if head.key is not None and len(segments) == 2 and method == "POST" and segments[1].name in shape.collections:
        return create_member(session, shape, head.key, segments[1], query)
    if head.key is not None and len(segments) == 2 and method in ("PUT", "DELETE"):
        if segments[1].name in shape.navigations or segments[1].name in shape.collections:
            raise wrong_method(method)
        return write_property(session, shape, head.key, segments[1])
    raise wrong_method(method)


def _on_row(session: Session, shape: Shape, head: Segment, query: Query) -> Answer:
    method = session.request.method
    if head.key is None and method == "POST":
        return create(session, shape, query)
    if head.key is not None and method == "PATCH":
        return update(session, shape, head.key, query)
    if head.key is not None and method == "DELETE":
        return delete(session, shape, head.key)
    raise wrong_method(method)


def _bound(session: Session, shape: Shape, segments: tuple[Segment, ...], query: Query) -> Answer:
    name = segments[1].name
    if name in MULTIPLES and len(segments) == 2 and segments[0].key is None:
        if session.request.method != "POST":
            raise no_such_request(f"{session.base_url}/{session.request.path}")
        return write_multiple(session, shape, name)
    operation = session.domain.operations.get(f"{shape.table.entity_set}/{name}")
    if operation is None:
        if name in OPERATIONS:
            raise not_emulated(name)
        if any(other.name == name for other in session.domain.operations.values()):
            raise bad_request("Request message has unresolved parameters.")
        raise unknown_segment(f"Microsoft.Dynamics.CRM.{name}")
    if len(segments) > 2:
        raise not_emulated(f"a path behind {name}")
    return invoke(session, operation, segments[1], query, shape, segments[0].key)


def _service_document(session: Session) -> Answer:
    if session.request.method != "GET":
        raise wrong_method(session.request.method)
    names = sorted(session.model.sets)
    value = [{"name": name, "kind": "EntitySet", "url": name} for name in names]
    return Answer(200, {"@odata.context": f"{session.base_url}/$metadata", "value": value})


def _metadata(session: Session) -> Answer:
    if session.request.method != "GET":
        raise wrong_method(session.request.method)
    accepted = session.request.headers.get("accept", "*/*")
    if not any(kind in accepted for kind in ("xml", "*/*", "application/*")):
        raise DataverseError(415, "0x80060888", "A supported MIME type could not be found that matches the acceptable MIME types.")
    asked = dict(parse_qsl(session.request.query)).get("annotations", "").lower() == "true"
    annotated = asked or bool(session.preferences.annotations)
    return Answer(200, metadata_document(session.model, session.domain.operations.values(), annotated=annotated))
