"""Turns a form with labels of many languages into the form that one caller sees, and a caller's form back into the stored one. Pure.

Labels live in a store of their own: whoever reads a form gets the labels of one language, and whoever writes one can only say labels of
that language; the others are dropped without a word and stay as they were.
"""

from __future__ import annotations

import re

from reconciler.emulator.domain.form_text import Label, read_form

_LANGUAGES = re.compile(rb"languagecode\s*=\s*[\"'](\d+)")


def projected(text: str, language: int, base: int) -> str:
    """The form as a caller of that language sees it: one label an element, in the base language where there is none in the caller's."""
    raw = text.encode("utf-8")
    if {int(code) for code in _LANGUAGES.findall(raw)} <= {language}:
        return text
    labels = read_form(raw).labels
    spoken = {label.owner for label in labels if label.language == language}
    dropped = [label for label in labels if label.language != (language if label.owner in spoken else base)]
    return _without(raw, dropped).decode("utf-8")


def merged(text: str, stored: str, language: int) -> str:
    """What is stored of a form that a caller of that language wrote over `stored`: labels of other languages as they were."""
    raw, known = text.encode("utf-8"), stored.encode("utf-8")
    written = read_form(raw).labels
    others: dict[str, list[bytes]] = {}
    for label in read_form(known).labels:
        if label.language != language:
            others.setdefault(label.owner, []).append(known[label.start : label.end])
    foreign = [label for label in written if label.language != language]
    additions = {label.end: b"".join(others.pop(label.owner, ())) for label in written if label.language == language}
    # An element that speaks only the base language keeps the label that the caller was shown.
    kept = [label for label in foreign if label.owner in others]
    for label in kept:
        additions[label.end] = b"".join(others.pop(label.owner, ()))
    replaced = {id(label) for label in kept}
    cuts = {(label.start, label.end): additions.pop(label.end) for label in kept}
    cuts |= {(label.start, label.end): b"" for label in foreign if id(label) not in replaced}
    cuts |= {(end, end): addition for end, addition in additions.items() if addition}
    return _spliced(raw, cuts).decode("utf-8")


def _without(text: bytes, labels: list[Label]) -> bytes:
    """The text without these labels and without the white space before each."""
    cuts = {}
    for label in labels:
        start = label.start
        while start and text[start - 1] in b" \t\r\n":
            start -= 1
        cuts[start, label.end] = b""
    return _spliced(text, cuts)


def _spliced(text: bytes, cuts: dict[tuple[int, int], bytes]) -> bytes:
    pieces, position = [], 0
    for (start, end), addition in sorted(cuts.items()):
        pieces += [text[position:start], addition]
        position = end
    return b"".join([*pieces, text[position:]])
