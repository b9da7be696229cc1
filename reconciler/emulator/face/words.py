"""Turns names and codes of the catalogue into words for people. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from reconciler.catalog.kind import Activation, Kind
from reconciler.catalog.types import Flag
from reconciler.emulator.context import Row

Tone = Literal["on", "off", "moving", "failed"]


@dataclass(frozen=True, slots=True)
class State:
    """How a feature stands, in words and as a colour that never stands alone."""

    words: str
    tone: Tone


def words_of(name: str) -> str:
    """`communicationFrequency` or `once-a-week` as a label."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]", " ", name).lower()
    return spaced[:1].upper() + spaced[1:]


def state_of(kind: Kind, rows: dict[str, Row]) -> State | None:
    """How a kind stands, by its activation status or its switch; None when it has neither. `rows` by table."""
    activation = kind.activation
    if activation is not None:
        return _activation(activation, rows.get(activation.table, {}).get(activation.column))
    for field in kind.fields:
        if field.name == "enabled" and field.binding is not None and isinstance(field.type, Flag):
            on = rows.get(field.binding.table, {}).get(field.binding.column) == field.type.on
            return State("On", "on") if on else State("Off", "off")
    return None


def _activation(activation: Activation, status: object) -> State:
    known = {
        activation.none: State("Not set up", "off"),
        activation.activating: State("Turning on…", "moving"),
        activation.on: State("On", "on"),
        activation.failed: State("Turning on failed", "failed"),
        activation.deactivating: State("Turning off…", "moving"),
        activation.off: State("Off", "off"),
        activation.counts_as_on: State("Turning off failed", "failed"),
    }
    if status is None:
        return known[activation.none]
    return known[status] if isinstance(status, int) and status in known else State(f"Unknown status {status}", "failed")
