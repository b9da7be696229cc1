"""Turns FormXml into a canonical tree, equal for two forms that mean the same. Pure.

Not part of the meaning: the order of attributes, the case and braces of GUIDs, white space around text, comments,
`labelid` and `ordinalvalue`, which the service adds on its own, and whether an empty element closes itself.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from reconciler.forms.tree import parse

ADDED_BY_SERVICE = frozenset({"labelid", "ordinalvalue"})

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})\}?")


def meaning(xml: bytes) -> dict[str, Any]:
    """The form as plain dicts, lists and strings: `tag`, and where there are any `attributes`, `text` and `children`.

    Raises FormUnreadable as `locate` does.
    """
    parse(xml)
    stack: list[tuple[dict[str, Any], list[str]]] = []
    root: list[dict[str, Any]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        node: dict[str, Any] = {"tag": tag}
        kept = {name: _canonical(attributes[name]) for name in sorted(attributes) if name not in ADDED_BY_SERVICE}
        if kept:
            node["attributes"] = kept
        if stack:
            stack[-1][0].setdefault("children", []).append(node)
        else:
            root.append(node)
        stack.append((node, []))

    def text(characters: str) -> None:
        if stack:
            stack[-1][1].append(characters)

    def end(_tag: str) -> None:
        node, pieces = stack.pop()
        content = "".join(pieces).strip()
        if content:
            node["text"] = _canonical(content)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.Parse(xml, True)
    return root[0]


def _canonical(value: str) -> str:
    match = _GUID.fullmatch(value.strip())
    return match.group(1).lower() if match else value
