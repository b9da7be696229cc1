"""Remembers what was asked of the embedded Dataverse, in order, parts of batches included. Touches nothing."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace

_KEPT = 50_000
_CHARACTERS = 4_000
"""Of one path; a longer one ends in an ellipsis."""
_ALL_CHARACTERS = 20_000_000
_UNSUPPORTED_KEPT = 1_000
_UNSUPPORTED_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """`path` is below the Web API's root, with its query, decoded; for Entra ID it is the whole path and `organization` is empty.

    `status` is 0 when a fault swallowed the request before it had any effect.
    """

    method: str
    path: str
    status: int
    organization: str
    part_of_batch: bool = False


class RequestLog:
    """The requests since the start or since it was cleared; the oldest go when there are very many, or very long ones."""

    def __init__(self) -> None:
        self._entries: deque[LoggedRequest] = deque()
        self._characters = 0
        self._unsupported: Counter[str] = Counter()

    def add(self, entry: LoggedRequest) -> None:
        """Appends one request."""
        if len(entry.path) > _CHARACTERS:
            entry = replace(entry, path=f"{entry.path[:_CHARACTERS]}…")
        self._entries.append(entry)
        self._characters += len(entry.path)
        while len(self._entries) > _KEPT or self._characters > _ALL_CHARACTERS:
            self._characters -= len(self._entries.popleft().path)

    def add_unsupported(self, what: str) -> None:
        """Counts an answer that says that something is not emulated."""
        named = what[:_UNSUPPORTED_CHARACTERS]
        if named in self._unsupported or len(self._unsupported) < _UNSUPPORTED_KEPT:
            self._unsupported[named] += 1

    def entries(self) -> list[LoggedRequest]:
        """The requests in the order of their answers; a batch stands before its parts."""
        return list(self._entries)

    def unsupported(self) -> list[tuple[str, int]]:
        """What was answered with 501 and how often, the most frequent first."""
        return self._unsupported.most_common()

    def clear(self) -> None:
        """Forgets everything."""
        self._entries.clear()
        self._characters = 0
        self._unsupported.clear()
