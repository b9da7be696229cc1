"""Touches 2,000 organizations of one served emulator, made from one scenario: how long the first touch takes, and what it costs to keep."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from bench.emulator import TOKEN, serving

COPIES = 2000
STAGES = (1, 100, COPIES)
_SCENARIO = f"friendlyName: Fleet\nhost: fleet.crm4.dynamics.com\ncopies: {COPIES}\n"
_READS = ("organizations?$select=name", "systemforms?$select=name,formxml", "roles?$select=name", "systemusers?$select=fullname")
_PLENTY = 1024 * 1024


def many(folder: Path) -> Iterator[str]:
    """One line for starting, and one for each number of touched organizations."""
    (folder / "fleet.yaml").write_text(_SCENARIO)
    start = time.perf_counter()
    with serving(folder) as (port, process):
        yield f"FIGURE  emulator: starts with {COPIES:,} organizations in {time.perf_counter() - start:.2f} s"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        took: list[float] = []
        idle = resident(process)
        for number in range(1, COPIES + 1):
            took.append(_touch(connection, f"fleet-{number:04}"))
            if number in STAGES:
                yield _stage(took, resident(process), idle, _size(folder))
        connection.close()


def _touch(connection: http.client.HTTPConnection, organization: str) -> float:
    """Seconds of the first request; then reads as a client would, so that the emulator has reason to remember."""
    seconds = []
    for path in _READS:
        start = time.perf_counter()
        connection.request("GET", f"/{organization}/api/data/v9.2/{path}", headers={"Authorization": f"Bearer {TOKEN}"})
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - start)
        if answer.status != 200:
            raise SystemExit(f"{organization}: {answer.status}")
    return seconds[0]


def _stage(took: list[float], now: int, idle: int, size: int) -> str:
    count = len(took)
    each = max(1, now - idle) / count
    return (
        f"FIGURE  emulator: {count:,} organization(s) touched: first request {statistics.median(took) * 1000:.1f} ms (the slowest "
        f"{max(took) * 1000:.0f} ms), memory {now / 1024:.0f} MiB ({each:.0f} KiB each, {_PLENTY / each:,.0f} for a GiB), "
        f"state file {size / count / 1024:.0f} KiB each"
    )


def resident(process: int) -> int:
    """The memory of a process in KiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("state.sqlite*"))
