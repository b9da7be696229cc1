"""`rictl emulator snapshot`: keeps organizations under a name. Touches the state file, stdout."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.emulator.options import state_file, state_option
from reconciler.model.exit_codes import DONE


@click.command()
@click.argument("name", required=False)
@click.option("--organization", metavar="ORG", help="Only this one.  [default: every one that holds something]")
@state_option
def snapshot(name: str | None, organization: str | None, state: Path | None) -> int:
    """Keep what organizations hold under NAME, in the state file; without NAME, list the snapshots. `restore` brings it back."""
    from reconciler.emulator.storage.store import Store
    from reconciler.report.escape import escape

    if name is None and organization is not None:
        raise click.UsageError("--organization needs the NAME under which it is kept")
    store = Store(state_file(state))
    try:
        shown = {name: store.keep_snapshot(name, organization)} if name is not None else store.snapshots()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    finally:
        store.close()
    for kept, organizations in shown.items():
        click.echo(escape(f"{kept}: {', '.join(organizations)}"))
    return DONE
