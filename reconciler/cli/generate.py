"""Writes the generated files of this repository, or says which of them are stale: `python -m reconciler.cli.generate [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.schemas import NAMES, schema_text
from reconciler.model.exit_codes import DONE, FAILED

FOLDER = "schemas"


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not what would be written.")
def generate(check: bool) -> int:
    """Write schemas/*.schema.json from the catalogue and the models."""
    stale = [path for name in NAMES if not _is_fresh(path := Path(FOLDER) / f"{name}.schema.json", schema_text(name))]
    if check:
        for path in stale:
            click.echo(f"{path} is stale: run `make schemas` and commit the result", err=True)
        return FAILED if stale else DONE
    Path(FOLDER).mkdir(exist_ok=True)
    for path in stale:
        path.write_text(schema_text(path.name.partition(".")[0]), encoding="utf-8")
        click.echo(f"wrote {path}")
    return DONE


def _is_fresh(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(generate.main(standalone_mode=False))
