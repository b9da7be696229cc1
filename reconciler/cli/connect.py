"""Opens the environments that a run needs: real ones over HTTPS, embedded ones in a server thread of this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.catalog.book import Catalog
from reconciler.cli.workspace import Workspace
from reconciler.live.endpoint import ClientSecret, Endpoint, Secret
from reconciler.live.identity import endpoint_for
from reconciler.live.session import Session, open_session
from reconciler.model.desired import DesiredEnvironment
from reconciler.report.escape import escape

if TYPE_CHECKING:
    from reconciler.emulator.server import EmbeddedDataverse


@dataclass(slots=True)
class Connections:
    """The way to every environment of one run. `close` stops the embedded Dataverse, if one was started."""

    workspace: Workspace
    catalog: Catalog
    variables: Mapping[str, str]
    allowed_hosts: frozenset[str] = frozenset()
    _stack: ExitStack = field(default_factory=ExitStack)
    _embedded: EmbeddedDataverse | None = None

    @asynccontextmanager
    async def session(self, desired: DesiredEnvironment, *, read_only: bool) -> AsyncIterator[Session]:
        """A session with one environment; a read-only one refuses to send anything that writes."""

        async def tell(reason: str, seconds: float) -> None:
            click.echo(escape(f"{desired.name}: {reason}; trying again in {seconds:.0f} s"), err=True)

        async with open_session(self._endpoint(desired), read_only=read_only, on_wait=tell) as session:
            yield session

    @property
    def metadata_cache(self) -> Path:
        """Where confirmed metadata is kept between runs."""
        return self.workspace.working / "metadata"

    def close(self) -> None:
        """Stops what was started."""
        self._stack.close()

    def start(self, wanted: list[DesiredEnvironment]) -> None:
        """Starts the embedded Dataverse when one of the environments lives there; once for all of them."""
        if self._embedded is None and any(desired.connection.emulator for desired in wanted):
            self._embedded = self._stack.enter_context(embedded(self.workspace, self.catalog))

    def _endpoint(self, desired: DesiredEnvironment) -> Endpoint:
        if desired.connection.emulator is None:
            return endpoint_for(desired, variables=self.variables, allowed_hosts=self.allowed_hosts)
        server = self._embedded
        if server is None:
            raise AssertionError("start() comes before session()")
        return Endpoint(
            environment=desired.name,
            url=server.url(desired.connection.emulator),
            authority=server.authority,
            credential=ClientSecret(server.tenant_id, server.client_id, Secret(server.client_secret)),
            ca_file=server.ca_file,
            trusted_host=True,
        )


def embedded(workspace: Workspace, catalog: Catalog) -> EmbeddedDataverse:
    """The embedded Dataverse of this workspace, not yet started: state in `.rictl/`, organizations from `environments/_emulator/`."""
    from reconciler.emulator.domain import build_domain
    from reconciler.emulator.server import EmbeddedDataverse

    workspace.working.mkdir(parents=True, exist_ok=True)
    domain = build_domain(catalog, workspace.scenarios)
    return EmbeddedDataverse(workspace.state_file, domain=domain, catalog=catalog)
