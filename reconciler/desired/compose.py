"""Turns YAML text into a tree that knows its places: libyaml's events under rules stricter than YAML's own. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from reconciler.desired.bounds import NESTING, NODES_BY_ALIAS
from reconciler.desired.codes import about_file, finding
from reconciler.desired.scalars import value_of
from reconciler.desired.syntax import syntax_finding
from reconciler.desired.tree import Entry, Items, Mapping, Node, Place, Scalar
from reconciler.model.diagnostic import Diagnostic

Event = Any
"""An event of libyaml: foreign data, whose attributes depend on its class."""


def compose(text: str, file: str) -> tuple[Mapping | None, tuple[Diagnostic, ...]]:
    """The one document of the text, which must be a mapping; None when the text cannot be understood as YAML at all."""
    composer = _Composer(text, file)
    try:
        root = composer.document()
    except yaml.YAMLError as error:
        return None, (*composer.findings, syntax_finding(error, text, file))
    except _Unbounded as stop:
        return None, (*composer.findings, stop.diagnostic)
    if isinstance(root, Mapping):
        return root, tuple(composer.findings)
    if root is None or (isinstance(root, Scalar) and root.value is None):
        said = about_file("empty-file", "the file holds no document", file, "start it with `apiVersion: rictl/v1`")
    else:
        said = finding("not-a-mapping", "the document is no mapping of keys to values", root.place, "start it with `apiVersion: rictl/v1`")
    return None, (*composer.findings, said)


class _Unbounded(Exception):
    """Reading on would cost without bound."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


class _Composer:
    """One pass over the events. What is merely forbidden is noted and passed over, so that all of it is told at once."""

    def __init__(self, text: str, file: str) -> None:
        # libyaml's own composer recurses and dies on deep nesting; its events do not, so the depth is bounded here.
        self._next: Callable[[], Event] = yaml.CSafeLoader(text).get_event
        self._file = file
        self._anchors: dict[str, Node] = {}
        self._by_alias = 0
        self.findings: list[Diagnostic] = []

    def document(self) -> Node | None:
        """The first document; None when there is none."""
        self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        if event.version or event.tags:
            self._note("yaml-directive", "YAML directives are not part of this format", event, "remove the line that starts with `%`")
        root = self._node(self._next(), 0)
        self._next()
        event = self._next()
        if isinstance(event, yaml.DocumentStartEvent):
            self._note("several-documents", "the file holds more than one document", event, "one environment a file: split it at `---`")
        return root

    def _node(self, event: Event, depth: int) -> Node:
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self._alias(event)
        if event.tag is not None:
            hint = "remove the tag; write text in quotes if it could be read as something else"
            self._note("yaml-tag", f"the tag `{event.tag[:80]}` is not part of this format", event, hint)
        if kind is yaml.ScalarEvent:
            node: Node = Scalar(value_of(event.value) if event.implicit[0] else event.value, self._place(event))
        elif depth >= NESTING:
            raise _Unbounded(finding("too-deep", f"more than {NESTING} levels of nesting", self._place(event), "flatten the file"))
        elif kind is yaml.MappingStartEvent:
            node = self._mapping(event, depth)
        else:
            node = self._list(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _mapping(self, start: Event, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        nodes = 1
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key, place = self._key(event, depth), self._place(event)
            node = self._node(self._next(), depth + 1)
            nodes += 1 if isinstance(node, Scalar) else node.nodes
            if key is None:
                continue
            if key in entries:
                first = entries[key].place
                hint = f"it stands in line {first.line + 1} already; keep one of them"
                self.findings.append(finding("duplicate-key", f"the key `{key[:80]}` stands here twice", place, hint))
            else:
                entries[key] = Entry(key, place, node)
        return Mapping(entries, self._span(start, event), nodes)

    def _key(self, event: Event, depth: int) -> str | None:
        if type(event) is yaml.ScalarEvent and event.tag is None:
            if event.value == "<<" and event.implicit[0]:
                hint = "put what is shared into a baseline and name it in `extends`"
                self._note("merge-key", "merge keys are not part of YAML 1.2", event, hint)
                return None
            key = value_of(event.value) if event.implicit[0] else event.value
            if isinstance(key, str):
                return key
            self._note("key-not-text", f"the key `{event.value[:80]}` is not text", event, f'write it in quotes: "{event.value[:80]}"')
            return None
        self._node(event, depth + 1)
        self._note("key-not-text", "a key must be plain text", event, "write the key as one word or in quotes")
        return None

    def _list(self, start: Event, depth: int) -> Items:
        items: list[Node] = []
        nodes = 1
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            node = self._node(event, depth + 1)
            nodes += 1 if isinstance(node, Scalar) else node.nodes
            items.append(node)
        return Items(tuple(items), self._span(start, event), nodes)

    def _alias(self, event: Event) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            # An alias inside its own anchor ends here as well: an anchor is known once its node is complete.
            hint = "write `&name` before the first use, outside of what it names; text that starts with `*` needs quotes"
            self._note("unknown-alias", f"nothing is anchored as `{event.anchor[:80]}` before this line", event, hint)
            return Scalar(None, self._place(event))
        self._by_alias += 1 if isinstance(node, Scalar) else node.nodes
        if self._by_alias > NODES_BY_ALIAS:
            said = f"the aliases of this file stand for more than {NODES_BY_ALIAS:,} values"
            raise _Unbounded(finding("alias-expansion", said, self._place(event), "write the values out, or use a baseline"))
        return node

    def _note(self, code: str, summary: str, event: Event, hint: str) -> None:
        self.findings.append(finding(code, summary, self._place(event), hint))

    def _place(self, event: Event) -> Place:
        return self._span(event, event)

    def _span(self, first: Event, last: Event) -> Place:
        start, end = first.start_mark, last.end_mark
        return Place(self._file, start.line, start.column, end.line, end.column)
