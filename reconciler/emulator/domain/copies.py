"""Turns one scenario with `copies: N` into N organizations of its kind, NAME-0001 and so on. Pure."""

from __future__ import annotations

import re

from reconciler.emulator.domain.scenario import Scenario

_COPY = re.compile(r"(.+)-(\d{4})")


def original_of(organization: str) -> tuple[str, int] | None:
    """The name of the scenario that this one would be a copy of, and which copy; None for a name without four digits at its end.

    >>> original_of("fleet-0042")
    ('fleet', 42)
    """
    found = _COPY.fullmatch(organization)
    return (found[1], int(found[2])) if found else None


def copy_of(scenario: Scenario, number: int) -> Scenario | None:
    """The scenario of one copy, told apart by its names and its host and otherwise shared; None where there are not so many."""
    if not 1 <= number <= scenario.copies:
        return None
    suffix = f"{number:04}"
    first, _, rest = scenario.host.partition(".")
    return scenario.model_copy(
        update={
            "friendly_name": f"{scenario.friendly_name} {suffix}",
            "unique_name": f"{scenario.unique_name}{suffix}" if scenario.unique_name else None,
            "host": f"{first}-{suffix}.{rest}",
            "copies": 0,
        }
    )
