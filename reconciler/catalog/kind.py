"""How a kind of setting is described; validation, schema, reading, comparing, writing and emulation all follow from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reconciler.catalog.source import Source
from reconciler.catalog.table import Table
from reconciler.catalog.types import FieldType

if TYPE_CHECKING:
    # Nouns of the plan are slow to define, and checking files needs none of them.
    from reconciler.model.change import Certainty
    from reconciler.model.plan import Phase

Generation = Literal["native-exchange", "server-side-sync"]
BOTH_GENERATIONS: tuple[Generation, ...] = ("native-exchange", "server-side-sync")


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a setting lives, how sure that is, and which `accept` entry covers it when it is only inferred.

    `certainty` is about the meaning: the columns themselves are all documented.
    """

    table: str
    column: str
    certainty: Certainty
    source: Source
    acceptance: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One setting. `name` is its path below the kind's section, with dots, exactly as in the file.

    binding      None: a word of the file that only implies other fields
    in_file      False: never written in a file, only implied
    implied_by   the field of the master section (its `enabled`) whose value this one takes when nobody wrote it:
                 "both" for true and false, "true" for true only
    phase        when it is written; `off_phase` when its new value is false
    attestation  the attestation without which it must not be set to true
    one_way      never set to false by rictl
    consent      turning it on starts the 14-day window, and a missing consent turns it off
    limits       the (kind, field) that must not be on while this one is empty
    located      the attestation of where the Exchange data is on which it works, when turned on
    """

    name: str
    type: FieldType
    binding: Binding | None
    description: str
    example: bool | int | str | tuple[str, ...]
    default: bool | int | str | None = None
    phase: Phase = "options"
    off_phase: Phase | None = None
    in_file: bool = True
    implied_by: Literal["both", "true"] | None = None
    attestation: str | None = None
    one_way: bool = False
    consent: bool = False
    limits: tuple[str, str] | None = None
    located: str | None = None


@dataclass(frozen=True, slots=True)
class Activation:
    """The status column that a background service moves after a switch was written.

    on       reached when switching on; `counts_as_on` is tolerated, with a notice, but is a failure when switching off
    off      reached when switching off
    """

    table: str
    column: str
    switch: str
    source: Source
    none: int = 1
    activating: int = 2
    on: int = 3
    failed: int = 4
    deactivating: int = 5
    off: int = 6
    counts_as_on: int = 7


@dataclass(frozen=True, slots=True)
class Ascending:
    """A rule of the kind: the first field's value must be lower than the second's, where both are written."""

    lower: str
    higher: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A row kind: settings of one YAML section, kept in columns of one or more single-row tables.

    groups  what each mapping inside the section is about, by its path with dots
    unavailable_in  regions in which it is not offered, or not in full
    """

    name: str
    section: tuple[str, ...]
    title: str
    description: str
    fields: tuple[Field, ...]
    tables: tuple[Table, ...]
    activation: Activation | None = None
    generations: tuple[Generation, ...] = BOTH_GENERATIONS
    alternative: str = ""
    rules: tuple[Ascending, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    unavailable_in: frozenset[str] = frozenset()

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no field {name}")
