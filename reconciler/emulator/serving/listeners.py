"""Runs ASGI applications under uvicorn in a thread, each on its own loopback port. Touches sockets."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from reconciler.emulator.serving.connections import Connections

_START_SECONDS = 20.0
_DRAIN_TURNS = 200


@dataclass(frozen=True, slots=True)
class Listener:
    """One application on one bound socket, with TLS or without."""

    application: Starlette
    bound: socket.socket
    connections: Connections
    tls: ssl.SSLContext | None = None


class _Server(uvicorn.Server):
    """uvicorn without its clock ticks: it starts at once, waits for nothing but the end, and ends at once."""

    def __init__(self, listener: Listener, ready: threading.Event) -> None:
        super().__init__(_config(listener))
        listener.connections.watch(self.server_state.connections)
        self._ready = ready
        self.ending = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        await self.ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(_DRAIN_TURNS):
            if not self.server_state.tasks:
                break
            await asyncio.sleep(0.001)
        # A client that keeps a TLS connection open would be waited for; the transport is the protocol's own.
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        for _ in range(_DRAIN_TURNS):
            if not self.server_state.connections:
                break
            await asyncio.sleep(0)
        for bound in sockets or []:
            bound.close()


class Listeners:
    """Several listeners in one thread with one event loop, so that the store is used by one thread only."""

    def __init__(self, listeners: list[Listener]) -> None:
        self._listeners = listeners
        self._ready = [threading.Event() for _ in listeners]
        self._servers: list[_Server] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="embedded-dataverse", daemon=True)

    def start(self) -> None:
        """Returns when every listener answers."""
        self._thread.start()
        for ready in self._ready:
            if not ready.wait(_START_SECONDS) or self._failure is not None:
                raise RuntimeError("the embedded Dataverse did not start") from self._failure

    def stop(self) -> None:
        """Closes the ports and ends the thread."""
        loop = self._loop
        if loop is not None and self._thread.is_alive():
            loop.call_soon_threadsafe(self._end)
        self._thread.join(_START_SECONDS)

    def _end(self) -> None:
        for server in self._servers:
            server.ending.set()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            for ready in self._ready:
                ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._servers = [_Server(listener, ready) for listener, ready in zip(self._listeners, self._ready, strict=True)]
        await asyncio.gather(*(s.serve(sockets=[listener.bound]) for s, listener in zip(self._servers, self._listeners, strict=True)))


def bound_socket(port: int) -> socket.socket:
    """A listening-ready socket on the loopback address; port 0 takes a free one. OSError when the port is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.bind(("127.0.0.1", port))
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound


def _config(listener: Listener) -> uvicorn.Config:
    config = uvicorn.Config(
        listener.application,
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=60,
        h11_max_incomplete_event_size=128 * 1024,
    )
    config.load()
    config.ssl = listener.tls
    return config
