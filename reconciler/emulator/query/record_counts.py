"""Answers RetrieveTotalRecordCount: how many rows tables have. Reads only."""

from __future__ import annotations

import json
from typing import Any

from reconciler.emulator.addresses import Segment, named_parts
from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import NAMESPACE, bad_request, no_such_request
from reconciler.emulator.messages import Answer
from reconciler.emulator.query.queries import Query
from reconciler.emulator.session import Session

RECORD_COUNTS = "RetrieveTotalRecordCount"


def record_counts(session: Session, segment: Segment, query: Query) -> Answer:
    """The count of each named table. The service counts at most once a day; here the counts are of the moment."""
    if session.request.method != "GET":
        raise no_such_request(f"{session.base_url}/{session.request.path}")
    text = named_parts(segment.inside or "").get("EntityNames", "") if segment.inside else ""
    names = _names(query.aliases.get(text, text))
    counts = []
    for name in names:
        shape = session.model.shapes.get(name)
        if shape is None:
            said = f"The entity with a name = '{name[:80]}' with namemapping = 'Logical' was not found in the MetadataCache."
            raise DataverseError(400, "0x80041102", said)
        session.check_read(shape)
        counts.append(len(session.rows.all(name)))
    found: dict[str, Any] = {"Count": len(names), "IsReadOnly": False, "Keys": names, "Values": counts}
    context = f"{session.base_url}/$metadata#{NAMESPACE}.{RECORD_COUNTS}Response"
    return Answer(200, {"@odata.context": context, "EntityRecordCountCollection": found})


def _names(text: str) -> list[str]:
    try:
        read = json.loads(text.replace("'", '"'))
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, list) or not read or not all(isinstance(name, str) for name in read):
        raise bad_request("Request message has unresolved parameters.")
    return list(dict.fromkeys(read))
