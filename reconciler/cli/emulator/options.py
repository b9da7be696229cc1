"""Options that several commands of the embedded Dataverse share, and the places they stand for. Reads the workspace."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.workspace import find_workspace

state_option = click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), help="State file.  [default: .rictl/emulator.sqlite of the workspace]"
)
scenarios_option = click.option(
    "--scenarios",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of scenarios.  [default: environments/_emulator of the workspace]",
)


def state_file(given: Path | None) -> Path:
    """The state file that was asked for, or the workspace's."""
    return given if given is not None else find_workspace(Path.cwd()).state_file


def scenario_folder(given: Path | None) -> Path:
    """The folder of scenarios that was asked for, or the workspace's, which need not exist."""
    return given if given is not None else find_workspace(Path.cwd()).scenarios
