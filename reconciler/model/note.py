"""What somebody wrote about a section of a file, for those who review it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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


def nearest_note(notes: Iterable[Note], section: str, file: str | None) -> Note | None:
    """The note of the innermost section around a path that the same file has, or None: nobody explains what another file says."""
    around = [note for note in notes if note.where is not None and note.where.file == file and _holds(note.section, section)]
    return max(around, key=lambda note: len(note.section), default=None)


def _holds(outer: str, inner: str) -> bool:
    return inner == outer or inner.startswith((f"{outer}.", f"{outer}["))
