"""The embedded Dataverse as a context manager: a Web API and an Entra ID on two loopback ports. Touches sockets, threads and files."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.catalog.book import Catalog
from reconciler.emulator.context import Domain
from reconciler.emulator.control.desk import Control
from reconciler.emulator.control.instruments import Instruments
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.certificates import certificates_beside
from reconciler.emulator.identity.entra import EntraId
from reconciler.emulator.identity.tokens import APPLICATION, CLIENT_ID, CLIENT_SECRET, TENANT_ID, Tokens
from reconciler.emulator.serving.applications import WebListener, entra_application
from reconciler.emulator.serving.listeners import Listener, Listeners, bound_socket
from reconciler.emulator.serving.request_log import LoggedRequest, RequestLog
from reconciler.emulator.storage.clock import VirtualClock
from reconciler.emulator.storage.store import Store
from reconciler.emulator.web_api import WebApi

__all__ = ["EmbeddedDataverse", "LoggedRequest"]


class EmbeddedDataverse:
    """Serves from construction to `close` (or the end of a `with`). Several may share a state file, also across processes.

    state           SQLite file; made when absent. The authority's certificate is written beside it
    port            of the Web API; 0 takes a free one. `entra_port` likewise
    token           a bearer token that is always accepted, as the application user
    organization    the one that answers at /api/data/v9.2/ without a name in the path
    tls             serve the Web API over TLS too, with the certificate of the authority, for clients that refuse plain http
    """

    tenant_id = TENANT_ID
    client_id = CLIENT_ID
    client_secret = CLIENT_SECRET

    def __init__(
        self,
        state: Path,
        *,
        domain: Domain,
        catalog: Catalog,
        port: int = 0,
        entra_port: int = 0,
        token: str | None = None,
        organization: str | None = None,
        tls: bool = False,
    ) -> None:
        sockets = [bound_socket(port)]
        try:
            sockets.append(bound_socket(entra_port))
            self._store = Store(state, dict(domain.tables))
            # The listeners' thread has the other connection to itself.
            self._own_store = Store(state)
        except BaseException:
            for bound in sockets:
                bound.close()
            raise
        web_port, entra_port = (bound.getsockname()[1] for bound in sockets)
        self.root = f"{'https' if tls else 'http'}://127.0.0.1:{web_port}"
        self.authority = f"https://127.0.0.1:{entra_port}"
        self.clock = VirtualClock(self._own_store)
        clock = VirtualClock(self._store)
        self._log = RequestLog()
        self._tokens = Tokens(self._store.setting_or_first("token_key", secrets.token_hex(32)))
        certificates = certificates_beside(self._store, dt.datetime.now(dt.UTC))
        self.ca_file = certificates.authority
        api = WebApi(self._store, clock, domain, catalog, self._log)
        web = WebListener(
            api=api,
            control=Control(Instruments(self._store, clock, api, self._tokens, self._log, self.root)),
            tokens=self._tokens,
            clock=clock,
            domain=domain,
            root=self.root,
            authority=self.authority,
            fixed_token=token,
            organization=organization,
        )
        entra = entra_application(EntraId(self.authority, self._tokens), self._log)
        context = certificates.context()
        self._listeners = Listeners([Listener(web.application(), sockets[0], context if tls else None), Listener(entra, sockets[1], context)])
        self._listeners.start()

    def url(self, organization: str) -> str:
        """The address of an organization; clients append /api/data/v9.2/ themselves."""
        return f"{self.root}/{organization}"

    def token(self, user: str | None = None) -> str:
        """A bearer token for the application user, or for the person of that full name (made a System Administrator on demand)."""
        return self._tokens.issue(self.root, Identity(user, None) if user else APPLICATION)

    @property
    def requests(self) -> list[LoggedRequest]:
        """What was asked since the start or the last `clear_requests`, in order; those for Entra ID have no organization."""
        return self._log.entries()

    def clear_requests(self) -> None:
        """Empties the log."""
        self._log.clear()

    def close(self) -> None:
        """Stops serving; the state stays in the file. May be called twice."""
        self._listeners.stop()
        self._store.close()
        self._own_store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
