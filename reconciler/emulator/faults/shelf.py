"""Keeps the faults that are due, for every process that shares the state file. Reads and writes that file."""

from __future__ import annotations

import secrets

from reconciler.emulator.faults.fault import Fault, Subject
from reconciler.emulator.storage.store import Store

_KEY = "faults"
_MOST = 100


class FaultShelf:
    """A fault hits as often as it says, however many processes serve the requests."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, fault: Fault) -> Fault:
        """Keeps a fault under a new id and returns it. ValueError when there are too many."""
        with self._store.changing_settings():
            kept = self.all()
            if len(kept) >= _MOST:
                raise ValueError(f"there are {_MOST} faults already; clear them first")
            named = fault.model_copy(update={"id": secrets.token_hex(4)})
            self._keep([*kept, named])
        return named

    def all(self) -> list[Fault]:
        """The faults that are due, the oldest first."""
        return [Fault.model_validate(kept) for kept in self._store.setting(_KEY) or ()]

    def clear(self, id: str | None = None) -> int:
        """Removes one fault, or all of them, and tells how many there were."""
        with self._store.changing_settings():
            kept = self.all()
            left = [fault for fault in kept if id is not None and fault.id != id]
            self._keep(left)
        return len(kept) - len(left)

    def take(self, subject: Subject) -> Fault | None:
        """The first fault that hits the request, counted as done; None on most days, at the price of one look at the file."""
        if not any(fault.hits(subject) for fault in self.all()):
            return None
        with self._store.changing_settings():
            taken, left = _counted(self.all(), subject)
            self._keep(left)
        return taken

    def _keep(self, faults: list[Fault]) -> None:
        self._store.set_setting(_KEY, [fault.model_dump(mode="json") for fault in faults])


def _counted(faults: list[Fault], subject: Subject) -> tuple[Fault | None, list[Fault]]:
    taken: Fault | None = None
    left: list[Fault] = []
    for fault in faults:
        if taken is not None or not fault.hits(subject):
            left.append(fault)
        elif fault.skip:
            left.append(fault.model_copy(update={"skip": fault.skip - 1}))
        else:
            taken = fault
            if fault.count is None:
                left.append(fault)
            elif fault.count > 1:
                left.append(fault.model_copy(update={"count": fault.count - 1}))
    return taken, left
