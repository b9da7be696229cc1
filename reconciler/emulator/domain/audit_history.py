"""The functions that tell the history of audited changes. They read through the context they are given.

Shapes: MicrosoftDocs/powerapps-docs, developer/data-platform/auditing/retrieve-audit-data.md (06823f98).
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any
from xml.sax.saxutils import quoteattr

from reconciler.emulator.context import Context, DataverseError, Operation, Row
from reconciler.emulator.domain.auditing import AUDIT, detail, history
from reconciler.emulator.domain.privileges import Guard

_INVALID = "0x80040203"
READ_SUMMARY, _READ_HISTORY = "prvReadAuditSummary", "prvReadRecordAuditHistory"
_REFERENCE = re.compile(r"(?:.*/)?([A-Za-z0-9_]+)\(\{?([0-9A-Fa-f-]{36})\}?\)")
_PAGE = 5000
_ANSWER = {"AuditDetailCollection": "mscrm.AuditDetailCollection"}


def operations(guard: Guard) -> tuple[Operation, ...]:
    """The three functions of the history; `guard` tells who may call them."""
    target = {"Target": "mscrm.crmbaseentity"}
    paging = {"PagingInfo": "mscrm.PagingInfo"}
    return (
        Operation(
            "RetrieveAuditDetails", "function", partial(_one, guard), bound_to="audits", returns={"AuditDetail": "mscrm.AuditDetail"}
        ),
        Operation("RetrieveRecordChangeHistory", "function", partial(_record, guard), parameters={**target, **paging}, returns=_ANSWER),
        Operation(
            "RetrieveAttributeChangeHistory",
            "function",
            partial(_attribute, guard),
            parameters={**target, "AttributeLogicalName": "Edm.String", **paging},
            returns=_ANSWER,
        ),
    )


def _check(guard: Guard, context: Context, table: str) -> None:
    """Whoever may not read a table learns nothing from its history either."""
    guard.check_privilege(context, READ_SUMMARY, AUDIT)
    guard.check_privilege(context, _READ_HISTORY, AUDIT)
    guard.check(context, "Read", table)


def _one(guard: Guard, context: Context, id: str | None, _parameters: dict[str, Any]) -> dict[str, Any]:
    row = context.rows.get(AUDIT, str(id)) or {}
    _check(guard, context, str(row["objecttypecode"]))
    return {"AuditDetail": detail(row)}


def _record(guard: Guard, context: Context, _id: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
    table, id = _target(context, parameters)
    _check(guard, context, table)
    return _page([dict(detail(row)) for row in history(context.rows, table, id)], parameters)


def _attribute(guard: Guard, context: Context, _id: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
    table, id = _target(context, parameters)
    _check(guard, context, table)
    name = str(parameters.get("AttributeLogicalName"))
    column = next((column for column in context.tables[table].columns if column.name == name), None)
    if column is None:
        raise DataverseError(400, _INVALID, f"'{table}' entity doesn't contain attribute with Name = '{name[:100]}'.")
    property = f"_{name}_value" if column.type in ("Lookup", "Owner") else name
    return _page([dict(detail(row, property)) for row in history(context.rows, table, id, property)], parameters)


def _target(context: Context, parameters: dict[str, Any]) -> tuple[str, str]:
    """Logical name and id of what {'@odata.id': 'accounts(...)'} leads to; the row itself may be gone."""
    reference = _object(parameters.get("Target"), "Target").get("@odata.id")
    found = _REFERENCE.fullmatch(str(reference))
    table = next((table.name for table in context.tables.values() if found is not None and table.entity_set == found[1]), None)
    if found is None or table is None:
        raise DataverseError(400, _INVALID, "Target is a reference such as {'@odata.id':'accounts(00000000-0000-0000-0000-000000000000)'}.")
    return table, found[2].lower()


def _object(value: Any, name: str) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value.replace("'", '"'))
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, dict):
        raise DataverseError(400, _INVALID, f"The parameter '{name}' is missing or no object.")
    return value


def _page(details: list[Row], parameters: dict[str, Any]) -> dict[str, Any]:
    asked = _object(parameters["PagingInfo"], "PagingInfo") if parameters.get("PagingInfo") is not None else {}
    number, count = asked.get("PageNumber", 1), asked.get("Count") or _PAGE
    if not all(isinstance(value, int) and 1 <= value <= 1_000_000 for value in (number, count)):
        raise DataverseError(400, _INVALID, "PagingInfo has a PageNumber and a Count of 1 and more.")
    start = (number - 1) * min(count, _PAGE)
    shown = details[start : start + min(count, _PAGE)]
    more = start + len(shown) < len(details)
    token = quoteattr(json.dumps({"pageNumber": number + 1, "continuationToken": start + len(shown)}))
    return {
        "AuditDetailCollection": {
            "MoreRecords": more,
            "PagingCookie": f'<cookie page="{number}"><cookieExtensions ContinuationToken={token} /></cookie>' if more else "",
            "TotalRecordCount": len(details) if asked.get("ReturnTotalRecordCount") is True else -1,
            "AuditDetails": shown,
        }
    }
