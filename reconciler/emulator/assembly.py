"""Puts the two listeners of an embedded Dataverse together, on one store that is theirs alone. Touches the sockets it is given."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from reconciler.catalog.book import Catalog
from reconciler.emulator.context import Domain
from reconciler.emulator.control.desk import Control
from reconciler.emulator.control.instruments import Instruments
from reconciler.emulator.face.desk import Face
from reconciler.emulator.faults.shelf import FaultShelf
from reconciler.emulator.identity.certificates import Certificates
from reconciler.emulator.identity.directory import Directory
from reconciler.emulator.identity.entra.devices import Devices
from reconciler.emulator.identity.entra.entra_id import EntraId
from reconciler.emulator.identity.keys import SigningKey
from reconciler.emulator.identity.tokens import Tokens
from reconciler.emulator.identity.workloads import Workloads, issuer_of
from reconciler.emulator.protection.accounts import Accounts
from reconciler.emulator.serving.applications import WebListener, entra_application
from reconciler.emulator.serving.connections import Connections
from reconciler.emulator.serving.front_end import FrontEnd
from reconciler.emulator.serving.listeners import Listener, Listeners
from reconciler.emulator.serving.request_log import RequestLog
from reconciler.emulator.storage.clock import VirtualClock
from reconciler.emulator.storage.store import Store
from reconciler.emulator.web_api import WebApi


@dataclass(frozen=True, slots=True)
class Assembly:
    """What the listeners are made of. `root` and `authority` are the addresses of the two sockets; the rest as in EmbeddedDataverse."""

    store: Store
    log: RequestLog
    key: SigningKey
    certificates: Certificates
    domain: Domain
    catalog: Catalog
    root: str
    authority: str
    fixed_token: str | None
    organization: str | None
    organizations: tuple[str, ...]

    def listeners(self, web: socket.socket, entra: socket.socket) -> Listeners:
        """Both, not started yet; the Web API has TLS when its address says https."""
        faults = FaultShelf(self.store)
        web_front, entra_front = (FrontEnd(faults, Connections(), self.log) for _ in range(2))
        directory, devices = Directory(self.store, issuer_of(self.root)), Devices()
        tokens = Tokens(self.key, lambda: directory.rules().token_seconds)
        application = self._web(web_front, faults, tokens, directory, devices).application()
        sign_in = entra_application(EntraId(self.authority, tokens, directory, devices), entra_front)
        tls = self.certificates.context()
        return Listeners(
            [
                Listener(application, web, web_front.connections, tls if self.root.startswith("https:") else None),
                Listener(sign_in, entra, entra_front.connections, tls),
            ]
        )

    def _web(self, front_end: FrontEnd, faults: FaultShelf, tokens: Tokens, directory: Directory, devices: Devices) -> WebListener:
        clock, accounts = VirtualClock(self.store), Accounts()
        api = WebApi(self.store, clock, self.domain, self.catalog, self.log, faults)
        instruments = Instruments(self.store, clock, api, tokens, self.log, self.root, directory, devices, faults, accounts)
        return WebListener(
            api=api,
            front_end=front_end,
            accounts=accounts,
            control=Control(instruments),
            face=Face(instruments, self.catalog, self.organizations),
            workloads=Workloads(self.root, tokens),
            tokens=tokens,
            clock=clock,
            domain=self.domain,
            root=self.root,
            authority=self.authority,
            fixed_token=self.fixed_token,
            organization=self.organization,
        )
