"""Turns the XML of a form into a tree of elements, within bounds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

_BYTES = 5_000_000
_DEPTH = 60
_ELEMENTS = 200_000


@dataclass(slots=True)
class Element:
    """One element with its attributes; text between elements is of no interest to a picture."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)

    def named(self, *path: str) -> Iterator[Element]:
        """The descendants that such a path of names leads to, in document order."""
        for child in self.children:
            if child.name == path[0]:
                if len(path) == 1:
                    yield child
                else:
                    yield from child.named(*path[1:])


def tree_of(text: str) -> Element:
    """The root of the document. ValueError: not well-formed, a document type, too large or too deep."""
    content = text.encode("utf-8", "replace")
    if len(content) > _BYTES:
        raise ValueError("the form is too large to be drawn")
    top = Element("", {})
    path = [top]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(path) > _DEPTH or count > _ELEMENTS:
            raise ValueError("the form has too many elements to be drawn")
        path[-1].children.append(Element(name, attributes))
        path.append(path[-1].children[-1])

    def refuse(*_: object) -> None:
        raise ValueError("the form declares a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: path.pop()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(f"the form is not well-formed: {error}") from None
    return top.children[0]
