"""`rictl emulator serve`: the embedded Dataverse for other programs. Touches its state file, sockets, stdout."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.emulator.options import scenario_folder, scenarios_option, state_option
from reconciler.cli.emulator.running import start
from reconciler.model.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from reconciler.emulator.server import EmbeddedDataverse


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the Web API.  [default: a free one]")
@click.option("--entra-port", type=click.IntRange(0, 65535), default=0, help="Port of the embedded Entra ID.  [default: a free one]")
@state_option
@click.option("--tls", is_flag=True, help="Serve the Web API over TLS too, for clients that refuse plain http.")
@click.option("--token", help="A bearer token that is always accepted, as the System Administrator `rictl`.")
@scenarios_option
@click.option(
    "--organization",
    "organizations",
    metavar="NAME",
    multiple=True,
    help="Organization to list; the first is also served without its name in the path.  [default: the scenarios, none of several so]",
)
def serve(
    port: int, entra_port: int, state: Path | None, tls: bool, token: str | None, scenarios: Path | None, organizations: tuple[str, ...]
) -> int:
    """Serve until Ctrl-C, for other programs: prints where and how to sign in."""
    names = organizations or tuple(sorted(path.stem for path in scenario_folder(scenarios).glob("*.yaml"))) or ("demo",)
    unusable = _unusable(scenario_folder(scenarios), names, frozenset(organizations))
    if unusable is not None:
        click.echo(f"error[cannot-use-scenario]: {unusable}", err=True)
        return FAILED
    try:
        server = start(
            state,
            scenarios,
            port=port,
            entra_port=entra_port,
            tls=tls,
            token=token,
            # A client that keeps only the origin of an address must not reach some organization by chance.
            organization=names[0] if organizations or len(names) == 1 else None,
            listed=names,
            others=organizations,
        )
    except OSError as error:
        if error.filename is not None:
            # Not a port but the state file.
            raise
        said = f"error[cannot-listen]: cannot listen on 127.0.0.1: {error.strerror}"
        click.echo(f"{said}\n  hint: choose other ports, or 0 for free ones", err=True)
        return FAILED
    with server:
        click.echo(_summary(server, names, token))
        if len(names) > 1 and not organizations:
            click.echo("note: addresses need the name of an organization; for clients that drop it, serve --organization NAME", err=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
    return DONE


def _unusable(folder: Path, names: tuple[str, ...], others: frozenset[str]) -> str | None:
    """What is wrong with a scenario, before anybody meets it as an answer with 500."""
    from reconciler.emulator.domain.scenario_files import ScenarioError, load_scenario
    from reconciler.report.escape import escape_lines

    for name in names:
        try:
            load_scenario(folder if folder.is_dir() else None, name, others)
        except ScenarioError as error:
            return escape_lines(str(error))
    return None


def _summary(server: EmbeddedDataverse, organizations: tuple[str, ...], token: str | None) -> str:
    from reconciler.report.escape import escape

    lines = [
        "The embedded Dataverse serves until Ctrl-C.",
        "",
        *(f"  {name:<20} {server.url(name)}/api/data/v9.2/" for name in organizations),
        "",
        f"  authority            {server.authority}/{server.tenant_id}",
        f"  client id            {server.client_id}",
        f"  client secret        {server.client_secret}",
        f"  scope                {server.root}/.default",
        f"  trust                {server.ca_file}",
        *([f"  or the token         {token}"] if token else []),
        f"  settings pages       {server.root}/",
        f"  clock and more       {server.root}/_emulator/v1/clock",
    ]
    return "\n".join(escape(line) for line in lines)
