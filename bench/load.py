"""Sends one request over and over on kept-alive connections and tells how fast it was answered: by wrk where it is installed, else by
`python -m bench.load`, in a process of its own either way."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent; `target` is the path with its query."""

    name: str
    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def on_the_wire(self, port: int) -> bytes:
        """The request of HTTP/1.1."""
        length = {"Content-Length": str(len(self.body.encode()))} if self.body else {}
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in {**self.headers, **length}.items()]
        return "\r\n".join([*lines, "", self.body]).encode()


@dataclass(frozen=True, slots=True)
class Speed:
    """Requests per second, and how long one took in milliseconds: half of them less than `p50`, 99 of 100 less than `p99`."""

    rate: float
    p50: float
    p99: float


def speed(sent: Sent, port: int, seconds: float, folder: Path) -> Speed:
    """Loads the port for so long. Anything but 2xx stops the measurement: a refusal is quickly given."""
    return _by_wrk(sent, port, seconds, folder) if shutil.which("wrk") else _by_python(sent, port, seconds)


def _by_wrk(sent: Sent, port: int, seconds: float, folder: Path) -> Speed:
    script = folder / "request.lua"
    headers = "".join(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}\n" for name, value in sent.headers.items())
    body = f"wrk.body = {json.dumps(sent.body, ensure_ascii=False)}\n" if sent.body else ""
    script.write_bytes(f'wrk.method = "{sent.method}"\n{headers}{body}'.encode())
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--latency", "-s", str(script)]
    told = subprocess.run([*words, f"http://127.0.0.1:{port}{sent.target}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"{sent.name}: {told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    parts = {found[1]: _milliseconds(found[2]) for found in re.finditer(r"\b(50|99)%\s+([\d.]+[a-z]+)", told)}
    if rate is None:
        raise SystemExit(f"wrk said something else: {told}")
    return Speed(float(rate[1]), parts["50"], parts["99"])


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[unit]


def _by_python(sent: Sent, port: int, seconds: float) -> Speed:
    asked = json.dumps({"sent": asdict(sent), "port": port, "seconds": seconds})
    done = subprocess.run([sys.executable, "-m", "bench.load"], input=asked, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{sent.name}: {done.stderr[-2000:]}")
    return Speed(**json.loads(done.stdout))


class _Connection(asyncio.Protocol):
    """Sends the request again whenever the answer to it is whole."""

    def __init__(self, request: bytes, until: float, took: list[float]) -> None:
        self._request, self._until, self._took = request, until, took
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._send()

    def _send(self) -> None:
        self._received, self._wanted, self._start = bytearray(), -1, time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._wanted < 0 and (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._received[:end])
            if not head.startswith(b"HTTP/1.1 2"):
                self.ended.set_exception(RuntimeError(bytes(self._received).decode("utf-8", "replace")))
                self._transport.abort()
                return
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            self._wanted = end + 4 + (int(length[1]) if length else 0)
        if 0 <= self._wanted <= len(self._received):
            now = time.perf_counter()
            self._took.append(now - self._start)
            if now < self._until:
                self._send()
            else:
                self._transport.close()
                self.ended.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(error or ConnectionError("the server ended the connection"))


async def _load(sent: Sent, port: int, seconds: float) -> Speed:
    start = time.perf_counter()
    took: list[float] = []
    request = sent.on_the_wire(port)
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: _Connection(request, start + seconds, took), "127.0.0.1", port) for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(connection.ended for _, connection in pairs))
    elapsed = time.perf_counter() - start
    cuts = statistics.quantiles(took, n=100)
    return Speed(len(took) / elapsed, cuts[49] * 1000, cuts[98] * 1000)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(asdict(asyncio.run(_load(Sent(**asked["sent"]), asked["port"], asked["seconds"])))))
