"""The commands of the embedded Dataverse, each imported when it is called. Touches nothing by itself."""

from __future__ import annotations

import click

from reconciler.cli.lazy_group import LazyGroup

COMMANDS = {
    "serve": ("reconciler.cli.emulator.serve", "Serve until Ctrl-C, for other programs."),
    "clock": ("reconciler.cli.emulator.clock", "Print the virtual time, after moving it if asked."),
    "consent": ("reconciler.cli.emulator.consent", "Give or withdraw the Microsoft 365 consent of an organization."),
    "request": ("reconciler.cli.emulator.request", "Send one raw Web API request to an organization."),
    "fault": ("reconciler.cli.emulator.fault", "Make requests go wrong: late, lost, throttled, refused."),
    "snapshot": ("reconciler.cli.emulator.snapshot", "Keep what organizations hold under a name."),
    "restore": ("reconciler.cli.emulator.restore", "Put organizations back as a snapshot holds them."),
    "reset": ("reconciler.cli.emulator.reset", "Forget what organizations hold; the next request finds the scenario."),
}
"""Command name -> module that holds a click command of the same name, and its line in --help."""


@click.group(cls=LazyGroup, table=COMMANDS)
def emulator() -> None:
    """The embedded Dataverse: what environments with `connection: {emulator: NAME}` talk to.

    It speaks the Web API over HTTP and signs in over HTTPS, on 127.0.0.1 only. Its state is one SQLite file, and its clock can be
    moved, so that the 14 days of the Microsoft 365 consent pass in a second.
    """
