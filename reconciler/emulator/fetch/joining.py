"""Runs the joins, conditions and order of a query over the rows of a session. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.emulator.context import DataverseError, Row
from reconciler.emulator.fetch.columns import Joined, Located, Tables
from reconciler.emulator.fetch.model import Condition, Entity, Fetch, Filter, Order
from reconciler.emulator.query.comparing import ORDERS, in_order, rank, same
from reconciler.emulator.query.hierarchies import hierarchy_test
from reconciler.emulator.query.operators import HIERARCHICAL, test_of
from reconciler.emulator.rows.rendering import name_of_target
from reconciler.emulator.session import Session

JoinedTest = Callable[[Joined], bool]
_MAX_JOINED = 100_000
_MAX_CONDITIONS = 500


def joined_rows(session: Session, fetch: Fetch, tables: Tables) -> list[Joined]:
    """Every joined row that the conditions leave, in the order asked for; ties stay by id."""
    joiner = _Joiner(session, tables)
    found = joiner.run(fetch.entity)
    for located, order in reversed(list(_orders(fetch.entity, tables))):
        session.spend(len(found))
        found = sort(session, found, located, order.descending)
    return found


def sort(session: Session, rows: list[Joined], located: Located, descending: bool) -> list[Joined]:
    """The rows by one column; lookups by the name of what they lead to."""
    if not located.column.targets:
        return sorted(rows, key=lambda row: rank(located.of(row)), reverse=descending)

    def name(row: Joined) -> Any:
        own = row.get(located.alias)
        return None if own is None else name_of_target(session, located.column, located.property, own)

    return sorted(rows, key=lambda row: rank(name(row)), reverse=descending)


def _orders(entity: Entity, tables: Tables) -> list[tuple[Located, Order]]:
    found = [(tables.locate(order.entity or entity.alias, order.column), order) for order in entity.orders if order.column]
    for link in entity.links:
        found += _orders(link, tables)
    return found


class _Joiner:
    def __init__(self, session: Session, tables: Tables) -> None:
        self._session = session
        self._tables = tables
        self._conditions = 0

    def run(self, root: Entity) -> list[Joined]:
        # What is said of the root may name linked tables, so it is tested when they are joined.
        tests = [self._filter(part, root.alias) for part in root.filters]
        rows: list[Joined] = [{root.alias: row} for row in self._session.all(self._tables.shapes[root.alias])]
        for link in root.links:
            rows = self._join(rows, root, link)
        self._session.spend(len(rows) * _size(root))
        return [row for row in rows if all(test(row) for test in tests)]

    def _join(self, rows: list[Joined], outer: Entity, link: Entity) -> list[Joined]:
        origin, own = self._tables.locate(outer.alias, link.origin), self._tables.locate(link.alias, link.own)
        partners = self._partners(link, own)
        found: list[Joined] = []
        for row in rows:
            value = origin.of(row)
            matches = partners.get(_key(value), []) if value is not None else []
            if link.link == "exists":
                found += [row] if matches else []
            elif matches:
                found += [{**row, **match} for match in matches]
            elif link.link == "outer":
                found.append(row)
            if len(found) > _MAX_JOINED:
                raise DataverseError(400, "0x80044310", f"The query joins more than {_MAX_JOINED:,} rows.")
        return found

    def _partners(self, link: Entity, own: Located) -> dict[Any, list[Joined]]:
        tests = [self._filter(part, link.alias) for part in link.filters]
        rows: list[Joined] = [{link.alias: row} for row in self._session.all(self._tables.shapes[link.alias])]
        for inner in link.links:
            rows = self._join(rows, link, inner)
        self._session.spend(len(rows) * _size(link))
        found: dict[Any, list[Joined]] = {}
        for row in rows:
            value = own.of(row)
            if value is not None and all(test(row) for test in tests):
                found.setdefault(_key(value), []).append(row)
        return found

    def _filter(self, filter: Filter, alias: str) -> JoinedTest:
        tests = [self._filter(p, alias) if isinstance(p, Filter) else self._condition(p, alias) for p in filter.parts]
        holds = any if filter.kind == "or" and tests else all
        if filter.negated:
            return lambda row: not holds(test(row) for test in tests)
        return lambda row: holds(test(row) for test in tests)

    def _condition(self, condition: Condition, alias: str) -> JoinedTest:
        self._conditions += 1
        if self._conditions > _MAX_CONDITIONS:
            raise DataverseError(400, "0x8004430c", "Number of conditions in query exceeded maximum limit.")
        located = self._tables.locate(condition.entity or alias, condition.column)
        if condition.compared:
            return _compared(condition.operator, located, self._tables.locate(located.alias, condition.compared))
        if condition.operator in HIERARCHICAL:
            shape = self._tables.shapes[located.alias]
            test = hierarchy_test(self._session, shape, condition.operator, condition.values, condition.column)
        else:
            test = test_of(condition.operator, condition.values, located.column, self._session.asker)
        return lambda row: test(located.of(row))


def _size(part: Entity | Filter | Condition) -> int:
    """How many conditions stand in it, those of linked tables aside; 1 at least."""
    if isinstance(part, Condition):
        return 1
    return max(1, sum(_size(inner) for inner in (part.filters if isinstance(part, Entity) else part.parts)))


def _compared(operator: str, left: Located, right: Located) -> JoinedTest:
    if operator == "eq":
        return lambda row: same(left.of(row), right.of(row))
    if operator in ("ne", "neq"):
        return lambda row: not same(left.of(row), right.of(row))
    if operator in ORDERS:
        return lambda row: in_order(operator, left.of(row), right.of(row))
    raise DataverseError(400, "0x80041111", f"The operator '{operator[:80]}' cannot compare two columns.")


def _key(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def root_row(joined: Joined) -> Row:
    """The row of the root table, which every joined row has."""
    row = joined[""]
    if row is None:
        raise AssertionError("a joined row has a root")
    return row
