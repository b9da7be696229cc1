"""Turns a setting of the catalogue and its stored value into an input of a page, and what was sent back into a value to store. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.types import Choice, Flag, RoleSet, TemplateRef, Whole
from reconciler.emulator.face.role_text import Selection, selection_of, text_of
from reconciler.emulator.face.visits import Form
from reconciler.emulator.face.words import words_of

Control = Literal["flag", "number", "choice", "roles"]
UNKNOWN = "="
"""Begins the value of an option that stands for a stored code which the catalogue does not know."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What an organization has to choose from: id -> name."""

    roles: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `value` is the text of a number; `note` warns about what is stored; a locked one is shown and never sent."""

    name: str
    id: str
    label: str
    description: str
    column: str
    control: Control
    group: str = ""
    checked: bool = False
    locked: bool = False
    value: str = ""
    minimum: int = 0
    maximum: int = 0
    options: tuple[Option, ...] = ()
    note: str = ""


def input_of(kind: Kind, field: Field, stored: Any, choices: Choices) -> Input:
    """The input of a bound field."""
    assert field.binding is not None, f"{kind.name}.{field.name} is stored nowhere"
    group, _, leaf = field.name.rpartition(".")
    empty = Input(
        name=field.name,
        id=f"{kind.name}-{field.name}".replace(".", "-"),
        label=words_of(leaf),
        description=field.description,
        column=f"{field.binding.table}.{field.binding.column}",
        control="choice",
        group=group,
    )
    match field.type:
        case Flag(on):
            return replace(empty, control="flag", checked=stored == on, locked=field.one_way and stored == on)
        case Whole(minimum, maximum):
            return replace(empty, control="number", value="" if stored is None else str(stored), minimum=minimum, maximum=maximum)
        case Choice(codes):
            return replace(empty, options=_choice(codes, stored))
        case TemplateRef():
            return replace(empty, options=_options(choices.templates, stored or None, "No template"))
        case RoleSet():
            selection = selection_of(stored)
            note = "" if selection.readable else "What is stored is no list of roles. Saving replaces it."
            return replace(empty, control="roles", options=_roles(selection, choices.roles), note=note)


def sent(field: Field, form: Form, stored: Any) -> Any:
    """The value to store for what a form says. ValueError with a text for people."""
    values = form.get(field.name, ())
    text = values[0].strip() if values else ""
    match field.type:
        case Flag(on, off):
            return on if values else off
        case Whole():
            return _whole(field, text)
        case Choice(codes):
            return int(text[1:]) if text.startswith(UNKNOWN) and text[1:].lstrip("-").isdecimal() else dict(codes).get(text)
        case TemplateRef():
            return text or None
        case RoleSet():
            return text_of(replace(selection_of(stored), roles=tuple(dict.fromkeys(values)), readable=True))


def is_same(field: Field, stored: Any, value: Any) -> bool:
    """Whether storing the value would change nothing."""
    match field.type:
        case Flag(_, off):
            return bool((off if stored is None else stored) == value)
        case RoleSet():
            return set(selection_of(stored).roles) == set(selection_of(value).roles)
        case _:
            return bool((stored or None) == value)


def _whole(field: Field, text: str) -> int | None:
    if not text:
        return None
    if not text.lstrip("-").isdecimal() or not text.isascii() or len(text) > 9:
        raise ValueError(f"{words_of(field.name.rpartition('.')[2])}: “{text[:40]}” is not a whole number.")
    return int(text)


def _choice(codes: tuple[tuple[str, int], ...], stored: Any) -> tuple[Option, ...]:
    known = tuple(Option(word, words_of(word), code == stored) for word, code in codes)
    if stored is None or any(option.chosen for option in known):
        return (Option("", "Not set", stored is None), *known)
    return (*known, Option(f"{UNKNOWN}{stored}", f"Unknown value {stored}", True))


def _options(known: Mapping[str, str], stored: str | None, none: str) -> tuple[Option, ...]:
    found = tuple(Option(id, name, id == stored) for id, name in known.items())
    unknown = () if stored is None or stored in known else (Option(stored, f"Unknown: {stored}", True),)
    return (Option("", none, stored is None), *found, *unknown)


def _roles(selection: Selection, roles: Mapping[str, str]) -> tuple[Option, ...]:
    # What is stored as names stays names: the value of an option is what will be stored.
    values = {name if selection.spelling == "names" else id: name for id, name in roles.items()}
    known = tuple(Option(value, name, value in selection.roles) for value, name in values.items())
    unknown = [role for role in selection.roles if role not in values]
    return (*known, *(Option(role, f"Not in this organization: {role}", True) for role in unknown))
