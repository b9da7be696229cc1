"""The embedded Dataverse as a context manager: a Web API and an Entra ID on two loopback ports. Touches sockets, threads and files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from reconciler.catalog.book import Catalog
from reconciler.emulator.assembly import Assembly
from reconciler.emulator.context import Domain
from reconciler.emulator.domain.identity import TENANT_ID
from reconciler.emulator.faults.fault import Effect, fault_of
from reconciler.emulator.faults.shelf import FaultShelf
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.certificates import certificates_beside
from reconciler.emulator.identity.directory import Directory
from reconciler.emulator.identity.keys import SigningKey, new_key
from reconciler.emulator.identity.tokens import APPLICATION, CLIENT_ID, CLIENT_SECRET, Tokens
from reconciler.emulator.identity.workloads import issuer_of
from reconciler.emulator.serving.listeners import bound_socket
from reconciler.emulator.serving.request_log import LoggedRequest, RequestLog
from reconciler.emulator.storage.clock import VirtualClock
from reconciler.emulator.storage.store import Store

__all__ = ["EmbeddedDataverse", "LoggedRequest"]


class EmbeddedDataverse:
    """Serves from construction to `close` (or the end of a `with`). Several may share a state file, also across processes.

    state           SQLite file; made when absent. The authority's certificate is written beside it
    port            of the Web API; 0 takes a free one. `entra_port` likewise
    token           a bearer token that is always accepted, as the application user
    organization    the one that answers at /api/data/v9.2/ without a name in the path
    organizations   named on the list of settings pages before anybody asked for them
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
        organizations: tuple[str, ...] = (),
    ) -> None:
        sockets = [bound_socket(port)]
        try:
            sockets.append(bound_socket(entra_port))
            self._store = Store(state, dict(domain.tables), domain.computed)
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
        self._faults, self._log = FaultShelf(self._own_store), RequestLog()
        key = SigningKey(self._store.setting_or_first("signing_key", new_key()))
        # Each thread reads the rules of signing in over a connection of its own.
        self._tokens = Tokens(key, lambda: Directory(self._own_store, issuer_of(self.root)).rules().token_seconds)
        certificates = certificates_beside(self._store, dt.datetime.now(dt.UTC))
        self.ca_file = certificates.authority
        assembly = Assembly(
            store=self._store,
            log=self._log,
            key=key,
            certificates=certificates,
            domain=domain,
            catalog=catalog,
            root=self.root,
            authority=self.authority,
            fixed_token=token,
            organization=organization,
            organizations=organizations,
        )
        self._listeners = assembly.listeners(*sockets)
        self._listeners.start()

    def url(self, organization: str) -> str:
        """The address of an organization; clients append /api/data/v9.2/ themselves."""
        return f"{self.root}/{organization}"

    def token(self, user: str | None = None) -> str:
        """A bearer token for the application user, or for the person of that full name (made a System Administrator on demand)."""
        return self._tokens.issue(self.root, Identity(user, None) if user else APPLICATION)

    def fault(self, effect: Effect, **how: Any) -> str:
        """Makes something go wrong for requests to come, and returns the id of that fault; `how` as the fields of `Fault`.

        One request, unless `count` says otherwise (None: every one). ValueError says what is wrong with the fault.
        """
        return self._faults.add(fault_of({"effect": effect, **how})).id

    def clear_faults(self) -> None:
        """Lets everything go well again."""
        self._faults.clear()

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
