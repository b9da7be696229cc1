"""What is known of one live setting: a value, its absence, or that it could not be read. Pure.

Three answers, never two: a read that failed must not look like a setting that is off, or a plan would "repair" it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.model.about import about


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A row of the environment: its id decides equality, its name is for people."""

    id: str = about("Primary id of the row, lower case.", "5f0c9f0e-2f43-4f0c-9d0e-0d6c1d0f1a11")
    name: str = about("Name of the row when it was read.", "Salesperson", "", compare=False)


Value = bool | int | str | Ref | tuple[Ref, ...]
"""A canonical value: the same for YAML and for Dataverse, whatever code or spelling either of them uses."""


@dataclass(frozen=True, slots=True)
class Known:
    """The setting has this value."""

    value: Value = about("The canonical value.", True)
    state: Literal["known"] = about("Tag of this kind of fact.", "known", "known")


@dataclass(frozen=True, slots=True)
class Absent:
    """The setting was read and holds nothing."""

    state: Literal["absent"] = about("Tag of this kind of fact.", "absent", "absent")


@dataclass(frozen=True, slots=True)
class Unknown:
    """The setting could not be read or understood; never a reason to change anything."""

    reason: str = about("Why it is unknown, for people.", "msdyn_enabledroles is not valid JSON")
    state: Literal["unknown"] = about("Tag of this kind of fact.", "unknown", "unknown")


Fact = Known | Absent | Unknown

Wanted = Value | Absent
"""What a field shall hold; `Absent` empties it, which only the undoing of a run asks for."""
