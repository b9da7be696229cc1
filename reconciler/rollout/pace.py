"""How a rollout spends time: what it tells meanwhile, how it waits, and how it learns that it shall stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pace:
    """Given to every step.

    tell     receives one line of progress, without a newline
    rest     waits that many seconds
    stop     set when the person asked to stop; looked at between steps and while waiting, never in the middle of a write
    first, longest   seconds between two looks at a status: from `first`, growing, to `longest`
    """

    tell: Callable[[str], None]
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    first: float = 0.25
    longest: float = 15.0
    growth: float = 1.6
