"""What the protocol half of the embedded Dataverse and its domain half agree on: rows, operations, errors. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from reconciler.catalog.book import Catalog
from reconciler.catalog.table import Association, Table

Row = dict[str, Any]
"""Column logical name -> JSON value. A lookup is stored as `_<column>_value` (lower-case guid or None), together with
`_<column>_value@type` (logical name of the target) where the column has several targets. Ids are lower-case guids.
`versionnumber`, `createdon`, `modifiedon`, `_createdby_value` and `_modifiedby_value` belong to every table without being in
`Table.columns`; the server stamps them on writes that come over HTTP (before `before_write`, which may say otherwise)."""


class Rows(Protocol):
    """One transaction on one organization. Every insert and update gives the row a new, organization-wide `versionnumber` (its etag)."""

    def all(self, table: str, *, draft: bool = False) -> list[Row]:
        """Every row, in a stable order; with `draft`, each row's draft where it has one, else its published copy."""
        ...

    def get(self, table: str, id: str, *, draft: bool = False) -> Row | None:
        """One row or None; with `draft`, its draft, else its published copy."""
        ...

    def insert(self, table: str, row: Row, *, draft: bool = False) -> Row:
        """Stores a new row under its primary id (made up when absent) and returns it; DataverseError 412 when the id is taken."""
        ...

    def update(self, table: str, id: str, changes: Row, *, draft: bool = False) -> Row:
        """Merges `changes` into the row and returns it. With `draft` the draft is made from the published copy when there is none."""
        ...

    def delete(self, table: str, id: str, *, draft: bool = False) -> None:
        """Removes the row (both copies), or with `draft` only its draft. Nothing happens when there is none."""
        ...

    def note(self, key: str) -> Any:
        """A hidden value of the emulator, per organization; None when never set."""
        ...

    def set_note(self, key: str, value: Any) -> None:
        """Keeps a JSON value that no Web API request can see."""
        ...


Computed = Callable[[Rows], Iterable[Row]]
"""Makes the rows of a table that is not stored, from other rows; each has its primary id and a `versionnumber`."""


class DataverseError(Exception):
    """An answer of the Web API that refuses: HTTP status, hexadecimal code as text, message for people, further headers."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Context:
    """One request. `now` is the virtual clock in UTC; `caller` the systemuser row; `solution` the MSCRM.SolutionUniqueName header.

    behind   the systemuser row of who really asks, where `caller` is somebody for whom they act
    """

    organization: str
    rows: Rows
    now: dt.datetime
    caller: Row
    base_url: str
    tables: Mapping[str, Table]
    catalog: Catalog
    solution: str | None = None
    behind: Row | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """A function or action. `run(context, id, parameters)` gets the id of the bound row (None when unbound or bound to a collection).

    Its result becomes the body of the answer (None: 204). With `composable_rows` the result is {"table": logical name, "rows":
    [...]} (a function bound to a collection) or {"table": ..., "row": {...}} (bound to one row), and the server applies the query
    options. A dict result may carry "@odata.type-name" (e.g. "WhoAmIResponse"); without it the context is `<name>Response`.
    `parameters` and `returns` are for $metadata: names with the types that CSDL gives them. Without `returns` the result of a function is
    an open type.
    """

    name: str
    kind: Literal["function", "action"]
    run: Callable[[Context, str | None, dict[str, Any]], dict[str, Any] | None]
    bound_to: str | None = None
    bound_to_collection: bool = False
    composable_rows: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    returns: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """What it is called by: its name, behind the entity set that it is bound to."""
        return f"{self.bound_to}/{self.name}" if self.bound_to else self.name


class Domain(Protocol):
    """What the organizations of the embedded Dataverse contain and how they behave."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """Every table by logical name."""
        ...

    @property
    def computed(self) -> Mapping[str, Computed]:
        """What makes the rows of the tables that are not stored, by logical name."""
        ...

    @property
    def associations(self) -> tuple[Association, ...]:
        """The many-to-many relationships; their intersect tables are in `tables` too."""
        ...

    @property
    def drafted(self) -> frozenset[str]:
        """Logical names of the tables with draft and published copies: PATCH goes to the draft, plain GET never shows it."""
        ...

    @property
    def operations(self) -> Mapping[str, Operation]:
        """Functions and actions by `Operation.path`, without namespace."""
        ...

    def settings(self, organization: str) -> Mapping[str, Any]:
        """`latency_seconds` (default 0) is waited before each answer. Raises DataverseError 404 for an unknown organization.

        Further, where a domain has them: `absent_tables`, `absent_columns` (by table), `audited_tables`, and `directory`, a function
        without parameters that tells what Microsoft Graph knows.
        """
        ...

    def seed(self, rows: Rows, organization: str, now: dt.datetime) -> None:
        """Fills an organization that is touched for the first time."""
        ...

    def is_due(self, rows: Rows, now: dt.datetime) -> bool:
        """Whether the clock made something happen that is not stored yet. Reads only; cheap.

        When it is true, the server calls `settle` in a transaction of its own before it handles the request (reads too): a lapse is a
        write by a service account, so it must give the rows a new etag before anybody compares one.
        """
        ...

    def settle(self, rows: Rows, now: dt.datetime) -> None:
        """Stores what the clock made happen. A second call changes nothing."""
        ...

    def lock(self, rows: Rows, operation: str, until: dt.datetime) -> None:
        """Somebody else's import or publish runs until that moment; for a control endpoint of the server."""
        ...

    def set_consent(self, rows: Rows, state: Literal["pending", "granted", "withdrawn"], now: dt.datetime) -> None:
        """What a Microsoft 365 administrator does outside Dataverse; for a control endpoint of the server."""
        ...

    def user(self, rows: Rows, now: dt.datetime, name: str, application_id: str | None, *, on_demand: bool = True) -> Row:
        """The systemuser of that application id (or, when None, of that full name or sign-in name).

        When there is none it is made, as a System Administrator; without `on_demand` DataverseError 403 says so.
        """
        ...

    def admit(self, context: Context) -> None:
        """Refuses a caller who may ask for nothing at all, before anything else is looked at. DataverseError 403."""
        ...

    def check_read(self, context: Context, table: str) -> None:
        """Refuses a caller who may not read the table, whatever is in it. Called once for each table that an answer is made from."""
        ...

    def before_pairing(self, context: Context, intersect: str, joined: Row | None = None) -> None:
        """Refuses the pairing of rows by an intersect table, or notes that it happened. `joined`: the pair that is to be; None parts."""
        ...

    def after_read(self, context: Context, table: str, row: Row) -> Row:
        """The row as it is shown: computed columns filled in. Writes nothing."""
        ...

    def before_write(self, context: Context, table: str, before: Row | None, changes: Row) -> Row:
        """What is stored: the whole row on create (`before` None), else the changes. May raise DataverseError, may write other rows."""
        ...

    def before_delete(self, context: Context, table: str, before: Row) -> None:
        """Refuses the deletion by raising DataverseError, or takes along what belongs to the row."""
        ...
