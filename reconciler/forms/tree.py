"""Turns bytes into elements that know where they stand in those bytes. Pure.

The parser is told that the bytes are UTF-8 whatever the declaration says: FormXml comes out of a JSON string, where a
declaration of UTF-16 is only a memory of the string type that somebody once saved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

LARGEST = 20 * 1024 * 1024
DEEPEST = 64
SPACE = b" \t\r\n"

_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


class FormUnreadable(Exception):
    """These bytes are no form that may be edited; `line` counts from 1, 0 when the place does not matter."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(f"{why} (line {line})" if line else why)
        self.why = why
        self.line = line


@dataclass(slots=True, eq=False, repr=False)
class Element:
    """One element. `close_start` is where its end tag begins, or -1 when it closes itself; `end` is after its last byte."""

    tag: str
    attributes: dict[str, str]
    source: bytes
    start: int
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    close_start: int = -1
    end: int = -1

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
    return _Reader(xml).read()


class _Reader:
    """The three callbacks of one parse and the stack between them."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.stack: list[Element] = []
        self.root: Element | None = None
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.StartDoctypeDeclHandler = self._doctype

    def read(self) -> Element:
        try:
            self.parser.Parse(self.xml, True)
        except expat.ExpatError as error:
            raise FormUnreadable(
                f"the form is not well-formed XML: {expat.errors.messages.get(error.code, 'error')}", error.lineno
            ) from None
        if self.root is None:
            raise AssertionError("expat accepted a document without a root")
        return self.root

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.stack) >= DEEPEST:
            raise FormUnreadable(f"elements are nested more than {DEEPEST} deep", self.parser.CurrentLineNumber)
        parent = self.stack[-1] if self.stack else None
        element = Element(tag, attributes, self.xml, self.parser.CurrentByteIndex, parent)
        if parent is None:
            self.root = element
        else:
            parent.children.append(element)
        self.stack.append(element)

    def _close(self, _tag: str) -> None:
        element = self.stack.pop()
        position = self.parser.CurrentByteIndex
        # After `<x/>` the parser stands behind the tag; in `<x>/></x>` it stands before the end tag, and only the start tag can tell.
        if self.xml[position - 2 : position] == b"/>" and not element.children and self._is_start_tag(element.start, position):
            element.end = position
        else:
            element.close_start = position
            element.end = self.xml.index(b">", position) + 1

    def _is_start_tag(self, start: int, end: int) -> bool:
        return self.xml.find(b">", start, end) == end - 1 or start_tag_end(self.xml, start) == end

    def _doctype(self, *_declaration: object) -> None:
        raise FormUnreadable(
            "the form declares a document type; forms have none, and entities are not expanded", self.parser.CurrentLineNumber
        )
