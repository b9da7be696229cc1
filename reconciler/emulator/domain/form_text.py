"""Reads FormXml as a server does: is it acceptable, and what does it say to a caller of one language? Pure.

It parses by itself with expat; nothing is shared with the engine that rictl uses to edit forms, so that one wrong assumption cannot
sit on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

NOT_WELL_FORMED = "0x80048426"
NOT_COMPLIANT = "0x80048425"
NO_SUCH_CONTROL = "0x80160000"

_LIMIT = 5_000_000
_DEPTH = 60
_ELEMENTS = 200_000


class _Refused(Exception):
    """The text is refused while it is being read."""


@dataclass(slots=True)
class Label:
    """One label of one layout element, as bytes [start, end) of the text. `owner` identifies the element across versions of the form."""

    owner: str
    language: int
    start: int
    end: int = 0


@dataclass(slots=True)
class Reading:
    """What one pass over a form collects: its labels, the names of its custom controls, and what its root looks like."""

    labels: list[Label] = field(default_factory=list)
    controls: set[str] = field(default_factory=set)
    root: str = ""
    root_has_id: bool = False


@lru_cache(maxsize=32)
def check_form(text: str, controls: frozenset[str]) -> tuple[str, str] | None:
    """(code, message) of the refusal, or None. `controls` are the names of the custom controls that exist."""
    try:
        found = read_form(text.encode("utf-8"))
    except (expat.ExpatError, _Refused) as error:
        return NOT_WELL_FORMED, f"The form XML is not well-formed: {error}"
    except UnicodeEncodeError:
        return NOT_WELL_FORMED, "The form XML is not well-formed: it holds half a surrogate pair"
    if found.root != "form" or found.root_has_id:
        return NOT_COMPLIANT, "The input XML does not comply with the XML schema."
    missing = sorted(found.controls - controls)
    if missing:
        return NO_SUCH_CONTROL, f"Custom control with name {missing[0][:200]} does not exist."
    return None


def read_form(text: bytes) -> Reading:
    """One pass over a form. Raises for text that is not well-formed, declares a document type, or is beyond the bounds."""
    if len(text) > _LIMIT:
        raise _Refused(f"it is larger than {_LIMIT:,} bytes")
    return _Reader(text).read()


class _Reader:
    """The handlers of one parse."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._owners: list[str] = []
        self._count = 0
        self._found = Reading()
        self._open: Label | None = None
        self._open_at = 0

    def read(self) -> Reading:
        self._parser.Parse(self._text, True)
        return self._found

    def _doctype(self, *_: object) -> None:
        raise _Refused("a document type is not allowed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._owners) >= _DEPTH or self._count > _ELEMENTS:
            raise _Refused("it is nested too deeply or has too many elements")
        if not self._owners:
            self._found.root, self._found.root_has_id = name, "id" in attributes
        own = attributes.get("labelid") or attributes.get("id") or ""
        self._owners.append(own.lower() or (self._owners[-1] if self._owners else ""))
        if name == "label" and self._open is None and _is_language(attributes.get("languagecode", "")):
            self._open = Label(self._owners[-1], int(attributes["languagecode"]), self._parser.CurrentByteIndex)
            self._open_at = len(self._owners)
        if name == "customControl" and "name" in attributes:
            self._found.controls.add(attributes["name"])

    def _end(self, _name: str) -> None:
        if self._open is not None and self._open_at == len(self._owners):
            end = _after_tag(self._text, self._open.start)
            # At the end of an empty-element tag the parser already stands behind it, before a closing tag it stands at its beginning.
            self._open.end = end if self._text[end - 2 : end] == b"/>" else _after_tag(self._text, self._parser.CurrentByteIndex)
            self._found.labels.append(self._open)
            self._open = None
        self._owners.pop()


def _is_language(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) <= 6


def _after_tag(text: bytes, start: int) -> int:
    quote = 0
    for index in range(start, len(text)):
        byte = text[index]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == ord(">"):
            return index + 1
    return len(text)
