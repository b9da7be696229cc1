"""The command `validate`: everything wrong with environment files, at once and offline. Reads files, writes stdout."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from reconciler import __version__
from reconciler.cli.output import Wanted, deliver, format_option
from reconciler.cli.step_summary import tell_build_server
from reconciler.cli.workspace import BASELINES, Workspace, find_workspace, misspelt, select, yaml_files
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.exit_codes import DONE, FAILED
from reconciler.model.run import ValidationRun


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@format_option("validation")
def validate(paths: tuple[str, ...], formats: tuple[Wanted, ...]) -> int:
    """Check environment files and policies, offline; everything wrong with all of them at once.

    PATH is a file, a folder, or the name of an environment; without any, every environment, baseline and policy is checked.
    """
    workspace = find_workspace(Path.cwd())
    ruling, paths = _policy_paths(workspace, paths)
    files, found = _selected(workspace, paths) if paths or not ruling else ([], ())
    # Imported here, for `--help` needs neither YAML nor schemas.
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.choosing import today
    from reconciler.desired.load import load

    # Trees of a thousand files only grow until the process ends: walking them for garbage again and again took half of the time.
    gc.disable()
    try:
        loaded = load(files, root=workspace.root, catalog=CATALOG, today=today(workspace), variables=os.environ)
    finally:
        gc.enable()
    policies, said = _policies(ruling if ruling or paths else yaml_files(workspace.policies))
    unread = () if paths else tuple(replace(one, severity="error") for one in misspelt(workspace.policies))
    diagnostics = (*found, *loaded.diagnostics, *said, *unread)
    read = (*loaded.files, *policies)
    run = ValidationRun(diagnostics, read, len(loaded.environments), loaded.baselines, __version__, len(policies))
    deliver(run, formats)
    verdict = FAILED if any(diagnostic.severity == "error" for diagnostic in diagnostics) else DONE
    tell_build_server(run, verdict)
    return verdict


def _policy_paths(workspace: Workspace, paths: Sequence[str]) -> tuple[list[Path], tuple[str, ...]]:
    """The files of policies among the paths, and the other paths."""
    policies: list[Path] = []
    others: list[str] = []
    for path in paths:
        whole = Path(os.path.normpath(Path.cwd() / path))
        if whole == workspace.policies and whole.is_dir():
            policies += yaml_files(whole)
        elif whole.is_file() and whole.parent == workspace.policies:
            policies.append(whole)
        else:
            others.append(path)
    return policies, tuple(others)


def _policies(files: Sequence[Path]) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """The files of policies as they are shown, and everything wrong with them."""
    if not files:
        return (), ()
    from reconciler.desired.policies import load_policies

    loaded = load_policies(files)
    return loaded.files, loaded.diagnostics


def _selected(workspace: Workspace, paths: Sequence[str]) -> tuple[list[Path], tuple[Diagnostic, ...]]:
    if not paths:
        files, found = select(workspace, ())
        return [*files, *workspace.baseline_files], (*found, *misspelt(workspace.environments / BASELINES))
    folders = [Path.cwd() / path for path in paths if Path(path).is_dir()]
    named = [path for path in paths if not Path(path).is_dir()]
    files, found = select(workspace, named) if named else ([], ())
    for folder in folders:
        inside = [*yaml_files(folder), *yaml_files(folder / BASELINES)]
        files += inside
        found = (*found, *misspelt(folder))
        if not inside:
            found = (
                *found,
                Diagnostic("no-environments", f"there is no *.yaml in {os.path.relpath(folder)}", None, "name a folder with YAML files"),
            )
    return files, found
