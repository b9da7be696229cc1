"""The functions that tell the history of audited changes. They read through the context they are given.

Shapes: MicrosoftDocs/powerapps-docs, developer/data-platform/auditing/retrieve-audit-data.md (06823f98).
"""

from __future__ import annotations

import json
import re
from typing import Any
from xml.sax.saxutils import quoteattr

from reconciler.emulator.context import Context, DataverseError, Operation, Row
from reconciler.emulator.domain.auditing import AUDIT, detail, history
from reconciler.emulator.domain.privileges import require_privilege

_INVALID = "0x80040203"
_READ_SUMMARY, _READ_HISTORY = "prvReadAuditSummary", "prvReadRecordAuditHistory"
_REFERENCE = re.compile(r"(?:.*/)?([A-Za-z0-9_]+)\(\{?([0-9A-Fa-f-]{36})\}?\)")
_PAGE = 5000
_ANSWER = {"AuditDetailCollection": "mscrm.AuditDetailCollection"}


def operations() -> tuple[Operation, ...]:
    """The three functions of the history."""
    target = {"Target": "mscrm.crmbaseentity"}
    paging = {"PagingInfo": "mscrm.PagingInfo"}
    return (
        Operation("RetrieveAuditDetails", "function", _one, bound_to="audits", returns={"AuditDetail": "mscrm.AuditDetail"}),
        Operation("RetrieveRecordChangeHistory", "function", _record, parameters={**target, **paging}, returns=_ANSWER),
        Operation(
            "RetrieveAttributeChangeHistory",
            "function",
            _attribute,
            parameters={**target, "AttributeLogicalName": "Edm.String", **paging},
            returns=_ANSWER,
        ),
    )


def require_summary(context: Context) -> None:
    """Refuses the audit rows to a caller without the privilege for them."""
    require_privilege(context, _READ_SUMMARY, AUDIT)


def _require_history(context: Context) -> None:
    require_summary(context)
    require_privilege(context, _READ_HISTORY, AUDIT)


def _one(context: Context, id: str | None, _parameters: dict[str, Any]) -> dict[str, Any]:
    _require_history(context)
    row = context.rows.get(AUDIT, str(id)) or {}
    return {"AuditDetail": detail(row)}


def _record(context: Context, _id: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
    _require_history(context)
    table, id = _target(context, parameters)
    return _page([dict(detail(row)) for row in history(context.rows, table, id)], parameters)


def _attribute(context: Context, _id: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
    _require_history(context)
    table, id = _target(context, parameters)
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
