"""Publishes drafts of forms: of the tables that are named, or all of them. Writes the rows of the request."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.parsers import expat

from reconciler.emulator.context import Context, DataverseError
from reconciler.emulator.domain import notes
from reconciler.emulator.domain.customization_lock import lock, refuse_publishing
from reconciler.emulator.domain.moments import as_text
from reconciler.emulator.domain.privileges import Guard
from reconciler.emulator.domain.rights import PUBLISH

_TABLE = "systemform"
_LIMIT = 1_000_000


def publish_some(guard: Guard, context: Context, _id: str | None, parameters: dict[str, Any]) -> None:
    """PublishXml: every draft of the tables in <entities>; other components are accepted, for they have no drafts here."""
    text = parameters.get("ParameterXml")
    if not isinstance(text, str):
        raise DataverseError(400, "0x80040203", "The required parameter 'ParameterXml' is missing.")
    tables = named_tables(text)
    unknown = sorted(tables - set(context.tables))
    if unknown:
        raise DataverseError(
            400,
            "0x80041102",
            f"The entity with a name = '{unknown[0][:100]}' with namemapping = 'Logical' was not found in the MetadataCache.",
        )
    _publish(guard, context, tables)


def publish_all(guard: Guard, context: Context, _id: str | None, _parameters: dict[str, Any]) -> None:
    """PublishAllXml: every draft."""
    _publish(guard, context, None)


def named_tables(text: str) -> set[str]:
    """The logical names in importexportxml/entities/entity. Raises DataverseError for text that is no such document."""
    path: list[str] = []
    names: set[str] = set()
    buffer: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        path.append(name)
        buffer.clear()

    def end(_name: str) -> None:
        if path == ["importexportxml", "entities", "entity"]:
            names.add("".join(buffer).strip())
        path.pop()

    def refuse(*_: object) -> None:
        raise DataverseError(400, "0x80040201", "A document type is not allowed in ParameterXml.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, buffer.append
    parser.StartDoctypeDeclHandler = refuse
    try:
        raw = text.encode("utf-8")
        if len(raw) > _LIMIT:
            raise DataverseError(400, "0x80040201", "ParameterXml is too long.")
        parser.Parse(raw, True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        raise DataverseError(400, "0x80040201", f"Invalid XML: {error}") from None
    return names


def _publish(guard: Guard, context: Context, tables: set[str] | None) -> None:
    guard.check_privilege(context, PUBLISH, _TABLE)
    operation = "PublishAll" if tables is None else "Publish"
    refuse_publishing(context, operation)
    merge_drafts(context, tables)
    seconds = float(context.rows.note(notes.PUBLISHING) or 0)
    if seconds:
        lock(context.rows, operation, context.now + dt.timedelta(seconds=seconds))


def merge_drafts(context: Context, tables: set[str] | None) -> None:
    """Makes every draft of these tables (None: of all) the published copy, whoever asks."""
    for draft in context.rows.all(_TABLE, draft=True):
        if draft.get("componentstate") != 1 or (tables is not None and draft.get("objecttypecode") not in tables):
            continue
        id = str(draft["formid"])
        content = {column: value for column, value in draft.items() if column != "versionnumber"}
        content |= {"componentstate": 0, "publishedon": as_text(context.now)}
        context.rows.delete(_TABLE, id, draft=True)
        if context.rows.get(_TABLE, id) is None:
            context.rows.insert(_TABLE, content)
        else:
            context.rows.update(_TABLE, id, content)
