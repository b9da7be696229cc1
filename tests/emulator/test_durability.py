"""What is acknowledged stays, whatever happens to the process; what is not is whole or absent."""

from __future__ import annotations

import resource
import sqlite3
from pathlib import Path

import pytest

from reconciler.emulator.storage.store import Store
from tests.emulator.toy import ToyDomain

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
