"""Turns stored codes into canonical facts and canonical values into stored codes, by the types of the catalogue. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from reconciler.catalog.types import Choice, FieldType, Flag, RoleSet, TemplateRef, Whole
from reconciler.live.odata import guid
from reconciler.live.role_text import roles_of, text_of
from reconciler.model.fact import Absent, Fact, Known, Ref, Unknown, Wanted


class Unwritable(ValueError):
    """The value cannot be stored; the message says why."""


@dataclass(frozen=True, slots=True)
class Names:
    """What ids of the environment are called: id -> name."""

    roles: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)


def fact_of(type: FieldType, stored: Any, names: Names) -> Fact:
    """What a stored value means. A code that the catalogue does not know is Unknown, never off."""
    if stored is None:
        return Absent()
    match type:
        case Flag():
            return _flag(type, stored)
        case Whole():
            return Known(stored) if _is_whole(stored) else Unknown(f"{stored!a} is not a whole number")
        case Choice():
            word = next((word for word, code in type.codes if _is_whole(stored) and code == stored), None)
            return Known(word) if word is not None else Unknown(f"{stored!a} is not a code that this version of rictl knows")
        case RoleSet():
            found = roles_of(stored, names.roles, max_length=type.max_length)
            return found.fact
        case TemplateRef():
            return _template(stored, names.templates)
        case _:  # pragma: no cover
            assert_never(type)


def encoding_of(type: FieldType, stored: Any, names: Names) -> str | None:
    """How a value is spelled that a later write has to keep; None when the type has one spelling or nothing is stored."""
    return roles_of(stored, names.roles, max_length=type.max_length).encoding if isinstance(type, RoleSet) else None


def stored_of(type: FieldType, value: Wanted, encoding: str | None) -> bool | int | str | None:
    """How a canonical value is stored; nothing is null. Raises Unwritable for a value that is none of the type."""
    if isinstance(value, Absent):
        return None
    match type:
        case Flag() if isinstance(value, bool):
            return type.on if value else type.off
        case Whole() if isinstance(value, int) and not isinstance(value, bool) and type.minimum <= value <= type.maximum:
            return value
        case Choice() if isinstance(value, str) and value in type.words:
            return dict(type.codes)[value]
        case TemplateRef() if isinstance(value, Ref) and guid(value.id):
            return value.id.lower()
        case RoleSet() if isinstance(value, tuple):
            return _role_text(type, value, encoding)
        case Flag() | Whole() | Choice() | TemplateRef() | RoleSet():
            raise Unwritable(f"{value!a} cannot be stored as {type!r}")
        case _:  # pragma: no cover
            assert_never(type)


def _is_whole(stored: Any) -> bool:
    return isinstance(stored, int) and not isinstance(stored, bool)


def _flag(type: Flag, stored: Any) -> Fact:
    # True == 1 in Python, but a Boolean column that answers 1 is not the column that the catalogue describes.
    for code, value in ((type.on, True), (type.off, False)):
        if isinstance(stored, bool) == isinstance(code, bool) and isinstance(stored, int) and stored == code:
            return Known(value)
    return Unknown(f"{stored!a} is not a code that this version of rictl knows")


def _template(stored: Any, templates: Mapping[str, str]) -> Fact:
    if isinstance(stored, str) and not stored.strip():
        return Absent()
    id = guid(stored) if isinstance(stored, str) else None
    return Known(Ref(id, templates.get(id, ""))) if id else Unknown(f"{str(stored)[:80]!a} is not the id of an e-mail template")


def _role_text(type: RoleSet, roles: tuple[Ref, ...], encoding: str | None) -> str:
    if not roles:
        raise Unwritable("an empty set of roles is never written: it may mean everybody")
    try:
        text = text_of(roles, encoding)
    except ValueError as error:
        raise Unwritable(str(error)) from None
    if len(text) > type.max_length:
        raise Unwritable(f"{len(roles)} roles take {len(text)} characters, and the column holds {type.max_length}")
    return text
