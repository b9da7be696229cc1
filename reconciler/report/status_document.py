"""Turns rows of the status into JSON for programs: ASCII, so that no control character of a name can reach a terminal. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from reconciler.model.digest import canonical
from reconciler.report.status import StatusRow

STATUS_FORMAT = "rictl-status/1"
"""Within format 1 only members are added."""


def status_json(rows: Sequence[StatusRow], made_at: dt.datetime, tool_version: str) -> str:
    """One object an environment, with the members of `StatusRow`; moments in UTC."""
    document = {
        "format": STATUS_FORMAT,
        "made_at": made_at.astimezone(dt.UTC).isoformat(),
        "tool_version": tool_version,
        "environments": [canonical(row) for row in rows],
    }
    return json.dumps(document, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f")
