"""Times whole processes in turn (A B A B ...) and turns them into the median of the ratios of the same round."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result. Seconds are medians; the ratio is the median of the rounds' ratios, for machines drift."""

    name: str
    against: str
    ours: float
    theirs: float
    ratio: float
    rounds: int

    def __str__(self) -> str:
        return (
            f"RATIO {self.ratio:8.3f}  {self.name} ({self.ours:.3f} s) against {self.against} ({self.theirs:.3f} s), "
            f"median of {self.rounds} rounds"
        )


@dataclass(frozen=True, slots=True)
class Command:
    """A process to time. Anything but the expected exit code stops the measurement: a failure is quickly done."""

    name: str
    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    exit_code: int = 0

    def seconds(self) -> float:
        """Runs it once and returns the wall time."""
        start = time.perf_counter()
        done = subprocess.run(self.words, cwd=self.folder, env=dict(self.environment), capture_output=True, check=False)
        elapsed = time.perf_counter() - start
        if done.returncode != self.exit_code:
            sys.stderr.buffer.write(done.stdout[-2000:] + done.stderr[-2000:])
            raise SystemExit(f"{self.name} exited {done.returncode}, expected {self.exit_code}")
        return elapsed


def compare(ours: Command, theirs: Command, *, rounds: int) -> Figure:
    """One warm-up of each, then `rounds` rounds in turn."""
    ours.seconds()
    theirs.seconds()
    pairs = [(ours.seconds(), theirs.seconds()) for _ in range(rounds)]
    return Figure(
        ours.name,
        theirs.name,
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
        rounds,
    )
