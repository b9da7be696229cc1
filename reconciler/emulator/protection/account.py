"""Keeps the account of one caller in one organization over a sliding window. Touches nothing: the time is given."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from reconciler.emulator.context import DataverseError
from reconciler.emulator.protection.limits import Exceeded, Limits, refusal

_SLOTS = 300
"""Slots of a window: a request leaves the account up to one slot late, and an account never holds more than these."""


@dataclass(slots=True)
class _Slot:
    number: int
    requests: int = 0
    seconds: float = 0.0


class Account:
    """Admits and refuses in constant time, seen over many requests."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._slots: deque[_Slot] = deque()
        self._requests = 0
        self._seconds = 0.0
        self._running = 0
        self._refused = 0

    def enter(self, now: float) -> DataverseError | None:
        """Counts a request that begins, or returns what refuses it; a refused one costs nothing, but the next Retry-After is longer.

        Whoever is admitted must `leave`. `now` is in seconds and may jump.
        """
        slot = self._slot(now)
        exceeded = self._exceeded()
        if exceeded is not None:
            self._refused += 1
            pushed = min(self._refused - 1, math.ceil(self.limits.seconds))
            return refusal(exceeded, self.limits, self._recovery(exceeded, now) + pushed)
        self._refused = 0
        self._running += 1
        self._requests += 1
        slot.requests += 1
        return None

    def leave(self, now: float, seconds: float) -> None:
        """Ends a request that took so long."""
        self._running -= 1
        self._slot(now).seconds += seconds
        self._seconds += seconds

    def headers(self) -> dict[str, str]:
        """What is left, as the service tells it: the seconds with a thousands comma."""
        return {
            "x-ms-dop-hint": str(self.limits.dop_hint),
            "x-ms-ratelimit-burst-remaining-xrm-requests": str(max(0, self.limits.requests - self._requests)),
            "x-ms-ratelimit-time-remaining-xrm-requests": f"{max(0.0, self.limits.execution_seconds - self._seconds):,.2f}",
        }

    def _exceeded(self) -> Exceeded | None:
        if self._running >= self.limits.concurrent:
            return "concurrent"
        if self._requests >= self.limits.requests:
            return "requests"
        return "time" if self._seconds >= self.limits.execution_seconds else None

    def _recovery(self, exceeded: Exceeded, now: float) -> int:
        requests, seconds, width = self._requests, self._seconds, self.limits.seconds / _SLOTS
        if exceeded == "concurrent":
            return 1
        room, oldest_first = now, iter(self._slots)
        while requests >= self.limits.requests or seconds >= self.limits.execution_seconds:
            slot = next(oldest_first)
            requests -= slot.requests
            seconds -= slot.seconds
            room = (slot.number + _SLOTS) * width
        return max(1, math.ceil(room - now))

    def _slot(self, now: float) -> _Slot:
        number = math.floor(now * _SLOTS / self.limits.seconds)
        if self._slots and number < self._slots[-1].number:
            if number > self._slots[-1].number - _SLOTS:
                # A clock that was set back a little: what was asked stays asked.
                return self._slots[-1]
            self._forget(len(self._slots))
        while self._slots and self._slots[0].number <= number - _SLOTS:
            self._forget(1)
        if not self._slots or self._slots[-1].number != number:
            self._slots.append(_Slot(number))
        return self._slots[-1]

    def _forget(self, count: int) -> None:
        for _ in range(count):
            gone = self._slots.popleft()
            self._requests -= gone.requests
            self._seconds -= gone.seconds
        if not self._slots:
            # Sums of fractions do not come back to nothing by themselves.
            self._seconds = 0.0
