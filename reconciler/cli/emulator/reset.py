"""`rictl emulator reset`: forgets what organizations hold. Touches the state file, stdout."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.emulator.options import state_file, state_option
from reconciler.model.exit_codes import DONE


@click.command()
@click.argument("organization", required=False)
@state_option
def reset(organization: str | None, state: Path | None) -> int:
    """Forget what ORGANIZATION holds, or all of them: the next request finds the scenario again. Snapshots, faults and the clock stay."""
    from reconciler.emulator.storage.store import Store
    from reconciler.report.escape import escape

    store = Store(state_file(state))
    try:
        known = [organization] if organization is not None else store.organizations()
        gone = [name for name in known if store.is_known(name)]
        store.reset(organization)
    finally:
        store.close()
    click.echo(escape(f"reset: {', '.join(gone) or 'nothing was stored'}"))
    return DONE
