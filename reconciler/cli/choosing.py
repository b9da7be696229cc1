"""Turns the names on a command line into environments, with everything that is wrong with them. Reads files; findings go to stderr."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from reconciler.catalog.book import Catalog
from reconciler.cli.failures import show_diagnostics
from reconciler.cli.workspace import Workspace, find_file, find_workspace, select
from reconciler.desired.load import Loaded, load
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.exit_codes import FAILED
from reconciler.model.source import SourceSpan

_SAID_WHEN_CONNECTING = "foreign-host"
"""A warning of files alone: whoever connects allowed the host by name, or is refused with this very reason."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The environments in the order in which they were named, and what is to be said of them."""

    environments: tuple[DesiredEnvironment, ...]
    findings: tuple[Diagnostic, ...]


def chosen(names: Sequence[str], catalog: Catalog) -> tuple[Workspace, tuple[DesiredEnvironment, ...]]:
    """The workspace and the environments of these names or files (none: all). Prints every finding and exits 1 on errors."""
    workspace = find_workspace(Path.cwd())
    choice = choose(names, workspace, catalog)
    told = [finding for finding in choice.findings if finding.code != _SAID_WHEN_CONNECTING]
    if told:
        show_diagnostics(told)
    if any(finding.severity == "error" for finding in choice.findings):
        click.echo("Nothing was read or written.", err=True)
        raise click.exceptions.Exit(FAILED)
    return workspace, choice.environments


def choose(names: Sequence[str], workspace: Workspace, catalog: Catalog) -> Choice:
    """All files are read even for one name: only so is a name found inside of its file, and one organization in two files noticed.

    What is wrong with environments that were not named is not said: it is none of this run's business.
    """
    paths, unknown = select(workspace, names)
    every = [*workspace.environment_files, *paths] if names else paths
    loaded = load(every, root=workspace.root, catalog=catalog, today=today(workspace), variables=os.environ)
    if not names:
        return Choice(loaded.environments, (*unknown, *loaded.diagnostics))
    shown = dict(zip(dict.fromkeys(_spelled(path) for path in every), loaded.files, strict=True))
    declared = {environment.name: environment.file for environment in loaded.environments}
    wanted = list(dict.fromkeys(file for name in names if (file := declared.get(name) or _file(name, workspace, shown)) is not None))
    sound = {environment.file: environment for environment in loaded.environments}
    broken = [file for file in wanted if file not in sound]
    findings = [finding for finding in loaded.diagnostics if _concerns(finding, wanted, loaded, bool(broken))]
    findings += [_no_environment(file) for file in broken if not any(f.severity == "error" for f in findings)]
    return Choice(tuple(sound[file] for file in wanted if file in sound), (*unknown, *findings))


def today(workspace: Workspace) -> dt.date:
    """Today, or the later day to which the clock of this workspace's embedded Dataverse was moved.

    Otherwise nobody could attest, on the virtual day after a lapse, that the consent was given.
    """
    day = dt.datetime.now(dt.UTC).date()
    if not workspace.state_file.is_file():
        return day
    from contextlib import closing

    from reconciler.emulator.storage.clock import VirtualClock
    from reconciler.emulator.storage.store import Store

    with closing(Store(workspace.state_file)) as store:
        return max(day, VirtualClock(store).now().date())


def _file(name: str, workspace: Workspace, shown: dict[str, str]) -> str | None:
    path = find_file(workspace, name)
    return None if path is None else shown.get(_spelled(path))


def _spelled(path: Path) -> str:
    return os.path.normpath(Path.cwd() / path)


def _concerns(finding: Diagnostic, wanted: Iterable[str], loaded: Loaded, is_broken: bool) -> bool:
    if finding.where is None or finding.where.file in wanted:
        return True
    # A file that nobody asked for is a baseline: its mistakes matter when they keep a wanted environment from being built.
    return is_broken and finding.where.file not in loaded.files


def _no_environment(file: str) -> Diagnostic:
    said, hint = f"`{file}` is a baseline, not an environment", "name an environment that extends it"
    return Diagnostic("not-an-environment", said, SourceSpan(file, 1, 1), hint)
