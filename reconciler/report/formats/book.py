"""Which output formats there are, what each can render, and the module that does it, imported when it is asked for. Pure.

A module renders with functions of these names, as far as its format has them:

    plan_report(run: PlanRun, style: Style) -> str
    apply_report(run: ApplyRun, style: Style) -> str
    validation_report(run: ValidationRun, style: Style) -> str
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reconciler.catalog.book import Catalog
from reconciler.model.run import ApplyRun, PlanRun, ValidationRun
from reconciler.report.published import published

Subject = Literal["plan", "apply", "validation"]
Run = PlanRun | ApplyRun | ValidationRun


@dataclass(frozen=True, slots=True)
class Style:
    """How a reader wants it.

    color    the colours of a terminal
    details  every change in full, or only the table and what is to be settled
    limit    greatest length in `limit_in`; None is that of the format
    report   address of the full report, for formats that leave something out
    explanations, pages   what the documentation says of a code, and the address of the page that says it, where one is known
    catalog  titles and descriptions of kinds and widgets, for formats that explain; None: names only
    """

    color: bool = False
    details: bool = True
    limit: int | None = None
    limit_in: Literal["characters", "bytes"] = "characters"
    report: str | None = None
    catalog: Catalog | None = None
    explanations: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """One output format.

    is_log       its lines are for the log of a pipeline and may follow a text on the same stream
    is_private   it is read by the one who runs the command; everything else may be published, so it names no person
    """

    name: str
    module: str
    subjects: frozenset[Subject]
    is_log: bool = False
    is_private: bool = False


FORMATS: tuple[Format, ...] = (
    Format("text", "reconciler.report.formats.text", frozenset({"plan", "apply", "validation"}), is_private=True),
    Format("markdown", "reconciler.report.formats.markdown", frozenset({"plan", "apply"})),
    Format("html", "reconciler.report.formats.html", frozenset({"plan", "apply"})),
    Format("json", "reconciler.report.formats.json", frozenset({"plan", "apply", "validation"})),
    Format("sarif", "reconciler.report.formats.sarif", frozenset({"plan", "validation"})),
    Format("junit", "reconciler.report.formats.junit", frozenset({"plan", "apply", "validation"})),
    Format("github", "reconciler.report.formats.github", frozenset({"plan", "apply", "validation"}), is_log=True),
    Format("azdo", "reconciler.report.formats.azdo", frozenset({"plan", "apply", "validation"}), is_log=True),
)


def names_for(subject: Subject) -> tuple[str, ...]:
    """The names of the formats that can render such a run."""
    return tuple(form.name for form in FORMATS if subject in form.subjects)


def format_named(name: str) -> Format:
    """The format of that name, which `names_for` listed; LookupError otherwise."""
    return next(form for form in FORMATS if form.name == name)


def render(name: str, run: Run, style: Style) -> str:
    """The run in that format, without a line end behind its last line."""
    form = format_named(name)
    module = importlib.import_module(form.module)
    run = run if form.is_private else published(run)
    match run:
        case PlanRun():
            text: str = module.plan_report(run, style)
        case ApplyRun():
            text = module.apply_report(run, style)
        case ValidationRun():
            text = module.validation_report(run, style)
    return text
