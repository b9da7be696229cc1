"""What goes into and comes out of the form engine, as frozen values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reconciler.model.change import Placement
from reconciler.model.source import Origin, SourceSpan

Action = Literal["add", "move", "change", "remove", "repair"]


@dataclass(frozen=True, slots=True)
class WidgetSpec:
    """A widget that may be placed. `controls[0]` is the custom control that is written, all of them are recognised."""

    name: str
    title: str
    controls: tuple[str, ...]
    default_rows: int


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that happened to one widget. `origin` is None when no wish asks for it, as when ours is no longer declared."""

    widget: str
    action: Action
    before: Placement | None
    after: Placement | None
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a reviewer should know of a widget; it changes nothing."""

    code: str
    message: str
    widget: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the form cannot be made as wished. One of these, and nothing is edited."""

    code: str
    message: str
    hint: str
    where: SourceSpan | None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The form as it would be. `placements` holds every known widget on it, one each: ours first, else the first of others."""

    xml: bytes
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    placements: Mapping[str, Placement]
