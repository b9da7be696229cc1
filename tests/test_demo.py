"""`make demo` tells its story to the end, and says what it promises to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_demo_tells_its_whole_story() -> None:
    told = subprocess.run([sys.executable, "examples/demo.py"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    assert told.stdout.count("\n$ rictl ") == 9
    for said in (
        "4 environments and 1 baseline are valid.",
        "Apply: 4 of 4 environments converged.",
        "Plan: no changes in 4 environments",
        "last written by Ana Pop",
        "refused: consent-not-given",
        "That is all.",
    ):
        assert said in told.stdout
