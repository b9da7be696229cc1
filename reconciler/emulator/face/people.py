"""Turns the users of an organization into the people in whose name one can click. Reads through the Web API."""

from __future__ import annotations

from reconciler.emulator.face.clerk import Clerk

SOMEBODY = "Ana Pop"
"""Who clicks when nobody was chosen: like any other client's person, made a System Administrator on demand."""
_PEOPLE = "$select=fullname,applicationid&$filter=applicationid%20eq%20null%20and%20isdisabled%20eq%20false&$orderby=fullname"
_NOBODY = ("SYSTEM", "INTEGRATION")


def people_of(clerk: Clerk) -> tuple[str, ...]:
    """Full names, each once; never empty."""
    names = dict.fromkeys(str(row["fullname"]) for row in clerk.rows("systemusers", _PEOPLE))
    found = tuple(name for name in names if name not in _NOBODY)
    return found or (SOMEBODY,)


def person_of(people: tuple[str, ...], wanted: str | None) -> str:
    """The wanted person, if there is such a one; else somebody."""
    if wanted in people:
        return str(wanted)
    return SOMEBODY if SOMEBODY in people else people[0]
