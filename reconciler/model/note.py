"""What somebody wrote about a section of a file, for those who review it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.model.about import about
from reconciler.model.source import SourceSpan


@dataclass(frozen=True, slots=True)
class Note:
    """Why a section says what it says, who answers for it, and until when that holds."""

    section: str = about("Path of the section in the file.", "relationshipIntelligence.exchangeData")
    why: str | None = about("The reason.", "agreed with the works council on 9 November", None)
    owner: str | None = about("Who answers for it.", "crm-emea", None)
    ticket: str | None = about("Where it was decided.", "CRM-1412", None)
    expires: dt.date | None = about("The last day on which it holds.", "2027-03-31", None)
    where: SourceSpan | None = about("Where it is written.", None, None)


PlacedNotes = Mapping[tuple[str, str], Note]
"""Notes by file and section."""


def placed(notes: Iterable[Note]) -> PlacedNotes:
    """The notes, ready to be looked up: a hostile file has thousands of them, and as many sections that ask."""
    return {(note.where.file, note.section): note for note in notes if note.where is not None}


def nearest_note(notes: PlacedNotes, section: str, file: str | None) -> Note | None:
    """The note of the innermost section around a path that the same file has, or None: nobody explains what another file says."""
    while file is not None and section:
        note = notes.get((file, section))
        if note is not None:
            return note
        section = section[: max(section.rfind("."), section.rfind("["), 0)]
    return None
