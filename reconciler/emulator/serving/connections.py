"""Ends the connection on which a request came, in the ways in which networks do. Touches sockets."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from typing import Any

from starlette.types import Scope

_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER with a time of 0: closing sends RST in place of FIN."""


class Connections:
    """The connections of one listener. Works from its own thread only."""

    def __init__(self) -> None:
        self._open: Iterable[Any] = ()

    def watch(self, connections: Iterable[Any]) -> None:
        """Takes the server's own, living collection of its protocol instances."""
        self._open = connections

    def cut(self, scope: Scope) -> None:
        """Closes without an answer; what was not sent yet is lost. The client sees an orderly end in the wrong place."""
        for connection in self._of(scope):
            connection.transport.abort()

    def reset(self, scope: Scope) -> None:
        """As `cut`, but the client sees the connection reset (RST)."""
        for connection in self._of(scope):
            connection.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            connection.transport.abort()

    def end(self, scope: Scope) -> None:
        """Closes when everything that was written is sent."""
        for connection in self._of(scope):
            connection.transport.close()

    def _of(self, scope: Scope) -> list[Any]:
        # A connection is known by the client's address and port: uvicorn hands an application nothing else of it.
        return [connection for connection in self._open if connection.client == scope["client"]]
