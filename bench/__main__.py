"""`python -m bench`: prints the figures of the README. Nothing is kept: peers and floors run beside the product, in turn."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.apply import safety
from bench.emulator import throughput
from bench.fleet import write_fleet
from bench.forms import placing
from bench.measure import Command, Figure, compare
from bench.organizations import many
from bench.replay import Recorder
from bench.report import reports

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
TOKEN = "bench-token"
ENVIRONMENT = "contoso-test"
PLAIN = {"PATH": os.environ["PATH"], "NO_COLOR": "1"}


def startup(folder: Path) -> Figure:
    """Cold `rictl --version` against an interpreter that does nothing."""
    ours = Command("rictl --version", [str(BIN / "rictl"), "--version"], folder, PLAIN)
    floor = Command("python -c pass", [sys.executable, "-c", "pass"], folder, PLAIN)
    return compare(ours, floor, rounds=21)


def validate(folder: Path) -> Figure:
    """`rictl validate` of 1,000 files against check-jsonschema, with the same schema on the same files."""
    paths = write_fleet(folder / "fleet", 1000)
    ours = Command("rictl validate, 1,000 files", [str(BIN / "rictl"), "validate"], folder / "fleet", PLAIN)
    schema = str(ROOT / "schemas" / "environment.schema.json")
    words = [str(BIN / "check-jsonschema"), "--no-cache", "--schemafile", schema, *map(str, paths)]
    return compare(ours, Command("check-jsonschema", words, folder, PLAIN), rounds=3)


def plan(folder: Path) -> Figure:
    """`rictl plan` of the shipped test environment against the bytes of its own HTTP requests, sent by a bare socket.

    Both talk to the embedded Dataverse in a process of its own, with a ready bearer token and the metadata already cached.
    """
    shutil.copytree(ROOT / "environments", folder / "environments")
    path = folder / "environments" / f"{ENVIRONMENT}.yaml"
    text = path.read_text()
    words = [str(BIN / "rictl"), "emulator", "serve", "--port", "0", "--state", str(folder / "state.sqlite"), "--token", TOKEN]
    server = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True, env=PLAIN)
    try:
        port = port_of(server)
        recorder = Recorder(port)

        def command(through: int) -> Command:
            path.write_text(text.replace(f"emulator: {ENVIRONMENT}", f"url: http://127.0.0.1:{through}/{ENVIRONMENT}"))
            words = [str(BIN / "rictl"), "plan", ENVIRONMENT, "--allow-host", "127.0.0.1"]
            return Command("rictl plan, one environment", words, folder, {**PLAIN, "RICTL_ACCESS_TOKEN": TOKEN})

        command(recorder.port).seconds()
        recorder.requests.clear()
        command(recorder.port).seconds()
        files = []
        for number, request in enumerate(recorder.requests):
            file = folder / f"request-{number}"
            file.write_bytes(request)
            files.append(str(file))
        floor = [sys.executable, "-I", str(ROOT / "bench" / "replay.py"), str(port), *files]
        return compare(command(port), Command(f"its {len(files)} bare HTTP request(s)", floor, folder, PLAIN), rounds=11)
    finally:
        server.terminate()
        server.wait(10)


def port_of(server: subprocess.Popen[str]) -> int:
    """The port that the served emulator tells on its standard output, once it answers."""
    if server.stdout is None:
        raise SystemExit("the emulator has no output")
    for line in server.stdout:
        if "http://127.0.0.1:" in line:
            port = int(line.split("http://127.0.0.1:")[1].split("/")[0].split()[0])
            answers(port)
            return port
    raise SystemExit("the emulator did not start")


def answers(port: int) -> None:
    """Returns when the port speaks HTTP, for at most ten seconds."""
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/data/v9.2/", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return


def main() -> None:
    """Prints one line a figure."""
    with tempfile.TemporaryDirectory() as name:
        for figure in (startup, validate, plan):
            folder = Path(name) / figure.__name__
            folder.mkdir()
            print(figure(folder), flush=True)
    print(placing(), flush=True)
    for line in reports():
        print(line, flush=True)
    for lines in (safety, throughput, many):
        with tempfile.TemporaryDirectory() as name:
            for line in lines(Path(name)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
