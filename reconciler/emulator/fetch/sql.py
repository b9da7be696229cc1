"""Turns a SQL SELECT into a query as a value, or says what is wrong with it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from reconciler.emulator.errors import bad_request, not_emulated
from reconciler.emulator.fetch.model import Aggregate, Attribute, Entity, Fetch, Filter, Order
from reconciler.emulator.fetch.sql_conditions import Scope, filter_of

if TYPE_CHECKING:
    from sqlglot import exp

_MAX_LENGTH = 32_768
_MAX_TOP = 5_000
_MAX_NESTING = 100
_CLAUSES = frozenset(
    {"expressions", "from_", "joins", "where", "group", "order", "limit", "distinct", "kind", "hint", "operation_modifiers"}
)
_REFUSED = {
    "having": "HAVING is not supported.",
    "with_": "Common table expressions (WITH) are not supported.",
    "windows": "Window functions are not supported.",
    "qualify": "QUALIFY is not supported.",
}
_AGGREGATES: dict[str, Aggregate] = {"Count": "countcolumn", "Sum": "sum", "Avg": "avg", "Min": "min", "Max": "max"}


def parse_sql(text: str) -> Fetch:
    """The query that one SELECT describes. 400 for SQL that the service does not take, 501 for what is not emulated."""
    select = _parsed(text)
    for name, refusal in _REFUSED.items():
        if select.args.get(name):
            raise bad_request(refusal)
    if select.args.get("offset"):
        raise not_emulated("OFFSET ... FETCH in SQL")
    for name, value in select.args.items():
        if value and name not in _CLAUSES:
            raise bad_request(f"The clause '{name.strip('_').upper()}' is not supported.")
    reader = _Reader(select)
    try:
        return reader.fetch()
    except RecursionError:
        raise bad_request("The SQL query is nested too deeply.") from None


def _parsed(text: str) -> exp.Select:
    # The parser costs a tenth of a second to import, and few requests carry SQL.
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if len(text) > _MAX_LENGTH or text.count("(") > _MAX_NESTING:
        raise bad_request("The SQL query is too long or nested too deeply.")
    try:
        statements = sqlglot.parse(text, dialect="tsql")
    except (SqlglotError, RecursionError, ValueError):
        raise bad_request("Incorrect syntax in the SQL query.") from None
    if len(statements) != 1 or statements[0] is None:
        raise bad_request("The SQL query must be a single SELECT statement.")
    select = statements[0]
    if isinstance(select, exp.SetOperation):
        raise bad_request("UNION, INTERSECT and EXCEPT are not supported.")
    if not isinstance(select, exp.Select):
        raise bad_request("Only SELECT statements are supported.")
    if any(node is not select for node in select.find_all(exp.Select)):
        raise bad_request("Subqueries are not supported.")
    return select


class _Reader:
    def __init__(self, select: exp.Select) -> None:
        self._select = select
        source = select.args.get("from_")
        if source is None:
            raise bad_request("A SELECT without FROM is not supported.")
        self._root, self._root_alias = _table(source.this)
        self._scope = Scope({self._root_alias: ""})

    def fetch(self) -> Fetch:
        """The whole query."""
        select = self._select
        links = [self._join(join) for join in select.args.get("joins") or ()]
        attributes = self._attributes()
        group = select.args.get("group")
        is_aggregate = group is not None or any(a.aggregate for found in attributes.values() for a in found)
        if is_aggregate:
            attributes = self._grouped(attributes, group.expressions if group is not None else [])
        where = select.args.get("where")
        filters = () if where is None else (Filter("and", (filter_of(where.this, self._scope),)),)
        entity = Entity(
            self._root,
            attributes=tuple(attributes.get("", ())),
            orders=tuple(self._order(order, attributes, is_aggregate) for order in _ordered(select)),
            filters=filters,
            links=_nested(links, attributes),
        )
        return Fetch(entity, top=self._top(), distinct=bool(select.args.get("distinct")), aggregate=is_aggregate)

    def _top(self) -> int | None:
        limit = self._select.args.get("limit")
        if limit is None:
            return None
        number = str(getattr(limit.expression, "this", ""))
        if limit.args.get("limit_options") or not number.isdigit() or int(number) > _MAX_TOP:
            raise bad_request(f"TOP takes a number from 0 to {_MAX_TOP}.")
        return int(number)

    def _join(self, join: Any) -> tuple[str, Entity]:
        side, kind = str(join.side or "").upper(), str(join.kind or "").upper()
        on = join.args.get("on")
        if side in ("RIGHT", "FULL") or kind not in ("", "INNER", "OUTER") or on is None:
            raise bad_request("Only INNER JOIN and LEFT JOIN with ON are supported.")
        name, alias = _table(join.this)
        if alias in self._scope.aliases:
            raise bad_request(f"The alias '{alias}' stands for two tables.")
        self._scope.aliases[alias] = alias
        if type(on).__name__ != "EQ" or any(type(part).__name__ != "Column" for part in (on.this, on.expression)):
            raise bad_request("A JOIN compares one column with one other column.")
        ends = [self._scope.column(part) for part in (on.this, on.expression)]
        own = [end for end in ends if end[0] == alias]
        others = [end for end in ends if end[0] != alias]
        if len(own) != 1 or len(others) != 1:
            raise bad_request("A JOIN compares a column of the joined table with one of a table before it.")
        link: Literal["inner", "outer"] = "outer" if side == "LEFT" else "inner"
        return others[0][0], Entity(name, alias, own=own[0][1], origin=others[0][1], link=link)

    def _attributes(self) -> dict[str, list[Attribute]]:
        found: dict[str, list[Attribute]] = {}
        for number, node in enumerate(self._select.expressions):
            kind, alias = type(node).__name__, ""
            if kind == "Alias":
                alias, node, kind = node.alias, node.this, type(node.this).__name__
            if kind == "Star" or (kind == "Column" and type(node.this).__name__ == "Star"):
                raise bad_request("SELECT * is not supported. Name each column.")
            if kind in _AGGREGATES:
                table, attribute = self._aggregate(node, kind, alias or f"{kind.lower()}{number + 1}")
            elif kind == "Column":
                table, name = self._scope.column(node)
                attribute = Attribute(name, alias)
            else:
                raise bad_request("Only columns and the aggregates COUNT, SUM, AVG, MIN and MAX are supported in SELECT.")
            found.setdefault(table, []).append(attribute)
        return found

    def _aggregate(self, node: Any, kind: str, alias: str) -> tuple[str, Attribute]:
        inside = node.this
        if kind == "Count" and type(inside).__name__ == "Star":
            return "", Attribute("*", alias, "count")
        is_distinct = type(inside).__name__ == "Distinct"
        if is_distinct:
            inside = inside.expressions[0]
        if type(inside).__name__ != "Column":
            raise bad_request("An aggregate takes one column.")
        table, name = self._scope.column(inside)
        return table, Attribute(name, alias, _AGGREGATES[kind], distinct=is_distinct)

    def _grouped(self, attributes: dict[str, list[Attribute]], groups: list[Any]) -> dict[str, list[Attribute]]:
        if any(type(node).__name__ != "Column" for node in groups):
            raise bad_request("GROUP BY takes columns.")
        keys = {self._scope.column(node) for node in groups}
        found: dict[str, list[Attribute]] = {}
        for table, listed in attributes.items():
            for attribute in listed:
                if attribute.aggregate is None and (table, attribute.name) not in keys:
                    raise bad_request(f"The column '{attribute.name}' is neither in GROUP BY nor in an aggregate.")
                is_group = attribute.aggregate is None
                alias = attribute.alias or (f"{table}.{attribute.name}" if table else attribute.name)
                found.setdefault(table, []).append(Attribute(attribute.name, alias, attribute.aggregate, is_group, attribute.distinct))
        shown = {(table, attribute.name) for table, listed in found.items() for attribute in listed if attribute.grouped}
        if keys - shown:
            raise not_emulated("GROUP BY a column that is not selected")
        return found

    def _order(self, node: Any, attributes: dict[str, list[Attribute]], is_aggregate: bool) -> Order:
        descending = bool(node.args.get("desc"))
        if type(node.this).__name__ != "Column":
            raise bad_request("ORDER BY takes columns only.")
        listed = [(table, attribute) for table, found in attributes.items() for attribute in found]
        named = [pair for pair in listed if pair[1].alias == node.this.name and not node.this.table]
        if not named:
            table, name = self._scope.column(node.this)
            if not is_aggregate:
                return Order(name, descending=descending, entity=table)
            named = [pair for pair in listed if (pair[0], pair[1].name) == (table, name) and pair[1].grouped]
        if not named:
            raise bad_request("ORDER BY of an aggregate query takes what it selects.")
        table, attribute = named[0]
        return Order(alias=attribute.alias, descending=descending) if is_aggregate else Order(attribute.name, "", descending, table)


def _ordered(select: exp.Select) -> list[Any]:
    order = select.args.get("order")
    return [] if order is None else list(order.expressions)


def _table(node: Any) -> tuple[str, str]:
    if type(node).__name__ != "Table" or node.args.get("joins"):
        raise bad_request("FROM and JOIN take tables only.")
    return node.name.lower(), (node.alias or node.name).lower()


def _nested(links: list[tuple[str, Entity]], attributes: dict[str, list[Attribute]], outer: str = "") -> tuple[Entity, ...]:
    """Each joined table below the one that it is joined to."""
    found = []
    for origin, link in links:
        if origin == outer:
            inner = _nested(links, attributes, link.alias)
            found.append(
                Entity(link.name, link.alias, tuple(attributes.get(link.alias, ())), (), (), inner, link.own, link.origin, link.link)
            )
    return tuple(found)
