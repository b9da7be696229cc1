"""How much one caller may ask of one organization, and the three refusals. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.emulator.context import DataverseError

Exceeded = Literal["requests", "time", "concurrent"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The published figures of the service; a window is `seconds` long and slides.

    execution_seconds   that all requests of a window may take together
    dop_hint            how many requests at once the service recommends
    """

    requests: int = 6000
    seconds: float = 300.0
    execution_seconds: float = 1200.0
    concurrent: int = 52
    dop_hint: int = 4


def refusal(exceeded: Exceeded, limits: Limits, retry_after: int | None) -> DataverseError:
    """429 with the code and text of that limit; `retry_after` in seconds, None to say nothing about it.

    Codes and texts: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits, read 2026-11-23.
    """
    window = f"over time window of {limits.seconds:g} seconds."
    code, message = {
        "requests": ("0x80072322", f"Number of requests exceeded the limit of {limits.requests} {window}"),
        "time": (
            "0x80072321",
            f"Combined execution time of incoming requests exceeded limit of {limits.execution_seconds * 1000:,.0f} milliseconds {window} "
            "Decrease number of concurrent requests or reduce the duration of requests and try again later.",
        ),
        "concurrent": ("0x80072326", f"Number of concurrent requests exceeded the limit of {limits.concurrent}."),
    }[exceeded]
    return DataverseError(429, code, message, {"Retry-After": str(retry_after)} if retry_after is not None else {})
