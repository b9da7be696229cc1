"""Turns bytes into elements that know where they stand in those bytes. Pure.

The parser is told that the bytes are UTF-8 whatever the declaration says: FormXml comes out of a JSON string, where a
declaration of UTF-16 is only a memory of the string type that somebody once saved.

Most of a large form is labels in forty languages and titles of the navigation, for which nobody asks. What an element
outside the grid holds is therefore checked at once, but made into elements only when its children are asked for.
"""

from __future__ import annotations

import re
from xml.parsers import expat

LARGEST = 8 * 1024 * 1024
DEEPEST = 64
MOST_MARKS = 400_000
"""How many `<` a form may hold, where a large one has 8,000: it bounds the elements, and with them memory."""

SPACE = b" \t\r\n"
GRID = frozenset(
    ["form", "tabs", "tab", "columns", "column", "sections", "section", "rows", "row", "cell"]
    + ["header", "footer", "controlDescriptions", "controlDescription"]
)
"""Elements whose children are made at once."""

_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


class FormUnreadable(Exception):
    """These bytes are no form that may be edited; `line` counts from 1, 0 when the place does not matter."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(f"{why} (line {line})" if line else why)
        self.why = why
        self.line = line


class Element:
    """One element. `close_start` is where its end tag begins, or -1 when it closes itself; `end` is after its last byte."""

    __slots__ = ("attributes", "close_start", "end", "made", "parent", "source", "start", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], source: bytes, start: int, parent: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.source = source
        self.start = start
        self.parent = parent
        self.close_start = -1
        self.end = -1
        self.made: list[Element] | None = None

    @property
    def children(self) -> list[Element]:
        """The elements directly inside, in the order of the text."""
        if self.made is None:
            self.made = [] if self.is_self_closed else _inside(self)
        return self.made

    @property
    def is_in_grid(self) -> bool:
        """Whether it is one of those whose children are made at once."""
        return self.tag in GRID

    @property
    def open_end(self) -> int:
        """After the last byte of the start tag."""
        return start_tag_end(self.source, self.start)

    @property
    def is_self_closed(self) -> bool:
        """Whether it is written as `<x/>`."""
        return self.close_start < 0

    @property
    def lead_start(self) -> int:
        """Where the white space directly before the element begins."""
        position = self.start
        while position > 0 and self.source[position - 1] in SPACE:
            position -= 1
        return position

    @property
    def lead(self) -> str:
        """The white space directly before the element."""
        return self.source[self.lead_start : self.start].decode()

    def child(self, tag: str) -> Element | None:
        """The first child of that tag, or None."""
        return next((each for each in self.children if each.tag == tag), None)

    def get(self, name: str) -> str | None:
        """The value of an attribute, or None."""
        return self.attributes.get(name)


def start_tag_end(source: bytes, start: int) -> int:
    """After the last byte of the start tag at `start`; a raw `>` inside a quoted value does not end it."""
    match = _START_TAG.match(source, start)
    if match is None:
        raise AssertionError("no start tag where the parser saw one")
    return match.end()


def parse(xml: bytes) -> Element:
    """The root element. Raises FormUnreadable for what is not well-formed, declares a DTD, or is too deep or too large."""
    if len(xml) > LARGEST:
        raise FormUnreadable(f"the form has {len(xml)} bytes; {LARGEST} is the most that is read")
    if xml.count(b"<") > MOST_MARKS:
        raise FormUnreadable(f"the form has more than {MOST_MARKS} tags")
    reader = _Reader(xml, 0, GRID)
    try:
        return reader.read(xml)
    except expat.ExpatError as error:
        message = expat.errors.messages.get(error.code, "error")
        raise FormUnreadable(f"the form is not well-formed XML: {message}", error.lineno) from None


def _inside(element: Element) -> list[Element]:
    """The children of an element that was parsed as a part of its form, and so is well-formed and not too deep."""
    text = memoryview(element.source)[element.start : element.end]
    children = _Reader(element.source, element.start, None).read(text).children
    for each in children:
        each.parent = element
    return children


class _Reader:
    """One parse of what begins at `base` of `source`. Below an element that is not in `grid` it only counts how deep it is."""

    def __init__(self, source: bytes, base: int, grid: frozenset[str] | None) -> None:
        self.source = source
        self.base = base
        self.grid = grid
        self.depth = 0
        self.stack: list[Element] = []
        self.root: Element | None = None
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._make()

    def read(self, text: bytes | memoryview) -> Element:
        self.parser.Parse(text, True)
        if self.root is None:
            raise AssertionError("expat accepted a document without a root")
        return self.root

    def _make(self) -> None:
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close

    def _pass(self) -> None:
        self.parser.StartElementHandler = self._deeper
        self.parser.EndElementHandler = self._higher

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self._deeper(tag, attributes)
        parent = self.stack[-1] if self.stack else None
        element = Element(tag, attributes, self.source, self.base + self.parser.CurrentByteIndex, parent)
        if parent is None:
            self.root = element
        else:
            parent.children.append(element)
        self.stack.append(element)
        if self.grid is None or tag in self.grid:
            element.made = []
        else:
            self._pass()

    def _close(self, _tag: str) -> None:
        self.depth -= 1
        element = self.stack.pop()
        position = self.base + self.parser.CurrentByteIndex
        # After `<x/>` the parser stands behind the tag; in `<x>/></x>` it stands before the end tag, and only the start tag can tell.
        if self.source[position - 2 : position] == b"/>" and self._is_start_tag(element.start, position):
            element.end = position
        else:
            element.close_start = position
            element.end = self.source.index(b">", position) + 1

    def _deeper(self, _tag: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormUnreadable(f"elements are nested more than {DEEPEST} deep", self.parser.CurrentLineNumber)

    def _higher(self, tag: str) -> None:
        if self.depth == len(self.stack):
            self._make()
            self._close(tag)
        else:
            self.depth -= 1

    def _is_start_tag(self, start: int, end: int) -> bool:
        return self.source.find(b">", start, end) == end - 1 or start_tag_end(self.source, start) == end

    def _doctype(self, *_declaration: object) -> None:
        raise FormUnreadable(
            "the form declares a document type; forms have none, and entities are not expanded", self.parser.CurrentLineNumber
        )
