"""Several processes on one state file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.emulator.storage.store import Store
from tests.emulator.toy import ToyDomain

OPENS = """
import sys
from pathlib import Path
from reconciler.emulator.storage.store import Store
print("ready", flush=True)
for line in sys.stdin:
    Store(Path(line.strip())).close()
    print("opened", flush=True)
"""


def test_processes_that_start_at_once_on_a_new_file_wait_for_each_other(tmp_path: Path) -> None:
    pipe = subprocess.PIPE
    processes = [subprocess.Popen([sys.executable, "-c", OPENS], stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    files = "".join(f"{tmp_path}/{number}.sqlite\n" for number in range(25))
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(files)
        process.stdin.flush()

    told = [process.communicate(timeout=60)[0] for process in processes]

    assert told == ["opened\n" * 25] * 4


def test_the_state_file_is_its_owners_alone(tmp_path: Path) -> None:
    Store(tmp_path / "s.sqlite").close()

    assert (tmp_path / "s.sqlite").stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    os.mkdir(tmp_path / "s.sqlite")

    with pytest.raises(OSError, match=r"s\.sqlite") as raised:
        Store(tmp_path / "s.sqlite")

    assert "remove it" not in str(raised.value)


def test_a_reset_by_another_process_is_seen_at_once(tmp_path: Path) -> None:
    tables = dict(ToyDomain().tables)
    one, two = (Store(tmp_path / "s.sqlite", tables) for _ in range(2))
    for store, name in ((one, "old"), (two, "new")):
        store.reset("toy")
        with store.writing("toy") as rows:
            rows.insert("account", {"accountid": "a", "name": name})
        with one.reading("toy") as rows:
            assert [row["name"] for row in rows.all("account")] == [name]
    one.close()
    two.close()
