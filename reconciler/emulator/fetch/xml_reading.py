"""Turns the text of a FetchXML query into elements, safely: no document type, no entities, bounded in size and depth. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from reconciler.emulator.errors import bad_request

_MAX_LENGTH = 65_536
_MAX_DEPTH = 40
_MAX_ELEMENTS = 2_000


@dataclass(slots=True)
class Element:
    """One element with its attributes, its children in order, and the text that it holds."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""


def read_xml(text: str, what: str) -> Element:
    """The root element of a well-formed text. 400 for anything else, `what` naming the text."""
    if len(text) > _MAX_LENGTH:
        raise bad_request(f"{what} is longer than {_MAX_LENGTH:,} characters.", "0x80040203")
    builder = _Builder(what)
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.refuse_declaration
    parser.EntityDeclHandler = builder.refuse_declaration
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise bad_request(f"Invalid XML in {what}: {error}.", "0x80040201") from None
    return builder.root


class _Builder:
    def __init__(self, what: str) -> None:
        self.root = Element("", {})
        self._what = what
        self._open: list[Element] = []
        self._number = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._number += 1
        if len(self._open) >= _MAX_DEPTH or self._number > _MAX_ELEMENTS:
            raise bad_request(f"{self._what} has too many elements or is nested too deeply.", "0x80040203")
        element = Element(name, attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._open[-1].text += text

    def refuse_declaration(self, *_: Any) -> None:
        raise bad_request(f"{self._what} must not declare a document type or entities.", "0x80040201")
