"""Turns moments into the text of the Web API and back, always in UTC. Pure."""

from __future__ import annotations

import datetime as dt


def as_text(moment: dt.datetime) -> str:
    """As the service writes a moment: to the second, with a Z."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def kept(moment: dt.datetime) -> str:
    """As a note keeps a moment: exact, for a clock that is read to the microsecond."""
    return moment.astimezone(dt.UTC).isoformat()


def parsed(text: str) -> dt.datetime:
    """The moment of a note or of a column."""
    return dt.datetime.fromisoformat(text)
