"""Turns an answer that is no success into the reason why a fact is unknown. Pure."""

from __future__ import annotations

import re
from typing import Any

from reconciler.live.answer import Answer
from reconciler.model.errors import RemoteError
from reconciler.model.fact import Unknown

_NO_COLUMN = re.compile(r"Could not find a property named '([^']{1,100})'")
_NO_SEGMENT = "Resource not found for the segment"
_MOST_ROWS = 20_000


def rows_or_doubt(answer: Answer | None, of: str) -> list[dict[str, Any]] | Unknown:
    """The rows of an answer, or why there are none. `of` is what was read, for people."""
    if answer is None:
        return Unknown(f"{of} was not read")
    if not answer.is_success:
        return doubt(answer, of)
    try:
        rows = answer.rows()
    except RemoteError as error:
        return Unknown(f"{of}: {error.what}")
    if len(rows) > _MOST_ROWS:
        return Unknown(f"{of}: more than {_MOST_ROWS} rows")
    return rows


def doubt(answer: Answer, of: str) -> Unknown:
    """Why an answer without success says nothing about `of`."""
    if answer.status == 404 and _NO_SEGMENT in answer.message:
        return Unknown(f"the table {of} does not exist in this environment")
    if answer.status == 403:
        privilege = answer.missing_privilege
        return Unknown(f"{of} may not be read: {f'the privilege {privilege}' if privilege else 'a privilege'} is missing")
    column = _NO_COLUMN.search(answer.message)
    if answer.status == 400 and column:
        return Unknown(f"{of} has no column {column.group(1)} in this environment")
    error = answer.error()
    return Unknown(f"{of} could not be read: {error.why}")
