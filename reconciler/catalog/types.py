"""What kinds of value a setting can have, and the code under which Dataverse keeps each of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flag:
    """On or off. `on` and `off` are the stored codes: a Boolean column's, or two values of a choice."""

    on: bool | int = True
    off: bool | int = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, both allowed."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words; `codes` pairs each word with its stored number."""

    codes: tuple[tuple[str, int], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words, in the order of the service."""
        return tuple(word for word, _ in self.codes)


@dataclass(frozen=True, slots=True)
class RoleSet:
    """A set of security roles, stored as text of at most `max_length` characters."""

    max_length: int


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """One e-mail template, stored as its id in a text column."""


FieldType = Flag | Whole | Choice | RoleSet | TemplateRef
