"""The tree of a YAML file: plain values whose nodes remember where they stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reconciler.model.source import SourceSpan

Plain = bool | int | float | str | None
Path = tuple[str | int, ...]

# Named tuples and not frozen dataclasses: a fleet has hundreds of thousands of nodes, and these are made three times as fast.


class Place(NamedTuple):
    """Where something stands: lines and columns from 0, columns in characters."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def span(self) -> SourceSpan:
        """The same as people count it."""
        end = self.end_column + 1 if self.end_line == self.line else None
        return SourceSpan(self.file, self.line + 1, self.column + 1, end)


class Scalar(NamedTuple):
    """One value."""

    value: Plain
    place: Place


class Entry(NamedTuple):
    """One key of a mapping, where the key stands, and what it holds."""

    key: str
    place: Place
    node: Node


class Mapping(NamedTuple):
    """Keys in the order of the file; `nodes` counts this one and everything below, aliases in full."""

    entries: dict[str, Entry]
    place: Place
    nodes: int = 1

    def get(self, key: str) -> Node | None:
        """What the key holds, or None when it is not there."""
        entry = self.entries.get(key)
        return None if entry is None else entry.node


class Items(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    place: Place
    nodes: int = 1


Node = Scalar | Mapping | Items

PlainTree = Plain | list["PlainTree"] | dict[str, "PlainTree"]


def plain(node: Node) -> PlainTree:
    """The same tree without places, for validators."""
    if type(node) is Scalar:
        return node.value
    if type(node) is Mapping:
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    assert type(node) is Items
    return [plain(item) for item in node.items]


def entry_at(root: Node, path: Sequence[str | int]) -> tuple[Place, Place]:
    """The places of key and value at a path; where the path leads nowhere, those of the last thing that is there."""
    key, node = root.place, root
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str) and step in node.entries:
            entry = node.entries[step]
            key, node = entry.place, entry.node
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            key = node.place
        else:
            break
    return key, node.place


def node_at(root: Node, path: Sequence[str | int]) -> Node | None:
    """The node at a path, or None."""
    node: Node | None = root
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def key_at(root: Node, path: Sequence[str | int]) -> Entry | None:
    """The entry of the mapping at a path that ends in a key, or None."""
    above = node_at(root, path[:-1])
    last = path[-1]
    return above.entries.get(last) if isinstance(above, Mapping) and isinstance(last, str) else None


def scalars(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Every scalar below, with its path."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Mapping):
        for key, entry in node.entries.items():
            yield from scalars(entry.node, (*path, key))
    else:
        for index, item in enumerate(node.items):
            yield from scalars(item, (*path, index))
