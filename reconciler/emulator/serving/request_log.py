"""Remembers what was asked of the embedded Dataverse, in order, parts of batches included. Touches nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """`path` is below the Web API's root, with its query, decoded; for Entra ID it is the whole path and `organization` is empty."""

    method: str
    path: str
    status: int
    organization: str
    part_of_batch: bool = False


class RequestLog:
    """The requests since the start or since it was cleared; the oldest go when there are very many."""

    def __init__(self) -> None:
        self._entries: deque[LoggedRequest] = deque(maxlen=_KEPT)

    def add(self, entry: LoggedRequest) -> None:
        """Appends one request."""
        self._entries.append(entry)

    def entries(self) -> list[LoggedRequest]:
        """The requests in the order of their answers; a batch stands before its parts."""
        return list(self._entries)

    def clear(self) -> None:
        """Forgets everything."""
        self._entries.clear()
