"""Finds the folder that holds `environments/`, and turns names into the files meant. Reads folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from reconciler.model.diagnostic import Diagnostic
from reconciler.model.source import SourceSpan

ENVIRONMENTS = "environments"
BASELINES = "_base"
POLICIES = "policies"
WORKING = ".rictl"
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Workspace:
    """One checkout of configuration."""

    root: Path
    environments: Path
    working: Path

    @property
    def state_file(self) -> Path:
        """Where the embedded Dataverse keeps its organizations between commands."""
        return self.working / "emulator.sqlite"

    @property
    def scenarios(self) -> Path:
        """How the embedded organizations are set up, a file each."""
        return self.environments / "_emulator"

    @property
    def policies(self) -> Path:
        """What the team demands of every plan, a file each."""
        return self.root / POLICIES

    @property
    def environment_files(self) -> list[Path]:
        """The files of environments; what begins with `_` or `.` is none."""
        return yaml_files(self.environments)

    @property
    def baseline_files(self) -> list[Path]:
        """The files of baselines, extended or not."""
        return yaml_files(self.environments / BASELINES)


def yaml_files(folder: Path) -> list[Path]:
    """Its `*.yaml` by name, without those that begin with `_` or `.`."""
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith(("_", ".")))


def find_workspace(start: Path) -> Workspace:
    """Walks up from `start` to the first folder that holds `environments/`. Wrong usage when there is none."""
    for root in (start, *start.parents):
        if (root / ENVIRONMENTS).is_dir():
            return Workspace(root, root / ENVIRONMENTS, root / WORKING)
    raise click.UsageError(f"no folder `{ENVIRONMENTS}` in {start} or above: run rictl in the checkout that holds the environment files")


def select(workspace: Workspace, names: Sequence[str]) -> tuple[list[Path], tuple[Diagnostic, ...]]:
    """The files of these names or paths, each once; without names, those of all environments. Nothing to do is an error too."""
    known = workspace.environment_files
    if not names:
        return known, (*misspelt(workspace.environments), *(() if known else (_nothing(workspace),)))
    chosen: dict[Path, None] = {}
    unknown: list[Diagnostic] = []
    for name in names:
        path = find_file(workspace, name)
        if path is None and Path(name).is_file():
            hint = f"a saved plan is applied with `rictl apply {name}`" if name.endswith(".json") else "environments are *.yaml files"
            unknown.append(Diagnostic("not-an-environment", f"`{name}` is no environment file", None, hint))
        elif path is None:
            unknown.append(_unknown(name, workspace))
        else:
            chosen[path] = None
    return list(chosen), tuple(unknown)


def find_file(workspace: Workspace, name: str) -> Path | None:
    """The file of an environment's name, or the file of that path; a path need not exist, for saying so is the loader's business."""
    if name.endswith(ENDINGS) or "/" in name:
        path = Path(name)
        return path if path.is_absolute() else Path.cwd() / path
    path = workspace.environments / f"{name}.yaml"
    return path if path in workspace.environment_files else _by_declared_name(workspace, name)


def misspelt(folder: Path) -> tuple[Diagnostic, ...]:
    """A warning for each `*.yml`: it looks like an environment and is none."""
    return tuple(
        Diagnostic(
            "wrong-ending",
            f"`{path.name}` is not read",
            SourceSpan(_shown(path), 1, 1),
            f"rename it to `{path.stem}.yaml`",
            None,
            "warning",
        )
        for path in sorted(folder.glob("*.yml"))
    )


def _by_declared_name(workspace: Workspace, name: str) -> Path | None:
    # Only when no file is called so: a name is declared inside of its file.
    for path, declared in _declared(workspace).items():
        if declared == name:
            return path
    return None


def _declared(workspace: Workspace) -> dict[Path, str]:
    from reconciler.desired.document import declared_name

    return {path: name for path in workspace.environment_files if (name := declared_name(path)) is not None}


def _unknown(name: str, workspace: Workspace) -> Diagnostic:
    from reconciler.desired.nearest import did_you_mean

    known = sorted({path.stem for path in workspace.environment_files} | set(_declared(workspace).values()))
    hint = did_you_mean(name, known) or ("environments: " + ", ".join(known[:20]) if known else "there are no environments yet")
    return Diagnostic("unknown-environment", f"there is no environment `{name}`", None, hint)


def _nothing(workspace: Workspace) -> Diagnostic:
    said = f"there is no environment in {_shown(workspace.environments)}"
    return Diagnostic("no-environments", said, None, f"create {ENVIRONMENTS}/NAME.yaml; `rictl schema environment` describes it")


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
