"""The generations of the service: what an organization's version says about them. Pure."""

from __future__ import annotations

from reconciler.catalog.kind import Generation

DEPRECATION_VERSION = (9, 0, 25032, 10001)
"""From this solution train on, native Exchange data and its role selection are gone (relationship-analytics-overview.md, 2024-07-25).

The number is of the Sales solution train; comparing it with the organization's version is an assumption.
"""


def generation_of(version: str | None) -> Generation | None:
    """The generation that a version such as `9.2.25031.00123` belongs to; None when it cannot be told.

    Only the third part, the year and week of the train, tells: organization versions start with 9.2, solution versions with 9.0.
    """
    parts = (version or "").split(".")
    if len(parts) < 3 or not parts[2].isdigit() or len(parts[2]) != 5:
        return None
    return "server-side-sync" if int(parts[2]) >= DEPRECATION_VERSION[2] else "native-exchange"
