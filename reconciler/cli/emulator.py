"""The commands of the embedded Dataverse: serve it, move its clock, send it a request. Touches its state file, sockets, stdout."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.workspace import find_workspace
from reconciler.model.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from reconciler.emulator.server import EmbeddedDataverse

OTHER_ADMINISTRATOR = "Ana Pop"
APPLICATION = "rictl"
_DURATION = re.compile(r"(\d{1,6})([smhd])")
_URL_CHARACTERS = "/()$=&?,;%+@!:*'"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

_state = click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), help="State file.  [default: .rictl/emulator.sqlite of the workspace]"
)
_scenarios = click.option(
    "--scenarios",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of scenarios.  [default: environments/_emulator of the workspace]",
)


@click.group()
def emulator() -> None:
    """The embedded Dataverse: what environments with `connection: {emulator: NAME}` talk to.

    It speaks the Web API over HTTP and signs in over HTTPS, on 127.0.0.1 only. Its state is one SQLite file, and its clock can be
    moved, so that the 14 days of the Microsoft 365 consent pass in a second.
    """


@emulator.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the Web API.  [default: a free one]")
@click.option("--entra-port", type=click.IntRange(0, 65535), default=0, help="Port of the embedded Entra ID.  [default: a free one]")
@_state
@click.option("--token", help="A bearer token that is always accepted, as the System Administrator `rictl`.")
@_scenarios
@click.option(
    "--organization",
    "organizations",
    metavar="NAME",
    multiple=True,
    help="Organization to list; the first is also served without its name in the path.  [default: the scenarios]",
)
def serve(port: int, entra_port: int, state: Path | None, token: str | None, scenarios: Path | None, organizations: tuple[str, ...]) -> int:
    """Serve until Ctrl-C, for other programs: prints where and how to sign in."""
    folder = _scenario_folder(scenarios)
    names = organizations or tuple(sorted(path.stem for path in folder.glob("*.yaml"))) or ("demo",)
    try:
        server = _server(state, folder, port=port, entra_port=entra_port, token=token, organization=names[0], others=organizations)
    except OSError as error:
        if error.filename is not None:
            # Not a port but the state file.
            raise
        said = f"error[cannot-listen]: cannot listen on 127.0.0.1: {error.strerror}"
        click.echo(f"{said}\n  hint: choose other ports, or 0 for free ones", err=True)
        return FAILED
    with server:
        click.echo(_summary(server, names, token))
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
    return DONE


@emulator.command()
@click.option("--advance", metavar="DURATION", help="Move the clock on: 90s, 30m, 12h, 14d.")
@click.option("--set", "moment", metavar="TIME", help="Move the clock to a moment, as 2026-12-07T10:00:00Z.")
@_state
def clock(advance: str | None, moment: str | None, state: Path | None) -> int:
    """Print the virtual time, after moving it if asked. What is due by then has happened at the next request."""
    from reconciler.emulator.storage.clock import VirtualClock, wire_time
    from reconciler.emulator.storage.store import Store

    if advance and moment:
        raise click.UsageError("--advance and --set exclude each other")
    by = dt.timedelta(seconds=_seconds(advance)) if advance else None
    to = _moment(moment) if moment else None
    file = _state_file(state)
    store = Store(file)
    try:
        virtual = VirtualClock(store)
        if by is not None:
            virtual.advance(by)
        if to is not None:
            virtual.set(to)
        click.echo(wire_time(virtual.now()))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--set") from None
    finally:
        store.close()
    return DONE


@emulator.command()
@click.argument("organization")
@click.argument("consent_state", metavar="STATE", type=click.Choice(["granted", "pending", "withdrawn"]))
@_state
@_scenarios
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
    with _server(state, _scenario_folder(scenarios)) as server:
        told = _send("POST", f"{server.root}/_emulator/v1/consent", asked, {})
    return _told(told)


@emulator.command()
@click.argument("organization")
@click.argument("method", type=click.Choice(["GET", "POST", "PATCH", "PUT", "DELETE"], case_sensitive=False))
@click.argument("path")
@click.option("--data", metavar="JSON|@FILE", help="The body, or the file that holds it.")
@click.option(
    "--as",
    "user",
    metavar="USER",
    default=OTHER_ADMINISTRATOR,
    show_default=True,
    help="Who asks: a person, made a System Administrator on demand, or the application `rictl`.",
)
@_state
@_scenarios
def request(organization: str, method: str, path: str, data: str | None, user: str, state: Path | None, scenarios: Path | None) -> int:
    """Send one raw Web API request to an organization, as another administrator would, and print status and body.

    PATH is below the Web API's root: "msdyn_wkwconfigs?$select=msdyn_iswkwenabled".
    """
    from urllib.parse import quote

    body = _body(data)
    with _server(state, _scenario_folder(scenarios)) as server:
        address = f"{server.url(quote(organization, safe=''))}/api/data/v9.2/{quote(path, safe=_URL_CHARACTERS)}"
        token = server.token(None if user == APPLICATION else user)
        headers = {"Authorization": f"Bearer {token}", "Accept": "*/*"} | ({"Content-Type": "application/json"} if body else {})
        told = _send(method.upper(), address, body, headers)
    return _told(told)


def _send(method: str, address: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str, bytes]:
    import http.client
    from urllib.parse import urlsplit

    target = urlsplit(address)
    connection = http.client.HTTPConnection(str(target.hostname), int(target.port or 0), timeout=60)
    try:
        connection.request(method, target.path + (f"?{target.query}" if target.query else ""), body, headers)
        answer = connection.getresponse()
        return answer.status, answer.reason, answer.read()
    finally:
        connection.close()


def _told(answer: tuple[int, str, bytes]) -> int:
    status, reason, content = answer
    click.echo(f"{status} {reason}")
    if content:
        click.echo(_shown(content))
    return DONE if status < 400 else FAILED


def _server(
    state: Path | None,
    scenarios: Path,
    *,
    port: int = 0,
    entra_port: int = 0,
    token: str | None = None,
    organization: str | None = None,
    others: tuple[str, ...] = (),
) -> EmbeddedDataverse:
    from reconciler.catalog.register import CATALOG
    from reconciler.emulator.domain import build_domain
    from reconciler.emulator.server import EmbeddedDataverse

    file, domain = _state_file(state), build_domain(CATALOG, scenarios if scenarios.is_dir() else None, frozenset(others))
    return EmbeddedDataverse(file, domain=domain, catalog=CATALOG, port=port, entra_port=entra_port, token=token, organization=organization)


def _state_file(given: Path | None) -> Path:
    return given if given is not None else find_workspace(Path.cwd()).state_file


def _scenario_folder(given: Path | None) -> Path:
    return given if given is not None else find_workspace(Path.cwd()).scenarios


def _summary(server: EmbeddedDataverse, organizations: tuple[str, ...], token: str | None) -> str:
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
        f"  clock and more       {server.root}/_emulator/v1/clock",
    ]
    return "\n".join(lines)


def _seconds(text: str) -> int:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f"`{text}` is no duration: write 90s, 30m, 12h or 14d", param_hint="--advance")
    return int(found[1]) * _SECONDS[found[2]]


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"`{text}` is no moment: write 2026-12-07T10:00:00Z", param_hint="--set") from None


def _body(data: str | None) -> bytes | None:
    if data is None:
        return None
    if not data.startswith("@"):
        return data.encode()
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise click.BadParameter(f"cannot read {data[1:]}: {error.strerror}", param_hint="--data") from None


def _shown(content: bytes) -> str:
    import json

    from reconciler.report.escape import escape

    text = content.decode("utf-8-sig", "replace")
    with contextlib.suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return "\n".join(escape(line) for line in text.splitlines())
