"""Turns `why`, `owner`, `ticket` and `expires` of a file's sections into notes, and exceptions past their day into findings. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reconciler.desired.codes import finding
from reconciler.desired.overlay import inheritable
from reconciler.desired.part import ANNOTATIONS
from reconciler.desired.tree import Items, Mapping, Node, Path, Place, Scalar, node_at, scalars
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.note import Note

SOON = dt.timedelta(days=14)
"""How long before its last day an exception is mentioned."""


class Annotation(NamedTuple):
    """A note, the section that it is about, and where its last day is written."""

    note: Note
    section: Path
    expires: Place | None


def annotations_of(root: Mapping) -> tuple[Annotation, ...]:
    """Those of one file, in its order. The tree has the structure of its schema."""
    return tuple(_below(inheritable(root), ()))


def in_force(own: Mapping, baselines: Iterable[Mapping], effective: Mapping) -> tuple[Annotation, ...]:
    """Those of a file, and of its baselines where a value that the baseline wrote is still in effect in that section."""
    inherited = (said for root in baselines for said in annotations_of(root) if _is_in_effect(said, root, effective))
    return (*annotations_of(own), *inherited)


def expiry_findings(annotations: Iterable[Annotation], today: dt.date) -> Iterator[Diagnostic]:
    """An error for each exception whose last day is over, a warning for each whose last day is near."""
    for note, _, place in annotations:
        if note.expires is None or place is None or note.expires - today > SOON:
            continue
        day = note.expires.isoformat()
        asks = f"ask {note.owner}" if note.owner is not None else "decide again"
        if note.expires < today:
            said = f"the exception under `{note.section}` expired on {day}"
            yield finding("exception-expired", said, place, f"{asks}: remove what it excuses, or write a new day with a reason")
        else:
            said = f"the exception under `{note.section}` expires on {day}"
            yield finding("exception-expires-soon", said, place, f"{asks} before that day: after it, validate and plan refuse the file")


def _below(node: Node, path: Path) -> Iterator[Annotation]:
    if isinstance(node, Mapping):
        if path and not node.entries.keys().isdisjoint(ANNOTATIONS):
            yield _annotation(node, path)
        for key, entry in node.entries.items():
            yield from _below(entry.node, (*path, key))
    if isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield from _below(item, (*path, index))


def _annotation(node: Mapping, path: Path) -> Annotation:
    written = {key: node.entries[key] for key in ANNOTATIONS if key in node.entries}
    words = {key: str(entry.node.value) for key, entry in written.items() if isinstance(entry.node, Scalar)}
    expires = dt.date.fromisoformat(words["expires"]) if "expires" in words else None
    first = min((entry.place for entry in written.values()), key=lambda place: (place.line, place.column))
    note = Note(section_words(path), words.get("why"), words.get("owner"), words.get("ticket"), expires, first.span)
    return Annotation(note, path, written["expires"].node.place if "expires" in written else None)


def section_words(path: Path) -> str:
    """A path as people write it: `forms[0].widgets[1]`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _is_in_effect(said: Annotation, root: Mapping, effective: Mapping) -> bool:
    section = node_at(effective, said.section)
    if not isinstance(section, Mapping):
        return False
    values = (value.place.file for path, value in scalars(section) if path[-1] not in ANNOTATIONS)
    return root.place.file in values
