"""What the undoing of a run needs to know of it: what it had found and what it left, field by field and form by form. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.fact import Fact, Wanted


@dataclass(frozen=True, slots=True)
class UndoneField:
    """One field: what it held before the run, and every value that the run wrote into it."""

    kind: str
    field: str
    before: Fact
    written: tuple[Wanted, ...]

    @property
    def name(self) -> str:
        """Its name on the command line and in messages."""
        return f"{self.kind}.{self.field}"


@dataclass(frozen=True, slots=True)
class Restoration:
    """One form: the FormXml before the run, its SHA-256, and the SHA-256s by which the run's own work is known again."""

    xml: str
    sha256: str
    written: frozenset[str]


@dataclass(frozen=True, slots=True)
class Undo:
    """The run, the organization that it ran in, its fields, and those that are set back whatever they hold now.

    cannot   what it wrote and no write takes back, with the reason
    """

    run: str
    organization_id: str
    fields: tuple[UndoneField, ...]
    overwrites: frozenset[str] = frozenset()
    cannot: tuple[tuple[str, str], ...] = ()
