"""The toy domain with branches (a hierarchy with dates and numbers), their stores, and tags that both sides share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from reconciler.catalog.table import Association, Column, Option, Table
from reconciler.emulator.context import Row, Rows
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.toy import CATALOG, PAIR, SOURCE, ToyDomain
from tests.emulator.wire import Client

BRANCHES = [f"dddddddd-0000-0000-0000-00000000000{number}" for number in range(6)]
STORES = [f"eeeeeeee-0000-0000-0000-00000000000{number}" for number in range(4)]
TAGS = [f"ffffffff-0000-0000-0000-00000000000{number}" for number in range(2)]

BRANCH = Table(
    name="branch",
    entity_set="branches",
    primary_id="branchid",
    primary_name="name",
    label="Branch",
    source=SOURCE,
    columns=(
        Column("branchid", "Uniqueidentifier", "Branch", required="SystemRequired"),
        Column("name", "String", "Name"),
        Column("city", "String", "City"),
        Column("size", "Integer", "Size"),
        Column("rent", "Double", "Rent"),
        Column("open", "Boolean", "Open"),
        Column("kind", "Picklist", "Kind", options=(Option(1, "Shop"), Option(2, "Office"))),
        Column("opened", "DateTime", "Opened"),
        Column("language", "Integer", "Language"),
        Column("parentbranchid", "Lookup", "Parent", targets=("branch",), collections=("branch_children",)),
        Column("keeperid", "Lookup", "Keeper", targets=("systemuser",)),
        Column("businessunitid", "Lookup", "Unit", targets=("branch",)),
    ),
)
STORE = Table(
    name="store",
    entity_set="stores",
    primary_id="storeid",
    primary_name="title",
    label="Store",
    source=SOURCE,
    columns=(
        Column("storeid", "Uniqueidentifier", "Store", required="SystemRequired"),
        Column("title", "String", "Title"),
        Column("area", "Integer", "Area"),
        Column("branchid", "Lookup", "Branch", targets=("branch",), collections=("branch_stores",)),
    ),
)
TAG = Table(
    name="tag",
    entity_set="tags",
    primary_id="tagid",
    primary_name="word",
    label="Tag",
    source=SOURCE,
    columns=(Column("tagid", "Uniqueidentifier", "Tag", required="SystemRequired"), Column("word", "String", "Word")),
)
BRANCH_TAG = Table(
    name="branch_tag",
    entity_set="branch_tags",
    primary_id="branch_tagid",
    primary_name=None,
    label="Branch Tag",
    source=SOURCE,
    intersect=True,
    columns=(
        Column("branch_tagid", "Uniqueidentifier"),
        Column("branchid", "Uniqueidentifier"),
        Column("tagid", "Uniqueidentifier"),
    ),
)
TAGGED = Association("branch_tag_association", "branch_tag", "branch", "tag")
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
"""A Monday."""


def rows_of_branches() -> list[Row]:
    """Head (no parent) > North, South > Far (below North); Lone is without a value in most columns."""
    names = ("Head", "North", "south", "Far 100%", "Lone", "O'Neill")
    cities = ("Bern", "Basel", "BERN", "Chur", None, "Basel")
    sizes = (50, 20, 20, 5, None, 7)
    rents = (100.5, 20.0, 0.0, 5.25, None, 7.0)
    opens = (True, True, False, True, None, False)
    kinds = (1, 2, 1, 2, None, 1)
    opened = ("2026-11-23T08:00:00Z", "2026-11-22T23:59:59Z", "2026-10-31T10:00:00Z", "2025-12-31T10:00:00Z", None, "2026-11-24T10:00:00Z")
    parents = (None, 0, 0, 1, None, None)
    found: list[Row] = []
    for number, id in enumerate(BRANCHES):
        parent = parents[number]
        row: Row = {"branchid": id, "name": names[number], "city": cities[number], "size": sizes[number], "rent": rents[number]}
        row.update({"open": opens[number], "kind": kinds[number], "opened": opened[number], "language": 1033 if number < 2 else 1031})
        row["_parentbranchid_value"] = None if parent is None else BRANCHES[parent]
        row["_businessunitid_value"] = BRANCHES[0] if number < 3 else None
        found.append(row)
    return found


class QueryDomain(ToyDomain):
    tables: Mapping[str, Table] = MappingProxyType({**ToyDomain.tables, **{t.name: t for t in (BRANCH, STORE, TAG, BRANCH_TAG)}})
    associations = (PAIR, TAGGED)

    def seed(self, rows: Rows, organization: str, now: dt.datetime) -> None:
        super().seed(rows, organization, now)
        for row in rows_of_branches():
            rows.insert("branch", row)
        for number, (title, area, branch) in enumerate((("Alpha", 10, 0), ("beta", 30, 0), ("Gamma", 20, 1), ("Delta", None, None))):
            owner = None if branch is None else BRANCHES[branch]
            rows.insert("store", {"storeid": STORES[number], "title": title, "area": area, "_branchid_value": owner})
        for number, word in enumerate(("old", "new")):
            rows.insert("tag", {"tagid": TAGS[number], "word": word})
        for branch, tag in ((0, 0), (0, 1), (1, 1)):
            rows.insert("branch_tag", {"branchid": BRANCHES[branch], "tagid": TAGS[tag]})

    def user(self, rows: Rows, now: dt.datetime, name: str, application_id: str | None, *, on_demand: bool = True) -> Row:
        known = super().user(rows, now, name, application_id, on_demand=on_demand)
        return known if "_businessunitid_value" in known else rows.update("systemuser", known["systemuserid"], self._unit())

    def _unit(self) -> dict[str, Any]:
        return {"_businessunitid_value": BRANCHES[0]}


@contextmanager
def query_client(folder: Path) -> Iterator[Client]:
    """A client of one organization whose clock stands near `NOW`."""
    with EmbeddedDataverse(folder / "state.sqlite", domain=QueryDomain(), catalog=CATALOG, organization="toy") as server:
        server.clock.set(NOW)
        yield Client(server, server.token())
