"""`rictl emulator restore`: puts organizations back as a snapshot holds them. Touches the state file, stdout."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.emulator.options import state_file, state_option
from reconciler.model.exit_codes import DONE


@click.command()
@click.argument("name")
@click.option("--organization", metavar="ORG", help="Only this one.  [default: every one that the snapshot holds]")
@state_option
def restore(name: str, organization: str | None, state: Path | None) -> int:
    """Put organizations back as the snapshot NAME holds them. Others stay as they are, and the clock goes on."""
    from reconciler.emulator.storage.store import Store
    from reconciler.report.escape import escape

    store = Store(state_file(state))
    try:
        restored = store.restore_snapshot(name, organization)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    finally:
        store.close()
    click.echo(escape(f"restored: {', '.join(restored)}"))
    return DONE
