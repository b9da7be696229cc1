"""Runs `rictl emulator serve` as a process of its own and reads where it answers from what it prints."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RICTL = ROOT / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "rictl"
TOKEN = "a-token-for-clients"
"""Accepted by every server of this suite, as the application user."""


@dataclass(frozen=True)
class Served:
    """Where a running emulator answers; everything here stood in its own printed summary."""

    root: str
    authority: str
    tenant: str
    client_id: str
    secret: str
    certificate: Path

    def url(self, organization: str) -> str:
        return f"{self.root}/{organization}"

    def scope(self, organization: str | None = None) -> str:
        return f"{self.root}/{organization}/.default" if organization else f"{self.root}/.default"


@contextmanager
def serving(folder: Path, organizations: tuple[str, ...], *options: str) -> Iterator[Served]:
    """A process that serves those organizations, each the standard one, from a state file in `folder`."""
    (folder / "environments").mkdir(exist_ok=True)
    named = [word for name in organizations for word in ("--organization", name)]
    words = [str(RICTL), "emulator", "serve", "--state", str(folder / "emulator.sqlite"), "--token", TOKEN, *named, *options]
    # Proxies of the machine have no business on the loopback address.
    surroundings = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True, env=surroundings)
    try:
        yield _read(process, folder)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def _read(process: subprocess.Popen[str], folder: Path) -> Served:
    said, lines = {}, []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        found = re.fullmatch(r"  (\S.*?) {2,}(\S+)\n", line)
        if found:
            said[found[1]] = found[2]
        if line.startswith("  clock and more"):
            break
    assert "trust" in said, f"the emulator said only: {''.join(lines)}"
    authority, _, tenant = said["authority"].rpartition("/")
    root = said["scope"].removesuffix("/.default")
    return Served(root, authority, tenant, said["client id"], said["client secret"], folder / said["trust"])
