"""One request and one answer of the Web API, free of any transport; parts of a batch are the same thing. Pure."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.emulator.work import Work

_PIECE = re.compile(r'([A-Za-z.\-]+)\s*(?:=\s*("[^"]*"|[^,;]*))?')
_ANNOTATIONS = "odata.include-annotations"
MOST_ANNOTATIONS = 100
"""Ours: so many patterns of annotation names count."""


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is relative to the Web API's root and decoded, `query` still encoded; header names are lower case.

    `references` are the Content-IDs of the change set that the request stands in, with the addresses of the rows they made; `work` is
    what answering has cost so far.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    references: Mapping[str, str] = field(default_factory=dict)
    in_batch: bool = False
    work: Work = field(default_factory=Work, compare=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is JSON (a dict), text, or bytes that are sent as they are."""

    status: int
    body: dict[str, Any] | str | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the Prefer header asks for, as far as it is honoured. `annotations` are patterns of annotation names."""

    representation: bool = False
    page_size: int | None = None
    annotations: tuple[str, ...] = ()
    continue_on_error: bool = False
    track_changes: bool = False
    asked_annotations: str = ""
    _known: dict[str, bool] = field(default_factory=dict, compare=False)

    def wants(self, annotation: str) -> bool:
        """Whether that annotation was asked for."""
        # Asked for every value of every row.
        if annotation not in self._known:
            self._known[annotation] = any(fnmatch.fnmatchcase(annotation, pattern) for pattern in self.annotations[:MOST_ANNOTATIONS])
        return self._known[annotation]


def preferences_of(header: str) -> Preferences:
    """Reads a Prefer header; values may be quoted or not, as clients send both."""
    asked: dict[str, str] = {}
    quoted = _quote_bare_list(header)
    for name, value in _PIECE.findall(quoted):
        asked[name.lower()] = value.strip().strip('"')
    annotations = tuple(name.strip() for name in asked.get(_ANNOTATIONS, "").split(",") if name.strip())
    size = asked.get("odata.maxpagesize", "")
    return Preferences(
        representation=asked.get("return") == "representation",
        page_size=max(1, int(size)) if re.fullmatch(r"\d{1,9}", size) else None,
        annotations=annotations,
        continue_on_error="odata.continue-on-error" in asked and asked["odata.continue-on-error"] != "false",
        track_changes="odata.track-changes" in asked,
        asked_annotations=asked.get(_ANNOTATIONS, ""),
    )


def _quote_bare_list(header: str) -> str:
    # `odata.include-annotations=*` without quotes would end at the next comma; names with dots do so rightly.
    return re.sub(r"(odata\.include-annotations)\s*=\s*([^\",][^,]*)", r'\1="\2"', header)
