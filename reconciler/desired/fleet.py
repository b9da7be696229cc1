"""What is wrong between files: names that are taken, organizations that two files manage, organizations that nobody describes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from reconciler.desired.codes import finding
from reconciler.desired.document import Document
from reconciler.desired.nearest import did_you_mean
from reconciler.desired.tree import entry_at
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.diagnostic import Diagnostic

_COPY = re.compile(r"-\d{4}\Z")
"""What a scenario with `copies` puts behind its name. How many there are is known to the embedded Dataverse only."""

Member = TypeVar("Member")


def same_names(documents: Iterable[Document]) -> Iterator[Diagnostic]:
    """A finding in each file whose name another one of its kind has too."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        if document.root is not None and document.name is not None:
            groups.setdefault((document.kind, document.name), []).append(document)
    for group in groups.values():
        for document, other in _pairs(group):
            if document.root is not None:
                _, place = entry_at(document.root, ("metadata", "name"))
                said = f"{other.file} has the name `{document.name}` too"
                yield finding("duplicate-name", said, place, "names tell environments apart in plans and commands: choose another")


def same_organizations(built: Iterable[DesiredEnvironment]) -> Iterator[Diagnostic]:
    """A finding in each file whose organization another one manages too."""
    groups: dict[tuple[str | None, str | None], list[DesiredEnvironment]] = {}
    for environment in built:
        groups.setdefault((environment.connection.url, environment.connection.emulator), []).append(environment)
    for group in groups.values():
        for environment, other in _pairs(group):
            if environment.connection.where is not None:
                said = f"`{other.name}` ({other.file}) manages the same organization"
                hint = "two files would undo each other's work: keep one, or point it elsewhere"
                yield finding("same-organization", said, environment.connection.where, hint)


def unknown_emulators(built: Iterable[DesiredEnvironment], known: Sequence[str] | None) -> Iterator[Diagnostic]:
    """A finding in each file that names an organization which the embedded Dataverse lacks; none when `known` is None."""
    for environment in built:
        name, where = environment.connection.emulator, environment.connection.where
        if known is None or name is None or where is None or name in known or _COPY.sub("", name) in known:
            continue
        hint = did_you_mean(name, known) or f"describe it in environments/_emulator/{name}.yaml"
        yield finding("unknown-emulator", f"the embedded Dataverse has no organization `{name}`", where, hint)


def _pairs(group: list[Member]) -> Iterator[tuple[Member, Member]]:
    if len(group) > 1:
        for member in group:
            yield member, group[1] if member is group[0] else group[0]
