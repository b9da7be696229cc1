"""What becomes of a journal that is cut, altered, short of room, shared or misplaced."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.model.digest import canonical
from reconciler.model.journal import Damage, Ended, Line, PublishIntent, Recovered
from reconciler.model.packed import packed, unpacked
from reconciler.rollout.errors import JournalFailed
from reconciler.rollout.journal_file import read_journal
from reconciler.rollout.journal_lines import LONGEST_LINE, hash_of, line_text, read_lines
from tests.rollout.journals import BEGUN, RUN, START, journal, written

LATER = "20261123-110000-bbbbbb"


def test_what_is_recorded_is_read_again_entry_for_entry(tmp_path: Path) -> None:
    written(tmp_path)

    read = read_journal(tmp_path, "contoso")

    assert [line.entry for line in read.lines] == list(RUN)
    assert (read.damage, read.cut) == (None, False)
    assert [line.seq for line in read.lines] == list(range(1, len(RUN) + 1))
    assert {line.at for line in read.lines} == {START}


def test_folder_and_file_are_for_their_owner_only(tmp_path: Path) -> None:
    path = written(tmp_path / "journal")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_entry_is_on_disk_when_record_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def watched(file: int) -> None:
        synced.append(os.fstat(file).st_size if stat.S_ISREG(os.fstat(file).st_mode) else -1)
        real(file)

    monkeypatch.setattr(os, "fsync", watched)
    path = written(tmp_path, (BEGUN, Ended("converged")))

    sizes = [len(line) for line in path.read_bytes().splitlines(keepends=True)]
    assert synced == [-1, sizes[0], sum(sizes)]


def test_a_cut_last_line_is_told_and_the_next_run_goes_on_after_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])

    cut = read_journal(tmp_path, "contoso")
    journal(tmp_path, LATER).record(BEGUN)
    read = read_journal(tmp_path, "contoso")

    assert (len(cut.lines), cut.cut, cut.damage) == (len(RUN) - 1, True, None)
    assert path.read_bytes().startswith(whole[:-9] + b"\n")
    assert (read.cut, read.damage) == (False, None)
    recovered = read.lines[-2]
    last = whole.splitlines()[-1]
    assert isinstance(recovered.entry, Recovered)
    assert (recovered.seq, recovered.entry.cut_bytes) == (len(RUN) + 1, len(last) - 8)
    assert (read.lines[-1].run, read.lines[-1].entry) == (LATER, BEGUN)


@pytest.mark.parametrize("left", [0, 1, 200])
def test_a_journal_that_was_cut_in_its_first_line_goes_on(tmp_path: Path, left: int) -> None:
    path = written(tmp_path, (BEGUN,))
    path.write_bytes(path.read_bytes()[:left])

    journal(tmp_path, LATER).record(BEGUN)

    read = read_journal(tmp_path, "contoso")
    assert ([line.entry for line in read.lines][-1:], read.damage) == ([BEGUN], None)


def test_a_complete_line_without_its_newline_is_not_trusted(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])

    read = read_journal(tmp_path, "contoso")

    assert (len(read.lines), read.cut) == (len(RUN) - 1, True)


WHOLE = b""
PREVIOUS = "0" * 64
for _number, _entry in enumerate(RUN, start=1):
    _raw = line_text(Line(_number, "20261123-100211-aaaaaa", START, PREVIOUS, _entry))
    WHOLE += _raw
    PREVIOUS = str(json.loads(_raw)["hash"])
LINES = WHOLE.splitlines(keepends=True)


def test_a_flipped_bit_is_found_at_every_byte() -> None:
    trusted = [line.entry for line in read_lines("contoso", LINES).lines]
    assert trusted == list(RUN)
    for number, line in enumerate(LINES, start=1):
        for index in range(len(line)):
            flipped = line[:index] + bytes([line[index] ^ (1 << (index + number) % 8)]) + line[index + 1 :]
            raws = [*LINES[: number - 1], *flipped.splitlines(keepends=True), *LINES[number:]]
            if not flipped.endswith(b"\n") and number < len(LINES):
                raws[number - 1 : number + 1] = [flipped + LINES[number]]
            read = read_lines("contoso", raws)
            assert [line.entry for line in read.lines] == trusted[: number - 1], (number, index)
            assert read.cut or (read.damage is not None and read.damage.line == number), (number, index)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_edit_of_the_bytes_goes_unnoticed(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    end = data.draw(st.integers(start, min(len(WHOLE), start + 40)))
    changed = WHOLE[:start] + data.draw(st.binary(max_size=40)) + WHOLE[end:]

    read = read_lines("contoso", changed.splitlines(keepends=True) if b"\r" not in changed else [changed])

    assert [line.entry for line in read.lines] == list(RUN[: len(read.lines)])
    # A journal without its last lines is a journal: only who kept its last hash elsewhere can tell.
    assert changed == WHOLE or read.cut or read.damage is not None or WHOLE.startswith(changed)


def test_lines_that_are_exchanged_removed_or_repeated_are_found() -> None:
    for raws, line in (
        ([LINES[0], LINES[2], LINES[1], *LINES[3:]], 2),
        ([*LINES[:4], *LINES[5:]], 5),
        ([*LINES[:4], LINES[3], *LINES[4:]], 5),
        (LINES[1:], 1),
    ):
        assert read_lines("contoso", raws).damage == Damage(line, "it does not follow the line before it")


def sealed(fields: dict[str, object]) -> bytes:
    """A line with a hash that fits, whatever it says."""
    import hashlib

    def spell(value: object) -> bytes:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

    body = {name: value for name, value in fields.items() if name != "hash"}
    return spell({**body, "hash": hashlib.sha256(spell(body)).hexdigest()}) + b"\n"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"entry": {"entry": "dreamt"}}, "it was written by another version of rictl, or is no entry of a journal"),
        ({"entry": [[[]]]}, "it was written by another version of rictl, or is no entry of a journal"),
        ({"format": 2}, "it has format 2, this rictl reads 1"),
    ],
)
def test_a_line_of_another_version_is_refused(change: dict[str, object], why: str) -> None:
    fields = json.loads(LINES[0])
    if "format" in change:
        change = {"entry": {**fields["entry"], **change}}

    assert read_lines("contoso", [sealed({**fields, **change}), *LINES[1:]]).damage == Damage(1, why)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"seq":1}', b"[" * 100_000, b'{"hash":"x"}', b"\xff\xfe"])
def test_what_is_no_line_has_no_hash(raw: bytes) -> None:
    assert hash_of(raw) is None


def test_a_line_without_a_number_has_no_hash() -> None:
    assert hash_of(sealed({"seq": "1"})[:-1]) is None


def test_a_damaged_last_line_is_not_continued(tmp_path: Path) -> None:
    path = written(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:-20] + b"x" + content[-19:])

    with pytest.raises(JournalFailed, match="not what was written there; it cannot be continued"):
        journal(tmp_path, LATER).record(BEGUN)

    assert len(path.read_bytes()) == len(content)
    assert read_journal(tmp_path, "contoso").damage == Damage(len(RUN), "it is not the line that was written")


def test_a_disk_that_is_full_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, limits[1]))
    try:
        with pytest.raises(JournalFailed, match=r"contoso\.jsonl cannot be written: File too large"):
            journal(tmp_path, LATER).record(BEGUN)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)

    assert path.read_bytes() == before
    journal(tmp_path, LATER).record(BEGUN)
    assert read_journal(tmp_path, "contoso").damage is None


def test_a_journal_is_no_link_and_no_folder_and_its_name_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "contoso.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(JournalFailed, match="cannot be written"):
        journal(tmp_path).record(BEGUN)
    with pytest.raises(JournalFailed, match="cannot be the name of a file"):
        journal(tmp_path, environment="../other").record(BEGUN)
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalFailed, match="cannot be written"):
        journal(tmp_path / "file").record(BEGUN)

    assert (tmp_path / "elsewhere").read_text() == "kept"


def test_a_lock_that_is_never_released_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, (BEGUN,))
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(JournalFailed, match=r"another process has held the journal .* for 0\.02 s"):
            journal(tmp_path, patience=0.02).record(BEGUN)


WRITER = """
import sys
from pathlib import Path
from reconciler.model.journal import PublishIntent
from reconciler.rollout.journal_file import JournalFile
made = JournalFile(Path(sys.argv[1]), "contoso", sys.argv[2])
for number in range(60):
    made.record(PublishIntent(number, "lead" * (number % 7 * 300)))
