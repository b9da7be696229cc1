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
SLASH = ord("/")
_LAYOUT = ("form", "tabs", "tab", "columns", "column", "sections", "section", "rows", "row", "cell", "header", "footer")
GRID = frozenset((*_LAYOUT, "controlDescriptions", "controlDescription"))
"""Elements whose children are made at once."""

_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


class FormUnreadable(Exception):
    """These bytes are no form that may be edited; `line` counts from 1, 0 when the place does not matter."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(f"{why} (line {line})" if line else why)
        self.why = why
        self.line = line


class Element:
    """One element. `open_end` is after its start tag, `end` after its last byte, `close_start` where its end tag begins.

    An element that closes itself has -1 for `close_start`, and both ends are the same.
    """

    __slots__ = ("attributes", "close_start", "end", "made", "open_end", "parent", "source", "start", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], source: bytes, start: int, parent: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.source = source
        self.start = start
        self.open_end = start_tag_end(source, start)
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
    if len(xml) > MOST_MARKS and xml.count(b"<") > MOST_MARKS:
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
    """One parse of what begins at `base` of `source`.

    Below an element that is not in `grid` it makes nothing: it counts how deep it is, or waits for the end tag where that is enough.
    """

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

    def _pass(self, element: Element) -> None:
        if self._is_plain(element):
            self.parser.StartElementHandler = None
            self.parser.EndElementHandler = self._ended
        else:
            self.parser.StartElementHandler = self._deeper
            self.parser.EndElementHandler = self._higher

    def _is_plain(self, element: Element) -> bool:
        """Whether the first end tag of that name is the element's own and nothing before it can be too deep."""
        source, start, name = self.source, element.open_end, element.tag.encode()
        if source[start - 2] == SLASH:
            return True
        end = source.find(b"</" + name, start)
        # Single characters are found several times faster than "<!" and "<?"; one in a label only costs the short cut.
        if source.find(b"!", start, end) >= 0 or source.find(b"?", start, end) >= 0 or source.find(b"<" + name, start, end) >= 0:
            return False
        return self.depth + source.count(b"</", start, end) < DEEPEST

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
            self._pass(element)

    def _close(self, _tag: str) -> None:
        self.depth -= 1
        element = self.stack.pop()
        if self.source[element.open_end - 2] == SLASH:
            element.end = element.open_end
        else:
            element.close_start = self.base + self.parser.CurrentByteIndex
            element.end = self.source.index(b">", element.close_start) + 1

    def _deeper(self, _tag: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormUnreadable(f"elements are nested more than {DEEPEST} deep", self.parser.CurrentLineNumber)

    def _ended(self, tag: str) -> None:
        if tag == self.stack[-1].tag:
            self._make()
            self._close(tag)

    def _higher(self, tag: str) -> None:
        if self.depth == len(self.stack):
            self._make()
            self._close(tag)
        else:
            self.depth -= 1

    def _doctype(self, *_declaration: object) -> None:
        raise FormUnreadable(
            "the form declares a document type; forms have none, and entities are not expanded", self.parser.CurrentLineNumber
        )
