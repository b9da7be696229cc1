"""`rictl emulator request`: one raw request to an organization. Touches the state file, the file of a body, sockets, stdout."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.emulator.options import scenarios_option, state_option
from reconciler.cli.emulator.running import send, show, start

OTHER_ADMINISTRATOR = "Ana Pop"
APPLICATION = "rictl"
_URL_CHARACTERS = "/()$=&?,;%+@!:*'"


@click.command()
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
@state_option
@scenarios_option
def request(organization: str, method: str, path: str, data: str | None, user: str, state: Path | None, scenarios: Path | None) -> int:
    """Send one raw Web API request to an organization, as another administrator would, and print status and body.

    PATH is below the Web API's root: "msdyn_wkwconfigs?$select=msdyn_iswkwenabled".
    """
    from urllib.parse import quote

    body = _body(data)
    with start(state, scenarios) as server:
        address = f"{server.url(quote(organization, safe=''))}/api/data/v9.2/{quote(path, safe=_URL_CHARACTERS)}"
        token = server.token(None if user == APPLICATION else user)
        headers = {"Authorization": f"Bearer {token}", "Accept": "*/*"} | ({"Content-Type": "application/json"} if body else {})
        heard = send(method.upper(), address, body, headers)
    return show(heard)


def _body(data: str | None) -> bytes | None:
    if data is None:
        return None
    if not data.startswith("@"):
        return data.encode()
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise click.BadParameter(f"cannot read {data[1:]}: {error.strerror}", param_hint="--data") from None
