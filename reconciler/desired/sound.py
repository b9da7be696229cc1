"""Turns a tree with mistakes into the part of it that has none, so that the other rules can speak about that part already. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from reconciler.desired.tree import Entry, Items, Mapping, Node, Place, Scalar
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.source import SourceSpan

_LEAVES_THE_REST = frozenset({"missing-key"})
"""What points at a whole mapping, although what stands in it may be right."""

Point = tuple[int, int]


def sound_part(root: Mapping, problems: Iterable[Diagnostic]) -> Mapping:
    """The tree without the values, keys and list items that a problem points at. Items go as a whole."""
    points = {
        _point(said.where)
        for said in problems
        if said.severity == "error" and said.where is not None and said.where.file == root.place.file and said.code not in _LEAVES_THE_REST
    }
    return _mapping(root, sorted(points)) if points else root


def _point(where: SourceSpan) -> Point:
    return where.line - 1, where.column - 1


def _mapping(node: Mapping, wrong: Sequence[Point]) -> Mapping:
    return Mapping({key: kept for key, entry in node.entries.items() if (kept := _entry(entry, wrong)) is not None}, node.place)


def _entry(entry: Entry, wrong: Sequence[Point]) -> Entry | None:
    if _holds(entry.place, wrong) or _start(entry.node.place) in wrong:
        return None
    node = _node(entry.node, wrong)
    return None if node is None else Entry(entry.key, entry.place, node)


def _node(node: Node, wrong: Sequence[Point]) -> Node | None:
    if isinstance(node, Scalar):
        return None if _holds(node.place, wrong) else node
    if isinstance(node, Mapping):
        return _mapping(node, wrong)
    return Items(tuple(item for item in node.items if not _holds(item.place, wrong)), node.place)


def _start(place: Place) -> Point:
    return place.line, place.column


def _holds(place: Place, wrong: Sequence[Point]) -> bool:
    first = bisect_left(wrong, _start(place))
    return first < len(wrong) and wrong[first] < (place.end_line, place.end_column)
