"""Turns YAML files into desired environments and diagnostics, everything wrong at once. Reads files."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.catalog.book import Catalog
from reconciler.desired.annotations import annotations_of, expiry_findings, in_force
from reconciler.desired.bounds import SOURCE_LINE
from reconciler.desired.build import baseline_problems, build_environment, problems_of_part
from reconciler.desired.disable import without_disabled
from reconciler.desired.document import BASELINES, Document, Reader
from reconciler.desired.fleet import same_names, same_organizations, unknown_emulators
from reconciler.desired.inheritance import inherit
from reconciler.desired.secrets import holds_secret
from reconciler.desired.structure import Structure
from reconciler.desired.tiers import ahead_of_test
from reconciler.desired.twins import differing_twins
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.source import SourceSpan

ENVIRONMENTS = "environments"
SCENARIOS = "_emulator"
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The environments without errors, and everything that is to be said, by file and line. `files` are those that were asked for,
    `baselines` tells how many of them are no environments.
    """

    environments: tuple[DesiredEnvironment, ...]
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[str, ...]
    baselines: int = 0

    @property
    def is_valid(self) -> bool:
        """Nothing is wrong; warnings do not count."""
        return all(diagnostic.severity == "warning" for diagnostic in self.diagnostics)


def load(paths: Sequence[Path], *, root: Path, catalog: Catalog, today: dt.date, variables: Mapping[str, str]) -> Loaded:
    """Loads environments and baselines. `root` is the folder that holds `environments/`, where baselines are looked up by name.

    A baseline that an environment extends is checked with it. Never raises for anything that a file may hold.
    """
    here = Path.cwd()
    environments = _spelled(here / root / ENVIRONMENTS)
    reader = Reader(Structure(catalog), variables, environments, here)
    documents = [reader.document(path) for path in dict.fromkeys(_spelled(here / path) for path in paths)]
    needs_baselines = any(document.extends for document in documents)
    library = [reader.document(path) for path in sorted((environments / BASELINES).glob("*.yaml"))] if needs_baselines else []
    baselines = {document.name: document for document in reversed(library) if document.kind == "Baseline" and document.name is not None}
    found: list[Diagnostic] = []
    built: list[DesiredEnvironment] = []
    for document in documents:
        environment, said = _one(document, baselines, catalog, today)
        found += said
        if environment is not None:
            built.append(environment)
    found += same_names(documents)
    found += same_organizations(built)
    found += unknown_emulators(built, _organizations(environments / SCENARIOS))
    checked = sum(1 for document in documents if document.kind == "Baseline")
    found += differing_twins(built, catalog)
    if len(built) == len(documents) - checked:
        # What a broken test environment declares is not known.
        found += ahead_of_test(built, catalog)
    wanted = without_disabled(found, (*documents, *library))
    return Loaded(
        tuple(_without(built, found)), with_source_lines(wanted, reader.texts), tuple(document.file for document in documents), checked
    )


def _one(
    document: Document, baselines: Mapping[str, Document], catalog: Catalog, today: dt.date
) -> tuple[DesiredEnvironment | None, tuple[Diagnostic, ...]]:
    """The environment of one document, where it is a sound one, and what is to be said of the document and of what it extends."""
    inherited = inherit(document, baselines)
    found = [*document.problems, *inherited.problems]
    for used in inherited.used:
        found += used.problems
    if inherited.root is None or document.root is None:
        if document.part is not None:
            found += problems_of_part(document.part, document.kind, document.problems, catalog, today=today)
        return None, tuple(found)
    if document.kind == "Baseline":
        found += (*baseline_problems(inherited.root, catalog, today=today), *expiry_findings(annotations_of(document.root), today))
        return None, tuple(found)
    roots = (used.root for used in inherited.used if used.root is not None)
    annotations = in_force(document.root, roots, inherited.root)
    environment, said = build_environment(inherited.root, catalog, annotations, today=today)
    return environment, (*found, *said)


def _spelled(path: Path) -> Path:
    # One spelling for one file, or it would look like two that manage the same organization. Links are left as they are.
    return Path(os.path.normpath(path))


def _organizations(folder: Path) -> tuple[str, ...] | None:
    return tuple(sorted(path.stem for path in folder.glob("*.yaml"))) or None


def _without(built: Iterable[DesiredEnvironment], found: Iterable[Diagnostic]) -> list[DesiredEnvironment]:
    broken = {diagnostic.where.file for diagnostic in found if diagnostic.severity == "error" and diagnostic.where is not None}
    return [environment for environment in built if environment.file not in broken]


def with_source_lines(found: Iterable[Diagnostic], texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Each once, in the order of the files, with its source line."""
    lines: dict[str, list[str]] = {}
    finished: list[Diagnostic] = []
    for said in sorted(dict.fromkeys(found), key=_order):
        where = said.where
        if where is None or not texts.get(where.file):
            finished.append(said)
            continue
        if where.file not in lines:
            lines[where.file] = _LINE_BREAK.split(texts[where.file])
        known = lines[where.file]
        line = known[where.line - 1] if where.line <= len(known) else None
        quotable = line is not None and len(line) <= SOURCE_LINE and not holds_secret(line)
        finished.append(replace(said, source_line=line if quotable else None))
    return tuple(finished)


def _order(said: Diagnostic) -> tuple[str, int, int, str, str]:
    where = said.where or SourceSpan("", 1, 1)
    return where.file, where.line, where.column, said.code, said.summary
