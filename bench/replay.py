"""Records the bytes that a client sends to a server, and sends them again from a bare socket: the floor of any client."""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path


class Recorder:
    """A loopback proxy in front of `port` that keeps what the client sends, exchange by exchange (one request at a time)."""

    def __init__(self, port: int) -> None:
        self.upstream = port
        self.requests: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self.upstream)) as server:
            while request := message(client):
                # A batch names its host in every part. Both ports have five digits, so no length changes.
                request = request.replace(f"127.0.0.1:{self.port}".encode(), f"127.0.0.1:{self.upstream}".encode())
                self.requests.append(request)
                server.sendall(request)
                client.sendall(message(server))


def message(connection: socket.socket) -> bytes:
    """One whole HTTP message with a Content-Length or none; empty at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def main() -> None:
    """`replay.py PORT FILE...`: sends each file's bytes over one connection and reads each answer."""
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for name in sys.argv[2:]:
            connection.sendall(Path(name).read_bytes())
            if not message(connection).startswith(b"HTTP/1.1 2"):
                sys.exit(1)


if __name__ == "__main__":
    main()
