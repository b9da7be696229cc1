"""What is acknowledged stays, whatever happens to the process; what is not is whole or absent."""

from __future__ import annotations

import random
import resource
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.storage.key_index import folded
from reconciler.emulator.storage.store import Store
from tests.emulator.toy import ToyDomain

ROOT = Path(__file__).parents[2]
TOKEN = "writers"
ROUNDS = 4
WRITERS = 3
SMALL = 64 * 1024


def write_more_than_fits(store: Store) -> None:
    # SQLite keeps what is written in memory until the COMMIT, which then finds no room.
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with store.writing("toy") as rows:
            rows.insert("account", {"accountid": "a", "name": "x" * 500_000})
            resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, most))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_a_commit_that_fails_tells_its_reason_and_the_next_one_succeeds(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite", dict(ToyDomain().tables))

    with pytest.raises(sqlite3.OperationalError, match="disk"):
        write_more_than_fits(store)

    assert not store.is_known("toy")
    with store.writing("toy") as rows:
        rows.insert("account", {"accountid": "b", "name": "small"})
    with store.reading("toy") as rows:
        assert [row["name"] for row in rows.all("account")] == ["small"]
    store.close()


def write_to_a_store_that_fails(store: Store) -> None:
    with store.writing("toy"):
        store.close()
        raise LookupError("the first")


def test_the_first_error_is_told_even_when_nothing_can_be_undone(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite", dict(ToyDomain().tables))

    with pytest.raises(LookupError, match="the first"):
        write_to_a_store_that_fails(store)


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A served emulator in a process of its own, and its port."""
    words = [sys.executable, "-m", "reconciler", "emulator", "serve", "--state", str(folder / "s.sqlite"), "--token", TOKEN]
    words += ["--scenarios", str(folder), "--organization", "bench"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "/api/data/" in line)
        yield process, int(line.split("127.0.0.1:")[1].split("/")[0])
    finally:
        process.kill()
        process.communicate()


def lines_of(folder: Path) -> list[tuple[str, str]]:
    return [(line.split()[0], line.split()[1]) for file in folder.glob("noted-*") for line in file.read_text("utf-8").splitlines()]


def kill_amid_writes(folder: Path, after: int) -> None:
    """Starts server and writers, and kills the server as soon as so many more writes are acknowledged."""
    with served(folder) as (server, port):
        before = len(lines_of(folder))
        words = [sys.executable, "-m", "tests.emulator.writers", str(port), TOKEN]
        writers = [subprocess.Popen([*words, str(folder / f"noted-{number}")], cwd=ROOT) for number in range(WRITERS)]
        while len(lines_of(folder)) < before + after:
            assert all(writer.poll() is None for writer in writers)
        server.kill()
        assert [writer.wait(20) for writer in writers] == [0] * WRITERS


def test_what_was_acknowledged_survives_a_kill_amid_writes(tmp_path: Path) -> None:
    for _ in range(ROUNDS):
        kill_amid_writes(tmp_path, after=random.randrange(20, 120))

    noted = lines_of(tmp_path)
    told = {kind: {id for what, id in noted if what == kind} for kind in ("created", "changed", "paired")}
    domain = build_domain(CATALOG, None)
    store = Store(tmp_path / "s.sqlite", dict(domain.tables))
    with store.reading("bench") as rows:
        accounts = {row["accountid"]: row for row in rows.all("account")}
        contacts = Counter(row["lastname"] for row in rows.all("contact"))
        versions = [row["versionnumber"] for name in domain.tables for row in rows.all(name)]
        latest = rows.version
    store.close()

    assert told["created"] - set(accounts) == set()
    assert {id for id in told["changed"] if accounts[id]["numberofemployees"] != 7} == set()
    assert told["paired"] - set(contacts) == set()
    assert set(contacts.values()) == {2}
    assert len(set(versions)) == len(versions)
    assert max(versions) <= latest
    assert integrity(tmp_path / "s.sqlite") == "ok"


def integrity(path: Path) -> str:
    """What SQLite says of the file, indexes and JSON included."""
    connection = sqlite3.connect(path)
    connection.create_function("folded", 1, folded, deterministic=True)
    try:
        assert connection.execute("SELECT count(*) FROM stored_row WHERE NOT json_valid(body)").fetchone() == (0,)
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def test_a_state_file_of_a_later_version_is_refused_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(OSError, match="later version of rictl") as raised:
        Store(path)

    assert "use that version, or another state file" in str(raised.value)


def test_a_state_file_from_before_texts_were_shared_is_opened_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("""
        CREATE TABLE setting (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE organization (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE note (organization TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (organization, key)) WITHOUT ROWID;
        CREATE TABLE stored_row (organization TEXT, name TEXT, draft INTEGER, id TEXT, body TEXT NOT NULL,
            PRIMARY KEY (organization, name, draft, id)) WITHOUT ROWID;
        INSERT INTO organization VALUES ('toy', 1001);
        INSERT INTO stored_row VALUES ('toy', 'account', 0, 'a', '{"accountid": "a", "name": "old", "versionnumber": 1001}');
    """)
    connection.close()

    store = Store(path, dict(ToyDomain().tables))
    with store.writing("toy") as rows:
        rows.update("account", "a", {"employees": 3})
        assert rows.get("account", "a") == {"accountid": "a", "name": "old", "employees": 3, "versionnumber": 1002}
    store.close()


def test_two_processes_write_to_one_file_and_lose_nothing(tmp_path: Path) -> None:
    with served(tmp_path) as (_, one), served(tmp_path) as (_, two):
        words = [sys.executable, "-m", "tests.emulator.writers"]
        noted = [tmp_path / f"noted-{port}" for port in (one, two)]
        writers = [subprocess.Popen([*words, str(port), TOKEN, str(file)], cwd=ROOT) for port, file in zip((one, two), noted, strict=True)]
        while any(not file.exists() or len(file.read_text("utf-8").splitlines()) < 60 for file in noted):
            assert all(writer.poll() is None for writer in writers)
    for writer in writers:
        assert writer.wait(20) == 0

    created = {id for what, id in lines_of(tmp_path) if what == "created"}
    store = Store(tmp_path / "s.sqlite", dict(build_domain(CATALOG, None).tables))
    with store.reading("bench") as rows:
        assert created - {row["accountid"] for row in rows.all("account")} == set()
    store.close()
