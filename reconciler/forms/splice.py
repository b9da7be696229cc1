"""Turns bytes and a few replacements into new bytes, and proves that nothing else moved. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.forms.tree import Element

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
_ATTRIBUTE = re.compile(rb"""([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class SpliceBroken(AssertionError):
    """The engine was about to return a form that it should not: a mistake in this program, never in the form."""


@dataclass(frozen=True, slots=True)
class Splice:
    """The bytes from `start` to `end` become `text`; an insertion when both are the same."""

    start: int
    end: int
    text: bytes


def spliced(xml: bytes, splices: Iterable[Splice]) -> bytes:
    """`xml` with all the replacements made. Positions are those of `xml`; insertions at one position keep their order."""
    parts: list[bytes] = []
    position = 0
    ordered = sorted(splices, key=lambda each: (each.start, each.end))
    for each in ordered:
        if each.start < position:
            raise SpliceBroken("two splices overlap")
        parts += (xml[position : each.start], each.text)
        position = each.end
    parts.append(xml[position:])
    after = b"".join(parts)
    _compare_outside(xml, after, ordered)
    return after


def _compare_outside(before: bytes, after: bytes, ordered: list[Splice]) -> None:
    """Walks both texts side by side and compares everything that no splice covers."""
    left, right = 0, 0
    for each in ordered:
        width = each.start - left
        if before[left : each.start] != after[right : right + width] or after[right + width : right + width + len(each.text)] != each.text:
            raise SpliceBroken("bytes outside the splices changed")
        left, right = each.end, right + width + len(each.text)
    if before[left:] != after[right:]:
        raise SpliceBroken("bytes after the last splice changed")


def cut(element: Element) -> Splice:
    """Takes the element away, with the white space before it: an element of ours was put there together with its own."""
    return Splice(element.lead_start, element.end, b"")


def quoted(value: str) -> str:
    """An attribute value with its double quotes; line breaks and tabs survive the parser as references."""
    return f'"{value.translate(_ESCAPES)}"'


def attribute_set(element: Element, name: str, value: str) -> Splice:
    """Gives one attribute a value: in place when it is there, else after the others."""
    tag = element.source[element.start : element.open_end]
    for match in _ATTRIBUTE.finditer(tag):
        if match.group(1).decode() == name:
            group = 2 if match.group(2) is not None else 3
            start, end = element.start + match.start(group) - 1, element.start + match.end(group) + 1
            return Splice(start, end, quoted(value).encode())
    stop = len(tag) - (2 if tag.endswith(b"/>") else 1)
    while tag[stop - 1 : stop].isspace():
        stop -= 1
    return Splice(element.start + stop, element.start + stop, f" {name}={quoted(value)}".encode())


def opened(element: Element, inner: bytes) -> Splice:
    """Gives a self-closed element content. White space before its `/>` stays in the start tag, so that `closed` can restore it."""
    return Splice(element.end - 2, element.end, b">" + inner + b"</" + element.tag.encode() + b">")


def closed(element: Element) -> Splice:
    """The inverse of `opened`: all content goes and the element closes itself again."""
    return Splice(element.open_end - 1, element.end, b"/>")
