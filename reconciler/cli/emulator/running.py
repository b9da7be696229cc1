"""Starts an embedded Dataverse for a command and sends it one request. Touches its state file and sockets, prints the answer."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.emulator.options import scenario_folder, state_file
from reconciler.model.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from reconciler.emulator.server import EmbeddedDataverse

Heard = tuple[int, str, bytes]
"""Status, reason and body of an answer."""


def start(
    state: Path | None,
    scenarios: Path | None,
    *,
    port: int = 0,
    entra_port: int = 0,
    tls: bool = False,
    token: str | None = None,
    organization: str | None = None,
    listed: tuple[str, ...] = (),
    others: tuple[str, ...] = (),
) -> EmbeddedDataverse:
    """A server on the state file and the scenarios that were asked for, or the workspace's; it serves until it is closed.

    `organization` needs no name in the path, `listed` are named on the page of organizations, and `others` are standard organizations
    beside those of the scenarios.
    """
    from reconciler.catalog.register import CATALOG
    from reconciler.emulator.domain import build_domain
    from reconciler.emulator.server import EmbeddedDataverse

    file, folder = state_file(state), scenario_folder(scenarios)
    domain = build_domain(CATALOG, folder if folder.is_dir() else None, frozenset(others))
    return EmbeddedDataverse(
        file,
        domain=domain,
        catalog=CATALOG,
        port=port,
        entra_port=entra_port,
        token=token,
        organization=organization,
        organizations=listed,
        tls=tls,
    )


def send(method: str, address: str, body: bytes | None, headers: dict[str, str]) -> Heard:
    """Sends one request and returns what came back, whatever its status."""
    import http.client
    from urllib.parse import urlsplit

    target = urlsplit(address)
    connection = http.client.HTTPConnection(str(target.hostname), int(target.port or 0), timeout=60)
    try:
        connection.request(method, target.path + (f"?{target.query}" if target.query else ""), body, headers)
        answer = connection.getresponse()
        return answer.status, answer.reason, answer.read()
    except (http.client.HTTPException, ConnectionError) as error:
        raise click.ClickException(f"no answer, or only a part of one: {error}. See `rictl emulator fault --list`.") from None
    finally:
        connection.close()


def show(heard: Heard) -> int:
    """Prints an answer, escaped; an answer that refuses fails the command."""
    status, reason, content = heard
    click.echo(f"{status} {reason}")
    if content:
        click.echo(_shown(content))
    return DONE if status < 400 else FAILED


def _shown(content: bytes) -> str:
    import json

    from reconciler.report.escape import escape

    text = content.decode("utf-8-sig", "replace")
    with contextlib.suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return "\n".join(escape(line) for line in text.splitlines())
