"""The command `schema`: prints the JSON Schema of a file format. Writes stdout."""

from __future__ import annotations

import click

from reconciler.cli.schemas import NAMES, schema_text


@click.command()
@click.argument("name", type=click.Choice(NAMES), default="environment")
def schema(name: str) -> int:
    """Print the JSON Schema of a file format: environment, baseline, plan, policy or policy-test. Editors complete and check with it."""
    click.echo(schema_text(name), nl=False)
    return 0
