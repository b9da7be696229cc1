"""Writes the generated files of this repository, or says which of them are stale: `python -m reconciler.cli.generate [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.emulator_page import PAGE, page_text
from reconciler.cli.schemas import NAMES, schema_text
from reconciler.model.exit_codes import DONE, FAILED

FOLDER = "schemas"


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not what would be written.")
def generate(check: bool) -> int:
    """Write schemas/*.schema.json from the catalogue and the models, and the generated parts of docs/emulator.md."""
    wanted = {Path(FOLDER) / f"{name}.schema.json": schema_text(name) for name in NAMES}
    if PAGE.is_file():
        wanted[PAGE] = page_text(PAGE.read_text(encoding="utf-8"))
    stale = [path for path, text in wanted.items() if not _is_fresh(path, text)]
    if check:
        for path in stale:
            click.echo(f"{path} is stale: run `make schemas` and commit the result", err=True)
        return FAILED if stale else DONE
    Path(FOLDER).mkdir(exist_ok=True)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
        click.echo(f"wrote {path}")
    return DONE


def _is_fresh(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(generate.main(standalone_mode=False))
