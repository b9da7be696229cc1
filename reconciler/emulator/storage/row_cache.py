"""Keeps rows that were read, by the version of their organization, within a bound of memory. Touches nothing else."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from reconciler.emulator.context import Row

_BOUND = 32 * 1024 * 1024


@dataclass(slots=True)
class _Organization:
    version: int
    tables: dict[tuple[str, int], list[Row]] = field(default_factory=dict)
    size: int = 0


class RowCache:
    """The organizations that were read last. `bound` is in characters of stored text; as objects it takes about three times as much.

    What is kept counts only for the very version of the organization at which it was read, and only readers keep rows, so a write that
    is undone can never leave anything behind here.
    """

    def __init__(self, bound: int = _BOUND) -> None:
        self._bound = bound
        self._size = 0
        self._organizations: OrderedDict[str, _Organization] = OrderedDict()

    def rows(self, organization: str, version: int, table: str, layer: int) -> list[Row] | None:
        """The rows of a table at that version, or None. They must not be changed."""
        kept = self._organizations.get(organization)
        if kept is None or kept.version != version:
            return None
        self._organizations.move_to_end(organization)
        return kept.tables.get((table, layer))

    def keep(self, organization: str, version: int, table: str, layer: int, rows: list[Row], size: int) -> None:
        """Keeps what was read, and lets go of the organizations that nobody read for longest."""
        kept = self._organizations.get(organization)
        if kept is None or kept.version != version:
            self.forget(organization)
            kept = self._organizations[organization] = _Organization(version)
        kept.tables[(table, layer)] = rows
        kept.size += size
        self._size += size
        self._organizations.move_to_end(organization)
        while self._size > self._bound and self._organizations:
            self.forget(next(iter(self._organizations)))

    def forget(self, organization: str | None = None) -> None:
        """Lets go of one organization, or of all."""
        for name in [*self._organizations] if organization is None else [organization]:
            gone = self._organizations.pop(name, None)
            self._size -= gone.size if gone is not None else 0
