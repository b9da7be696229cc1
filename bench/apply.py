"""Times an apply with its journal against the bytes of its own requests from a bare socket, and against itself without the journal."""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.emulator import BIN, ROOT, TOKEN, serving
from bench.measure import Command, Figure
from bench.replay import Recorder

NAME = "bench"
ROUNDS = 11
_IF_MATCH = re.compile(rb"(?im)^if-match: [^\r\n]*")
_ORGANIZATION = {
    "friendlyName": "Bench",
    "activation": {"seconds": 0},
    "limits": {"requests": 1000000, "executionSeconds": 1000000},
    "forms": [{"table": "lead", "name": "Contoso Lead", "builtin": "contoso_lead"}],
}


def safety(folder: Path) -> Iterator[Figure]:
    """A change of one weight and one form: read twice, planned twice, written, published, read back, recorded."""
    (folder / f"{NAME}.yaml").write_text(json.dumps(_ORGANIZATION))
    (folder / "environments").mkdir()
    with serving(folder, NAME) as (port, _):
        recorder = Recorder(port)
        _apply(folder, recorder.port, 0, "--no-journal").seconds()
        recorder.requests.clear()
        _apply(folder, recorder.port, 1, "--no-journal").seconds()
        floor = _bare(folder, port, recorder.requests)
        wishes = iter(range(2, 1000))

        def ours(*words: str) -> Callable[[], float]:
            return lambda: _apply(folder, port, next(wishes), *words).seconds()

        yield _compare("rictl apply with its journal", ours(), floor.name, floor.seconds)
        yield _compare("rictl apply with its journal", ours(), "rictl apply --no-journal", ours("--no-journal"))


def _apply(folder: Path, port: int, number: int, *words: str) -> Command:
    """An apply that has something to do: each number wishes something else than the one before."""
    environment = {
        "apiVersion": "rictl/v1",
        "kind": "Environment",
        "metadata": {"name": NAME},
        "accept": ["inferred-activation-by-patch", "inferred-options-table", "inferred-widget-xml"],
        "connection": {"url": f"http://127.0.0.1:{port}/{NAME}"},
        "relationshipIntelligence": {"relationshipAnalytics": {"activityWeights": {"email": 3 + number % 7}}},
        "forms": [{"table": "lead", "form": "Contoso Lead", "widgets": [{"widget": "who-knows-whom", "rows": 3 + number % 7}]}],
    }
    (folder / "environments" / f"{NAME}.yaml").write_text(json.dumps(environment))
    line = [str(BIN / "rictl"), "apply", NAME, "--auto-approve", "--allow-host", "127.0.0.1", *words]
    variables = {"PATH": f"{BIN}:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "RICTL_ACCESS_TOKEN": TOKEN}
    return Command("rictl apply", line, folder, variables)


def _bare(folder: Path, port: int, requests: list[bytes]) -> Command:
    """The same bytes again; only the versions of rows are not asked for, for they are others each time."""
    files = []
    for number, request in enumerate(requests):
        file = folder / f"request-{number}"
        file.write_bytes(_IF_MATCH.sub(b"If-Match: *", request))
        files.append(str(file))
    words = [sys.executable, "-I", str(ROOT / "bench" / "replay.py"), str(port), *files]
    return Command(f"its {len(files)} bare HTTP requests", words, folder, {})


def _compare(name: str, ours: Callable[[], float], against: str, theirs: Callable[[], float]) -> Figure:
    """One warm-up of each, then the rounds in turn."""
    ours()
    theirs()
    pairs = [(ours(), theirs()) for _ in range(ROUNDS)]
    middle = [statistics.median(pair[side] for pair in pairs) for side in (0, 1)]
    return Figure(name, against, middle[0], middle[1], statistics.median(a / b for a, b in pairs), ROUNDS)
