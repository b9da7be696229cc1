"""Loads the environments as their files were at the base commit. Runs git; reads and writes a temporary folder of its own."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from reconciler.catalog.book import Catalog
from reconciler.cli.choosing import today
from reconciler.cli.git import Commit, GitProblem, commit_of, restore_environments
from reconciler.cli.workspace import ENVIRONMENTS, Workspace, yaml_files
from reconciler.desired.load import load
from reconciler.model.desired import DesiredEnvironment
from reconciler.report.escape import escape


@dataclass(frozen=True, slots=True)
class Base:
    """The base commit, and what it asked of each environment of the run whose files could be read there; None: none was named."""

    commit: Commit | None
    wishes: Mapping[str, DesiredEnvironment]


def base_of(name: str | None, desired: Sequence[DesiredEnvironment], workspace: Workspace, catalog: Catalog) -> Base:
    """What the files asked for at that commit, by the names of the run's environments. Wrong usage when git cannot tell.

    An environment that was not there asked for nothing. One whose files were not valid there is left out, with a word on stderr.
    """
    if name is None:
        return Base(None, {})
    try:
        commit = commit_of(workspace.root, name)
        with tempfile.TemporaryDirectory(prefix="rictl-base-") as folder:
            restore_environments(workspace.root, commit, Path(folder))
            sound, there = _loaded(Path(folder), commit, workspace, catalog)
    except GitProblem as problem:
        raise click.UsageError(escape(f"--base {name[:200]}: {problem}. {problem.hint}")) from problem
    wishes: dict[str, DesiredEnvironment] = {}
    for now in desired:
        if not (Path.cwd() / now.file).is_relative_to(workspace.environments):
            # Only this folder was looked into.
            continue
        if now.name in sound:
            wishes[now.name] = sound[now.name]
        elif now.name in there:
            said = f"{now.name}: its files are not valid at {commit.hash[:12]}, so the plan does not tell what changed in git since"
            click.echo(escape(said), err=True)
        else:
            wishes[now.name] = replace(now, settings=(), forms=())
    return Base(commit, wishes)


def _loaded(folder: Path, commit: Commit, workspace: Workspace, catalog: Catalog) -> tuple[dict[str, DesiredEnvironment], set[str]]:
    """The sound environments by name, and the names of all.

    Dates were right on the day of the commit: what has expired since was an order then. The embedded clock may stand later than it,
    and what is attested today may be attested there already, so today counts as well.
    """
    from reconciler.desired.document import declared_name

    paths = yaml_files(folder / ENVIRONMENTS)
    sound: dict[str, DesiredEnvironment] = {}
    days: tuple[dt.date, ...] = (commit.day, today(workspace))
    for day in days:
        loaded = load(paths, root=folder, catalog=catalog, today=day, variables=os.environ)
        sound |= {environment.name: environment for environment in loaded.environments}
    return sound, {declared for path in paths if (declared := declared_name(path)) is not None} | {path.stem for path in paths}
