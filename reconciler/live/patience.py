"""Decides how long to wait before a request is sent again, and when to give up. Pure, but for the clock and dice it is given."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from reconciler.live.answer import Answer, http_date

_TRANSIENT = frozenset({408, 500, 502, 503, 504})
"""500 too: deadlocks and SQL timeouts of the service come under it, and a read is safe to repeat."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds and tries.

    tries          how often a request is sent at most; `lock_tries` while another publish or import runs
    first          the first pause of a back-off, which doubles up to `longest`; `lock_first` for a lock
    longest_ask    a Retry-After beyond this is not waited for
    rest, spread   how to wait, and a number from 0 to 1 for the jitter
    """

    tries: int = 5
    lock_tries: int = 10
    first: float = 0.5
    lock_first: float = 5.0
    longest: float = 60.0
    longest_ask: float = 330.0
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    spread: Callable[[], float] = random.random

    def pause_after(self, answer: Answer, attempt: int, *, is_read: bool) -> float | None:
        """Seconds until the next try after `attempt` (from 1) was answered so; None to give up.

        A refusal with 429, with a Retry-After or for a lock did not start, so it may be repeated whatever it was; everything else only
        when it was a read.
        """
        if answer.is_locked:
            return self.backoff(attempt, self.lock_first) if attempt < self.lock_tries else None
        if attempt >= self.tries:
            return None
        asked = retry_after(answer) if answer.status in (429, 503) else None
        if asked is not None:
            return asked if asked <= self.longest_ask else None
        repeatable = answer.status == 429 or (is_read and answer.status in _TRANSIENT)
        return self.backoff(attempt, self.first) if repeatable else None

    def backoff(self, attempt: int, first: float) -> float:
        """A pause that doubles with every try, somewhere between half and whole."""
        return min(self.longest, first * 2.0 ** (attempt - 1)) * (0.5 + self.spread() / 2)


def retry_after(answer: Answer) -> float | None:
    """The seconds that the service asks to wait; None when it does not say. A date counts from the server's own clock."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    moment = http_date(text)
    if moment is None:
        return None
    return max(0.0, (moment - (answer.date or dt.datetime.now(dt.UTC))).total_seconds())
