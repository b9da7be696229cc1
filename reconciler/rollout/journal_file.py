"""Appends lines to the journal of an environment, each on disk before the call returns. Touches one file.

Several processes may write one file: each line is appended under a lock of its own, and names the line that is last by then.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.model.journal import FIRST_PREVIOUS, Entry, JournalReading, Line, Recovered
from reconciler.rollout.errors import JournalFailed
from reconciler.rollout.journal_lines import LONGEST_LINE, hash_of, line_text, read_lines

ENDING = ".jsonl"
LOCK_SECONDS = 10.0
"""A line takes milliseconds; a lock that is held longer belongs to a process that hangs."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_BLOCK = 64 * 1024


@dataclass(slots=True)
class JournalFile:
    """The journal of one environment, for one run. The folder and the file are made for their owner only."""

    folder: Path
    environment: str
    run: str
    now: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    patience: float = LOCK_SECONDS

    def record(self, entry: Entry) -> None:
        """Appends the entry. Raises JournalFailed, and then the file is as it was before."""
        path = path_of(self.folder, self.environment)
        try:
            with _locked(path, self.patience) as file:
                self._append(file, path, entry)
        except OSError as error:
            raise JournalFailed(
                f"the journal {path} cannot be written: {error.strerror or error}. "
                "What is not recorded is not written; make room, or name another folder with --journal"
            ) from None

    def _append(self, file: int, path: Path, entry: Entry) -> None:
        size = os.fstat(file).st_size
        last = _last_line(file, size)
        seq, previous = 0, FIRST_PREVIOUS
        if last and not last.endswith(b"\n"):
            seq, previous, size = self._recover(file, last, size)
        elif last:
            found = hash_of(last[:-1])
            if found is None:
                raise JournalFailed(
                    f"the last line of the journal {path} is not what was written there; it cannot be continued. "
                    "Keep the file for whoever asks what happened, move it away, and run again"
                )
            seq, previous = found
        _write(file, line_text(Line(seq + 1, self.run, self.now(), previous, entry)), size)

    def _recover(self, file: int, cut: bytes, size: int) -> tuple[int, str, int]:
        """Leaves the cut line as it is, and says so in the next one."""
        number = _count_lines(file, size)
        digest = hashlib.sha256(cut).hexdigest()
        line = line_text(Line(number + 1, self.run, self.now(), digest, Recovered(len(cut), digest)))
        _write(file, b"\n" + line, size)
        found = hash_of(line[:-1])
        if found is None:
            raise AssertionError("a line of ours has a hash")
        return found[0], found[1], size + 1 + len(line)


def path_of(folder: Path, environment: str) -> Path:
    """The file of an environment. Raises JournalFailed for a name that could lead elsewhere."""
    if not _NAME.fullmatch(environment):
        raise JournalFailed(f"{environment!a} cannot be the name of a file")
    return folder / f"{environment}{ENDING}"


def read_journal(folder: Path, environment: str) -> JournalReading:
    """What the journal of the environment holds, as far as it can be trusted; nothing when there is no file."""
    path = path_of(folder, environment)
    if not path.exists():
        return JournalReading(environment, ())
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return read_lines(environment, _raw_lines(file.readline))


def _raw_lines(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    # A line that is longer than any of ours arrives in pieces, and none of them is what was written.
    while raw := readline(LONGEST_LINE):
        yield raw


@contextmanager
def _locked(path: Path, patience: float) -> Iterator[int]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _lock(file, path, patience)
        if is_new:
            _flush_folder(path.parent)
        yield file
    finally:
        os.close(file)


def _lock(file: int, path: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise JournalFailed(f"another process has held the journal {path} for {patience:g} s; end it, then run again") from None
            time.sleep(0.005)
        else:
            return


def _flush_folder(folder: Path) -> None:
    # A new file is on disk only when its name is.
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _write(file: int, content: bytes, size: int) -> None:
    """Writes all of it to disk, or takes back what was written of it."""
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise


def _last_line(file: int, size: int) -> bytes:
    """The last line with its newline, or what there is of it; empty for an empty file."""
    found = b""
    position = size
    while position and b"\n" not in found[:-1] and len(found) < LONGEST_LINE:
        start = max(0, position - _BLOCK)
        found = os.pread(file, position - start, start) + found
        position = start
    return found[found.rfind(b"\n", 0, -1) + 1 :]


def _count_lines(file: int, size: int) -> int:
    """How many lines there are, a cut last one included."""
    newlines = sum(os.pread(file, _BLOCK, start).count(b"\n") for start in range(0, size, _BLOCK))
    return newlines + 1
