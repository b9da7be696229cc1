"""Loads the embedded Dataverse from a second process, in turn with a server that only sends the same bytes."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import Sent, Speed, speed

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
TOKEN = "bench-token"
API = "/bench/api/data/v9.2"
ROWS = 1000
ROUNDS = 5
SECONDS = 2.0
_UNLIMITED = "friendlyName: Bench\nlimits: {requests: 1000000, executionSeconds: 1000000}\n"
_FRAMED = {"content-length", "connection", "transfer-encoding"}


@contextmanager
def serving(folder: Path, *organizations: str) -> Iterator[tuple[int, int]]:
    """A served emulator with its state in that folder: its port and its process id."""
    named = [word for name in organizations for word in ("--organization", name)]
    words = [str(BIN / "rictl"), "emulator", "serve", "--state", str(folder / "state.sqlite"), "--token", TOKEN, *named]
    with _process([*words, "--scenarios", str(folder)], folder, "/api/data/") as found:
        yield found


@contextmanager
def _process(words: list[str], folder: Path, mark: str) -> Iterator[tuple[int, int]]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            for line in process.stdout or ():
                if "http://127.0.0.1:" in line and mark in line:
                    yield int(line.split("http://127.0.0.1:")[1].split("/")[0]), process.pid
                    return
            raise SystemExit("the server did not start")
        finally:
            process.kill()


def asked(port: int, sent: Sent) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(sent.method, sent.target, sent.body.encode() or None, dict(sent.headers))
    answer = connection.getresponse()
    told = answer.status, dict(answer.getheaders()), answer.read().decode()
    connection.close()
    if told[0] >= 300:
        raise SystemExit(f"{sent.name}: {told}")
    return told


def batch(parts: list[tuple[str, str, str]]) -> tuple[dict[str, str], str]:
    """Headers and body of a $batch of (method, address, JSON) in one change set, or of plain reads."""
    writes = any(method != "GET" for method, _, _ in parts)
    boundary = "changeset_1" if writes else "batch_1"
    text = "".join(
        f"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {number}\r\n\r\n"
        f"{method} {API}/{address} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n"
        for number, (method, address, body) in enumerate(parts, 1)
    )
    text += f"--{boundary}--\r\n"
    if writes:
        text = f"--batch_1\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n\r\n{text}--batch_1--\r\n"
    return {"Content-Type": "multipart/mixed; boundary=batch_1"}, text


def requests(port: int) -> list[Sent]:
    """Fills the table and returns what is measured."""
    signed = {"Authorization": f"Bearer {TOKEN}"}
    rows = [{"name": f"Account {number:04}", "numberofemployees": number} for number in range(ROWS)]
    headers, text = batch([("POST", "accounts", json.dumps(row)) for row in rows])
    asked(port, Sent("filling", "POST", f"{API}/$batch", {**signed, **headers}, text))
    first = json.loads(asked(port, Sent("first", "GET", f"{API}/accounts?$top=1&$select=name", signed))[2])["value"][0]
    row, json_body = f"{API}/accounts({first['accountid']})", {**signed, "Content-Type": "application/json"}
    headers, text = batch([("GET", f"accounts({first['accountid']})?$select=name", "") for _ in range(10)])
    found = "numberofemployees%20ge%20500%20and%20contains(name,'7')"
    return [
        Sent("one row by its id", "GET", f"{row}?$select=name,numberofemployees", signed),
        Sent("list of 50 rows", "GET", f"{API}/accounts?$select=name,numberofemployees&$top=50", signed),
        Sent(f"$filter over {ROWS:,} rows", "GET", f"{API}/accounts?$select=name&$filter={found}&$top=50", signed),
        Sent("PATCH with If-Match", "PATCH", row, {**json_body, "If-Match": "*"}, '{"numberofemployees": 7}'),
        Sent("$batch of 10 reads", "POST", f"{API}/$batch", {**signed, **headers}, text),
    ]


def median(speeds: list[Speed]) -> Speed:
    """The median of each measure."""
    return Speed(*(statistics.median(getattr(one, name) for one in speeds) for name in ("rate", "p50", "p99")))


def throughput(folder: Path) -> Iterator[str]:
    """One line a request: its rate as a ratio to the rate at which the same server sends the same bytes."""
    (folder / "bench.yaml").write_text(_UNLIMITED)
    with serving(folder, "bench") as (port, _):
        measured = requests(port)
        stored = {}
        for sent in measured:
            status, headers, body = asked(port, sent)
            stored[f"{sent.method} {sent.target}"] = [status, {k: v for k, v in headers.items() if k.lower() not in _FRAMED}, body]
        file = folder / "stored.json"
        file.write_text(json.dumps(stored))
        with _process([sys.executable, "-m", "bench.bare", str(file)], folder, "") as (bare_port, _):
            for sent in measured:
                yield _compared(sent, port, bare_port, folder)


def _compared(sent: Sent, port: int, bare_port: int, folder: Path) -> str:
    speed(sent, port, 0.5, folder)
    pairs = [(speed(sent, port, SECONDS, folder), speed(sent, bare_port, SECONDS, folder)) for _ in range(ROUNDS)]
    ours, bare = median([a for a, _ in pairs]), median([b for _, b in pairs])
    ratio = statistics.median(b.rate / a.rate for a, b in pairs)
    return (
        f"RATIO {ratio:8.3f}  emulator: {sent.name} ({ours.rate:.0f}/s, p50 {ours.p50:.1f} ms, p99 {ours.p99:.1f} ms) against the same "
        f"bytes from a bare route ({bare.rate:.0f}/s, p50 {bare.p50:.1f} ms, p99 {bare.p99:.1f} ms), median of {ROUNDS} rounds"
    )
