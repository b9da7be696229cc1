"""What the store remembers of rows that were read: always the present, and never more than its bound."""

from __future__ import annotations

from pathlib import Path

from reconciler.emulator.context import Row
from reconciler.emulator.storage.row_cache import RowCache
from reconciler.emulator.storage.store import Store
from tests.emulator.toy import ToyDomain

ROWS: list[Row] = [{"name": "Contoso"}]


def kept(cache: RowCache, *names: str) -> list[bool]:
    return [cache.rows(name, 1, "account", 0) is not None for name in names]


def test_the_organization_that_nobody_read_for_longest_goes_first() -> None:
    cache = RowCache(bound=30)
    for name in ("a", "b", "c"):
        cache.keep(name, 1, "account", 0, ROWS, 10)
    assert kept(cache, "a") == [True]

    cache.keep("d", 1, "account", 0, ROWS, 10)

    assert kept(cache, "a", "b", "c", "d") == [True, False, True, True]


def test_an_organization_goes_with_all_of_its_tables() -> None:
    cache = RowCache(bound=30)
    cache.keep("a", 1, "account", 0, ROWS, 10)
    cache.keep("a", 1, "page", 1, ROWS, 10)

    cache.keep("b", 1, "account", 0, ROWS, 11)

    assert kept(cache, "a", "b") == [False, True]
    assert cache.rows("a", 1, "page", 1) is None


def test_what_alone_exceeds_the_bound_is_not_kept() -> None:
    cache = RowCache(bound=30)
    cache.keep("a", 1, "account", 0, ROWS, 31)

    assert kept(cache, "a") == [False]


def test_another_version_is_another_state_and_frees_the_room_of_the_old_one() -> None:
    cache = RowCache(bound=30)
    cache.keep("a", 1, "account", 0, ROWS, 20)
    cache.keep("a", 2, "account", 0, ROWS, 20)
    cache.keep("b", 1, "account", 0, ROWS, 10)

    assert cache.rows("a", 1, "account", 0) is None
    assert cache.rows("a", 2, "account", 0) == ROWS
    assert kept(cache, "b") == [True]


def test_what_a_reader_does_to_its_rows_reaches_no_other_reader(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite", dict(ToyDomain().tables))
    with store.writing("toy") as rows:
        rows.insert("account", {"accountid": "a", "name": "old"})
    for _ in range(2):
        with store.reading("toy") as rows:
            (row,) = rows.all("account")
            assert row["name"] == "old"
            row["name"] = "scratched"
    store.close()
