"""SQL over HTTP: what the service takes, what it refuses, and that it says the same as FetchXML and $filter."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.emulator.query_world import BRANCHES, query_client
from tests.emulator.wire import Client, Reply

EVERYTHING = 'odata.include-annotations="*"'


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with query_client(tmp_path_factory.mktemp("sql")) as client:
        yield client


def sql(api: Client, text: str, table: str = "branches", more: str = "", **headers: str) -> Reply:
    return api.get(f"{table}?sql={quote(text, safe='')}{more}", **headers)


def values(api: Client, text: str) -> list[tuple[object, ...]]:
    reply = sql(api, text)
    assert reply.status == 200, reply.body
    return [tuple(v for k, v in row.items() if k not in ("@odata.etag", "branchid")) for row in reply.body["value"]]


def test_an_answer_looks_like_that_of_a_query_with_options(api: Client) -> None:
    body = sql(api, "SELECT name FROM branch AS b WHERE b.name LIKE 'head'", Prefer=EVERYTHING).body

    assert body["@odata.context"].endswith("/$metadata#branches(name,branchid)")
    assert body["@Microsoft.Dynamics.CRM.totalrecordcount"] == -1
    assert body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is False
    assert list(body["value"][0]) == ["@odata.etag", "name", "branchid"]


def test_column_aliases_are_explained(api: Client) -> None:
    row = sql(api, "SELECT b.name AS title FROM branch b", Prefer=EVERYTHING).body["value"][0]

    assert list(row) == ["@odata.etag", "title@OData.Community.Display.V1.AttributeName", "title", "branchid"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("name = 'SOUTH'", ["south"]),
        ("city <> 'bern'", ["North", "Far 100%", "Lone", "O'Neill"]),
        ("city != 'bern' AND size > 5", ["North", "O'Neill"]),
        ("size >= 20", ["Head", "North", "south"]),
        ("20 <= size", ["Head", "North", "south"]),
        ("rent < 5.5", ["south", "Far 100%"]),
        ("rent > -1 AND rent <= 5.25", ["south", "Far 100%"]),
        ("name = 'O''Neill'", ["O'Neill"]),
        ("name = N'O''Neill'", ["O'Neill"]),
        ("name LIKE '_ort%'", ["North"]),
        ("name LIKE '%100[%]'", ["Far 100%"]),
        ("name NOT LIKE '%o%'", ["Head", "Far 100%"]),
        ("city IN ('bern', 'chur')", ["Head", "south", "Far 100%"]),
        ("city NOT IN ('bern', 'chur')", ["North", "Lone", "O'Neill"]),
        ("size BETWEEN 5 AND 7", ["Far 100%", "O'Neill"]),
        ("size NOT BETWEEN 5 AND 20", ["Head", "Lone"]),
        ("city IS NULL", ["Lone"]),
        ("city IS NOT NULL AND [open] = 0", ["south", "O'Neill"]),
        ("(name = 'Head' OR name = 'Lone')", ["Head", "Lone"]),
        ("(size = 20 OR size = 7) AND city = 'basel'", ["North", "O'Neill"]),
        ("size = 20 OR size = 7 AND city = 'nowhere'", ["North", "south"]),
        ("NOT (size = 20 OR size = 7)", ["Head", "Far 100%", "Lone"]),
        (f"parentbranchid = '{BRANCHES[0]}'", ["North", "south"]),
        ("opened >= '2026-11-23'", ["Head", "O'Neill"]),
    ],
)
def test_conditions_compare_a_column_with_a_literal(api: Client, where: str, expected: list[str]) -> None:
    assert sql(api, f"SELECT name FROM branch WHERE {where}").names == expected


def test_rows_are_ordered_and_the_first_are_taken(api: Client) -> None:
    assert sql(api, "SELECT TOP 2 name FROM branch ORDER BY size DESC, name").names == ["Head", "North"]
    assert sql(api, "SELECT TOP (1) name FROM branch ORDER BY name").names == ["Far 100%"]
    assert sql(api, "SELECT TOP 0 name FROM branch").names == []
    assert values(api, "SELECT b.name AS n FROM branch b WHERE size < 21 ORDER BY n DESC") == [
        ("south",),
        ("O'Neill",),
        ("North",),
        ("Far 100%",),
    ]


def test_tables_are_joined(api: Client) -> None:
    inner = "SELECT b.name, s.title FROM branch b INNER JOIN store s ON b.branchid = s.branchid ORDER BY s.title DESC"
    left = "SELECT b.name, s.title AS shop FROM branch b LEFT JOIN store AS s ON s.branchid = b.branchid WHERE b.size = 20"
    own = "SELECT child.name AS child, parent.name AS parent FROM branch AS child "
    own += "JOIN branch AS parent ON child.parentbranchid = parent.branchid"
    three = "SELECT b.name, c.name AS below, s.title AS shop FROM branch b "
    three += "JOIN branch c ON c.parentbranchid = b.branchid JOIN store s ON s.branchid = c.branchid"

    assert values(api, inner) == [("North", "Gamma"), ("Head", "beta"), ("Head", "Alpha")]
    assert values(api, left) == [("North", "Gamma"), ("south",)]
    assert values(api, own) == [("North", "Head"), ("south", "Head"), ("Far 100%", "North")]
    assert values(api, three) == [("Head", "North", "Gamma")]
    assert values(api, "SELECT b.name FROM branch b JOIN store s ON b.branchid = s.branchid WHERE s.area > 15") == [("Head",), ("North",)]


def test_groups_are_counted_and_summed(api: Client) -> None:
    text = "SELECT COUNT(*) AS n, COUNT(size) AS known, COUNT(DISTINCT size) AS kinds, SUM(size) AS s, AVG(rent) AS a, "
    text += "MIN(size) AS l, MAX(size) AS h FROM branch"
    by = "SELECT b.city, COUNT(*) AS n FROM branch b GROUP BY b.city ORDER BY n DESC, b.city"
    joined = "SELECT b.name, SUM(s.area) AS area FROM branch b JOIN store s ON s.branchid = b.branchid GROUP BY b.name ORDER BY b.name"

    assert sql(api, text).body["value"] == [{"n": 6, "known": 5, "kinds": 4, "s": 102, "a": 26.55, "l": 5, "h": 50}]
    assert sql(api, by).body["value"] == [{"city": "Basel", "n": 2}, {"city": "Bern", "n": 2}, {"n": 1}, {"city": "Chur", "n": 1}]
    assert sql(api, joined).body["value"] == [{"name": "Head", "area": 40}, {"name": "North", "area": 20}]
    assert sql(api, "SELECT DISTINCT city FROM branch ORDER BY city").body["value"] == [
        {},
        {"city": "Basel"},
        {"city": "Bern"},
        {"city": "Chur"},
    ]
    assert sql(api, "SELECT COUNT(*) FROM branch WHERE size > 900").body["value"] == [{"count1": 0}]


def test_pages_follow_one_another(api: Client) -> None:
    reply = sql(api, "SELECT name FROM branch ORDER BY name", Prefer="odata.maxpagesize=4")
    following = api.get(reply.body["@odata.nextLink"].partition("/v9.2/")[2], Prefer="odata.maxpagesize=4")

    assert reply.names + following.names == ["Far 100%", "Head", "Lone", "North", "O'Neill", "south"]
    assert "@odata.nextLink" not in following.body
    grouped = sql(api, "SELECT city, COUNT(*) AS n FROM branch GROUP BY city", Prefer="odata.maxpagesize=3")
    assert "@odata.nextLink" in grouped.body


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SELEC name FROM branch",
        "SELECT name FROM",
        "SELECT 1",
        "SELECT * FROM branch",
        "SELECT b.* FROM branch b",
        "DELETE FROM branch",
        "SELECT name FROM branch; SELECT name FROM branch",
        "SELECT name FROM branch UNION SELECT name FROM branch",
        "WITH x AS (SELECT name FROM branch) SELECT name FROM x",
        "SELECT name FROM branch WHERE branchid IN (SELECT branchid FROM store)",
        "SELECT name FROM branch WHERE EXISTS (SELECT 1 FROM store)",
        "SELECT city, COUNT(*) AS n FROM branch GROUP BY city HAVING COUNT(*) > 1",
        "SELECT name, COUNT(*) AS n FROM branch GROUP BY city",
        "SELECT COUNT(*) AS n FROM branch GROUP BY LEN(city)",
        "SELECT COUNT(*) AS n FROM branch ORDER BY name",
        "SELECT SUM(name) AS n FROM branch",
        "SELECT SUM(size + 1) AS n FROM branch",
        "SELECT UPPER(name) AS n FROM branch",
        "SELECT name FROM branch ORDER BY LEN(name)",
        "SELECT name FROM branch WHERE 1 = 1",
        "SELECT name FROM branch WHERE LEN(name) = 1",
        "SELECT name FROM branch WHERE name = city",
        "SELECT name FROM branch WHERE name = NULL",
        "SELECT name FROM branch WHERE name LIKE city",
        "SELECT name FROM branch WHERE name",
        "SELECT name FROM branch WHERE size = 'x'",
        "SELECT name FROM branch WHERE z.size = 1",
        "SELECT nothing FROM branch",
        "SELECT name FROM nothing",
        "SELECT title FROM store",
        "SELECT TOP 5001 name FROM branch",
        "SELECT TOP 5 PERCENT name FROM branch",
        "SELECT b.name FROM branch b RIGHT JOIN store s ON s.branchid = b.branchid",
        "SELECT b.name FROM branch b FULL OUTER JOIN store s ON s.branchid = b.branchid",
        "SELECT b.name FROM branch b CROSS JOIN store s",
        "SELECT b.name FROM branch b, store s",
        "SELECT b.name FROM branch b JOIN store s ON s.branchid = 'x'",
        "SELECT b.name FROM branch b JOIN store s ON b.branchid = b.parentbranchid",
        "SELECT b.name FROM branch b JOIN store b ON b.branchid = b.branchid",
        "SELECT name FROM branch FOR XML AUTO",
        "SELECT name FROM (SELECT name FROM branch) AS x",
        "SELECT name FROM branch WHERE " + "(" * 101 + "size = 1" + ")" * 101,
        "SELECT name FROM branch -- " + "x" * 33_000,
    ],
)
def test_what_the_service_does_not_take_is_refused(api: Client, text: str) -> None:
    reply = sql(api, text)

    assert reply.status == 400, reply.body
    assert reply.body["error"]["message"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT name FROM branch ORDER BY name OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY",
        "SELECT COUNT(*) AS n FROM branch GROUP BY city",
    ],
)
def test_what_is_not_emulated_says_so(api: Client, text: str) -> None:
    assert sql(api, text).status == 501


COLUMNS: dict[str, list[object]] = {
    "name": ["Head", "south", "o'neill", "x"],
    "city": ["bern", "BASEL", "zug"],
    "size": [0, 5, 20, 50],
    "rent": [0.0, 5.25, 20.0],
}
OPERATORS = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
CONDITIONS = st.one_of(
    [st.tuples(st.just(name), st.sampled_from(sorted(OPERATORS)), st.sampled_from(values)) for name, values in COLUMNS.items()]
)


def literal(value: object) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conditions=st.lists(CONDITIONS, min_size=1, max_size=4), joined=st.sampled_from(["and", "or"]))
def test_three_languages_find_the_same_rows(api: Client, conditions: list[tuple[str, str, object]], joined: str) -> None:
    odata = f" {joined} ".join(f"{name} {operator} {literal(value)}" for name, operator, value in conditions)
    text = f" {joined.upper()} ".join(f"{name} {OPERATORS[operator]} {literal(value)}" for name, operator, value in conditions)
    inside = "".join(f"<condition attribute='{n}' operator='{o}' value={quoteattr(str(v))}/>" for n, o, v in conditions)
    xml = f"<fetch><entity name='branch'><attribute name='name'/><filter type='{joined}'>{inside}</filter></entity></fetch>"

    by_filter = api.get(f"branches?$select=name&$filter={odata}").names
    assert sql(api, f"SELECT name FROM branch WHERE {text}").names == by_filter
    assert api.get(f"branches?fetchXml={quote(xml, safe='')}").names == by_filter
