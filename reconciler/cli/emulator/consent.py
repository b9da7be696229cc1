"""`rictl emulator consent`: decides on the Microsoft 365 consent of an organization. Touches the state file, sockets, stdout."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.emulator.options import scenarios_option, state_option
from reconciler.cli.emulator.running import send, show, start


@click.command()
@click.argument("organization")
@click.argument("consent_state", metavar="STATE", type=click.Choice(["granted", "pending", "withdrawn"]))
@state_option
@scenarios_option
def consent(organization: str, consent_state: str, state: Path | None, scenarios: Path | None) -> int:
    """Give or withdraw the Microsoft 365 consent of an organization, as its global administrator would in another portal.

    \b
    STATE is one of
      granted    the consent stands: the Exchange connector becomes active, and nothing lapses
      pending    nobody answered: the connector waits, and on day 14 the features that need it are switched off
      withdrawn  it was taken back: the connector is refused, and they are switched off on day 14 too
    """
    import json

    asked = json.dumps({"organization": organization, "state": consent_state}).encode()
    with start(state, scenarios) as server:
        heard = send("POST", f"{server.root}/_emulator/v1/consent", asked, {})
    return show(heard)