"""


def test_processes_that_write_at_once_leave_one_whole_chain(tmp_path: Path) -> None:
    words = [sys.executable, "-c", WRITER, str(tmp_path)]
    root = Path(__file__).parent.parent.parent
    processes = [subprocess.Popen([*words, run], cwd=root) for run in ("one", "two", "three")]
    assert [process.wait(60) for process in processes] == [0, 0, 0]

    read = read_journal(tmp_path, "contoso")

    assert (read.damage, read.cut, len(read.lines)) == (None, False, 180)
    for run in ("one", "two", "three"):
        own = [line.entry for line in read.lines if line.run == run]
        assert [entry.step for entry in own if isinstance(entry, PublishIntent)] == list(range(60))


def test_an_environment_without_a_journal_has_no_runs(tmp_path: Path) -> None:
    assert read_journal(tmp_path, "contoso").lines == ()


def test_a_form_is_packed_and_unpacked_byte_for_byte() -> None:
    form = "<form>ș &amp; \r\n\t</form>".encode() * 9000

    assert unpacked(packed(form)) == form
    assert len(packed(form)) < len(form) / 50


@pytest.mark.parametrize("text", ["", "====", "bm90IHpsaWI=", packed(b"<form/>" * 900)[:-8], "ș"])
def test_what_was_not_packed_is_no_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacked(text)


def test_the_longest_line_holds_the_largest_form() -> None:
    incompressible = os.urandom(4 * 1024 * 1024)

    assert len(json.dumps(canonical(packed(incompressible)))) < LONGEST_LINE
