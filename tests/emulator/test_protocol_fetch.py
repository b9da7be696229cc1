"""FetchXML over HTTP: shapes, joins, aggregates, pages, refusals."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, unquote
from xml.sax.saxutils import quoteattr

import pytest

from reconciler.catalog.table import Column, Table
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.query_world import BRANCHES, STORES, QueryDomain, query_client
from tests.emulator.toy import CATALOG, SOURCE
from tests.emulator.wire import Client, Reply

PAGING = 'odata.include-annotations="Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords"'
EVERYTHING = 'odata.include-annotations="*"'


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with query_client(tmp_path_factory.mktemp("fetch")) as client:
        yield client


def fetch(api: Client, xml: str, table: str = "branches", more: str = "", **headers: str) -> Reply:
    return api.get(f"{table}?fetchXml={quote(xml, safe='')}{more}", **headers)


def branches(inside: str, attributes: str = "") -> str:
    return f"<fetch {attributes}><entity name='branch'><attribute name='name'/>{inside}</entity></fetch>"


def filtered(api: Client, inside: str, kind: str = "and") -> list[str]:
    reply = fetch(api, branches(f"<filter type='{kind}'>{inside}</filter>"))
    assert reply.status == 200, reply.body
    return reply.names


def test_an_answer_has_the_asked_columns_the_key_and_no_nulls(api: Client) -> None:
    xml = branches("<attribute name='city'/><attribute name='parentbranchid'/>", "top='5'")
    body = fetch(api, xml).body

    assert body["@odata.context"].endswith("/$metadata#branches(name,city,_parentbranchid_value,branchid)")
    assert list(body) == ["@odata.context", "value"]
    assert list(body["value"][0]) == ["@odata.etag", "name", "city", "branchid"]
    assert body["value"][1]["_parentbranchid_value"] == BRANCHES[0]
    assert list(body["value"][4]) == ["@odata.etag", "name", "branchid"]


def test_without_attributes_every_column_with_a_value_is_there(api: Client) -> None:
    for inside in ("", "<all-attributes/>", "<all-attributes/><attribute name='name'/>"):
        row = fetch(api, f"<fetch><entity name='branch'>{inside}</entity></fetch>").body["value"][4]
        assert [name for name in row if not name.startswith("@")] == ["branchid", "name", "language", "versionnumber"]


def test_aliases_are_explained_by_annotations(api: Client) -> None:
    inside = "<attribute name='kind' alias='what'/><attribute name='parentbranchid' alias='above'/>"
    xml = f"<fetch top='2'><entity name='branch'>{inside}</entity></fetch>"
    row = fetch(api, xml, Prefer=EVERYTHING).body["value"][1]

    assert list(row) == [
        "@odata.etag",
        "what@OData.Community.Display.V1.AttributeName",
        "what@OData.Community.Display.V1.FormattedValue",
        "what",
        "above@OData.Community.Display.V1.AttributeName",
        "above@Microsoft.Dynamics.CRM.lookuplogicalname",
        "above@OData.Community.Display.V1.FormattedValue",
        "above",
        "branchid",
    ]
    assert row["above@OData.Community.Display.V1.FormattedValue"] == "Head"
    assert row["what@OData.Community.Display.V1.AttributeName"] == "kind"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("attribute='name' operator='eq' value='SOUTH'", ["south"]),
        ("attribute='city' operator='ne' value='bern'", ["North", "Far 100%", "Lone", "O'Neill"]),
        ("attribute='size' operator='neq' value='20'", ["Head", "Far 100%", "Lone", "O'Neill"]),
        ("attribute='size' operator='gt' value='20'", ["Head"]),
        ("attribute='size' operator='ge' value='20'", ["Head", "North", "south"]),
        ("attribute='rent' operator='lt' value='5.5'", ["south", "Far 100%"]),
        ("attribute='size' operator='le' value='7'", ["Far 100%", "O'Neill"]),
        ("attribute='open' operator='eq' value='1'", ["Head", "North", "Far 100%"]),
        ("attribute='open' operator='eq' value='false'", ["south", "O'Neill"]),
        ("attribute='name' operator='like' value='%O%'", ["North", "south", "Lone", "O'Neill"]),
        ("attribute='name' operator='like' value='%100[%]'", ["Far 100%"]),
        ("attribute='name' operator='not-like' value='%o%'", ["Head", "Far 100%"]),
        ("attribute='city' operator='begins-with' value='b'", ["Head", "North", "south", "O'Neill"]),
        ("attribute='city' operator='not-begin-with' value='b'", ["Far 100%", "Lone"]),
        ("attribute='city' operator='ends-with' value='l'", ["North", "O'Neill"]),
        ("attribute='city' operator='not-end-with' value='l'", ["Head", "south", "Far 100%", "Lone"]),
        ("attribute='city' operator='null'", ["Lone"]),
        ("attribute='city' operator='not-null'", ["Head", "North", "south", "Far 100%", "O'Neill"]),
        ("attribute='size' operator='in' value='5,7'", ["Far 100%", "O'Neill"]),
        ("attribute='opened' operator='on' value='2026-11-22'", ["North"]),
        ("attribute='opened' operator='last-x-days' value='1'", ["Head", "North"]),
        ("attribute='opened' operator='today'", ["Head"]),
        (f"attribute='parentbranchid' operator='eq' value='{{{BRANCHES[0].upper()}}}'", ["North", "south"]),
        ("attribute='businessunitid' operator='eq-businessid'", ["Head", "North", "south"]),
        (f"attribute='branchid' operator='under' value='{BRANCHES[0]}'", ["North", "south", "Far 100%"]),
        ("attribute='name' operator='eq' valueof='city'", []),
        ("attribute='size' operator='ne' valueof='rent'", ["Head", "south", "Far 100%"]),
        ("attribute='size' operator='gt' valueof='rent'", ["south"]),
    ],
)
def test_conditions_find_what_they_say(api: Client, condition: str, expected: list[str]) -> None:
    assert filtered(api, f"<condition {condition}/>") == expected


def test_several_values_stand_in_elements(api: Client) -> None:
    given = "<value>5</value><value>20</value>"

    assert filtered(api, f"<condition attribute='size' operator='in'>{given}</condition>") == ["North", "south", "Far 100%"]
    assert filtered(api, f"<condition attribute='size' operator='not-in'>{given}</condition>") == ["Head", "Lone", "O'Neill"]
    assert filtered(api, f"<condition attribute='size' operator='between'>{given}</condition>") == ["North", "south", "Far 100%", "O'Neill"]
    assert filtered(api, f"<condition attribute='size' operator='not-between'>{given}</condition>") == ["Head", "Lone"]


def test_filters_nest(api: Client) -> None:
    inside = (
        "<condition attribute='size' operator='eq' value='50'/>"
        "<filter type='and'><condition attribute='city' operator='eq' value='basel'/>"
        "<condition attribute='open' operator='eq' value='0'/></filter>"
    )

    assert filtered(api, inside, "or") == ["Head", "O'Neill"]
    assert filtered(api, "", "or") == ["Head", "North", "south", "Far 100%", "Lone", "O'Neill"]


def test_rows_are_ordered(api: Client) -> None:
    by = "<order attribute='size' descending='true'/><order attribute='name'/>"

    assert fetch(api, branches(by)).names == ["Head", "North", "south", "O'Neill", "Far 100%", "Lone"]
    assert fetch(api, branches("<order attribute='parentbranchid' descending='true'/>")).names[0] == "Far 100%"
    store = "<link-entity name='store' from='branchid' to='branchid' alias='s'><order attribute='area'/></link-entity>"
    assert fetch(api, branches(store)).names == ["Head", "North", "Head"]
    assert fetch(api, branches(store.replace("<order attribute='area'/>", "") + "<order entityname='s' attribute='title'/>")).names == [
        "Head",
        "Head",
        "North",
    ]


def test_linked_columns_carry_the_alias_of_their_table(api: Client) -> None:
    link = (
        "<link-entity name='store' from='branchid' to='branchid' alias='shop' link-type='inner'>"
        "<attribute name='title'/><attribute name='area' alias='metres'/><attribute name='branchid'/></link-entity>"
    )
    rows = fetch(api, branches(link), Prefer=EVERYTHING).body["value"]

    assert [(row["name"], row["shop.title"], row["metres"]) for row in rows] == [
        ("Head", "Alpha", 10),
        ("Head", "beta", 30),
        ("North", "Gamma", 20),
    ]
    assert rows[0]["shop.title@OData.Community.Display.V1.AttributeName"] == "title"
    assert rows[0]["shop.branchid"] == BRANCHES[0]
    assert rows[0]["shop.branchid@Microsoft.Dynamics.CRM.lookuplogicalname"] == "branch"


def test_an_outer_link_keeps_rows_without_a_partner(api: Client) -> None:
    link = "<link-entity name='store' from='branchid' to='branchid' link-type='outer'>{}"
    link += "<filter><condition attribute='area' operator='gt' value='15'/></filter></link-entity>"
    rows = fetch(api, branches(link.format("<attribute name='title'/>"))).body["value"]

    assert [(row["name"], row.get("store1.title")) for row in rows][:3] == [("Head", "beta"), ("North", "Gamma"), ("south", None)]
    assert len(rows) == 6
    without = link.replace("/></filter>", "/></filter>").replace("outer'", "outer' alias='s'")
    only = "<filter><condition entityname='s' attribute='storeid' operator='null'/></filter>"
    assert fetch(api, branches(without.format("") + only)).names == ["south", "Far 100%", "Lone", "O'Neill"]


@pytest.mark.parametrize("kind", ["exists", "in"])
def test_a_row_with_several_partners_exists_once(api: Client, kind: str) -> None:
    link = f"<link-entity name='store' from='branchid' to='branchid' link-type='{kind}'><attribute name='title'/></link-entity>"

    reply = fetch(api, branches(link))
    assert reply.names == ["Head", "North"]
    assert list(reply.body["value"][0]) == ["@odata.etag", "name", "branchid"]


def test_links_nest_and_cross_intersect_tables(api: Client) -> None:
    link = (
        "<link-entity name='branch_tag' from='branchid' to='branchid' intersect='true'>"
        "<link-entity name='tag' from='tagid' to='tagid' alias='t'><attribute name='word'/>"
        "<filter><condition attribute='word' operator='eq' value='new'/></filter></link-entity></link-entity>"
    )
    rows = fetch(api, branches(link)).body["value"]

    assert [(row["name"], row["t.word"]) for row in rows] == [("Head", "new"), ("North", "new")]


def test_a_linked_table_may_show_every_column(api: Client) -> None:
    link = "<link-entity name='store' from='branchid' to='branchid' alias='s'><all-attributes/></link-entity>"
    row = fetch(api, branches(link)).body["value"][0]

    assert (row["s.title"], row["s.storeid"]) == ("Alpha", STORES[0])


def test_distinct_rows_have_no_key(api: Client) -> None:
    xml = "<fetch distinct='true'><entity name='branch'><attribute name='city'/><order attribute='city'/></entity></fetch>"

    assert fetch(api, xml).body["value"] == [{}, {"city": "Basel"}, {"city": "Bern"}, {"city": "Chur"}]


def test_aggregates_count_sum_and_compare(api: Client) -> None:
    functions = ("count", "countcolumn", "sum", "avg", "min", "max")
    inside = "".join(f"<attribute name='size' alias='{name}' aggregate='{name}'/>" for name in functions)
    inside += "<attribute name='size' alias='kinds' aggregate='countcolumn' distinct='true'/>"
    inside += "<attribute name='opened' alias='last' aggregate='max'/>"
    body = fetch(api, f"<fetch aggregate='true'><entity name='branch'>{inside}</entity></fetch>").body

    assert body["value"] == [
        {"count": 6, "countcolumn": 5, "sum": 102, "avg": 20, "min": 5, "max": 50, "kinds": 4, "last": "2026-11-24T10:00:00Z"}
    ]


def test_groups_are_formatted_and_leave_null_out(api: Client) -> None:
    inside = (
        "<attribute name='rent' alias='rent' aggregate='avg'/><attribute name='kind' alias='kind' groupby='true'/>"
        "<order alias='kind' descending='true'/>"
    )
    rows = fetch(api, f"<fetch aggregate='true'><entity name='branch'>{inside}</entity></fetch>", Prefer=EVERYTHING).body["value"]

    assert [(row.get("kind"), row.get("rent")) for row in rows] == [(2, 12.625), (1, 107.5 / 3), (None, None)]
    assert rows[0]["kind@OData.Community.Display.V1.FormattedValue"] == "Office"
    assert rows[0]["rent@OData.Community.Display.V1.FormattedValue"] == "12.62"
    assert rows[0]["rent@OData.Community.Display.V1.AttributeName"] == "rent"
    assert rows[2] == {}


def test_groups_of_a_lookup_have_the_name_of_what_it_leads_to(api: Client) -> None:
    inside = (
        "<attribute name='parentbranchid' alias='parent' groupby='true'/>"
        "<link-entity name='store' from='branchid' to='branchid' link-type='outer'>"
        "<attribute name='area' alias='area' aggregate='sum'/></link-entity>"
    )
    rows = fetch(api, f"<fetch aggregate='true'><entity name='branch'>{inside}</entity></fetch>", Prefer=EVERYTHING).body["value"]

    assert [(row.get("parent@OData.Community.Display.V1.FormattedValue"), row["area"]) for row in rows] == [
        (None, 40),
        ("Head", 20),
        ("North", 0),
    ]


def test_an_aggregate_limit_is_kept(api: Client) -> None:
    count = "<attribute name='name' alias='n' aggregate='count'/>"
    xml = f"<fetch aggregate='true' aggregatelimit='5'><entity name='branch'>{count}</entity></fetch>"

    assert fetch(api, xml).error == (400, "0x8004e023")


def test_pages_follow_the_cookie_as_clients_send_it_back(api: Client) -> None:
    xml = branches("<order attribute='name'/>", "count='2' page='1'")
    seen: list[str] = []
    cookies = []
    for number in range(1, 4):
        reply = fetch(api, xml, Prefer=PAGING)
        seen += reply.names
        if not reply.body.get("@Microsoft.Dynamics.CRM.morerecords", False):
            break
        outer = ET.fromstring(reply.body["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"])
        inner = unquote(unquote(outer.attrib["pagingcookie"]))
        cookies.append(inner)
        assert outer.attrib["pagenumber"] == str(number + 1)
        assert outer.attrib["istracking"] == "False"
        xml = branches("<order attribute='name'/>", f"count='2' page='{number + 1}' paging-cookie={quoteattr(inner)}")

    assert seen == ["Far 100%", "Head", "Lone", "North", "O'Neill", "south"]
    assert "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie" not in reply.body
    first, last = BRANCHES[3].upper(), BRANCHES[0].upper()
    assert cookies[0] == (
        f'<cookie page="1"><name last="Head" first="Far 100%" /><branchid last="{{{last}}}" first="{{{first}}}" /></cookie>'
    )


def test_paging_is_told_only_on_request(api: Client) -> None:
    assert list(fetch(api, branches("", "count='2'")).body) == ["@odata.context", "value"]
    assert fetch(api, branches("", "count='2' page='4'")).names == []


@pytest.mark.parametrize("more", ["", "&$count=true"])
def test_rows_are_counted(api: Client, more: str) -> None:
    attributes = "count='2'" if more else "count='2' returntotalrecordcount='true'"
    body = fetch(api, branches("", attributes), more=more, Prefer=EVERYTHING).body

    assert body["@odata.count"] == 6
    assert body["@Microsoft.Dynamics.CRM.totalrecordcount"] == 6
    assert body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is False
    assert body["@Microsoft.Dynamics.CRM.morerecords"] is True


def test_a_long_query_comes_in_a_batch(api: Client) -> None:
    values = "".join(f"<value>{number:0100d}</value>" for number in range(400)) + "<value>South</value>"
    xml = branches(f"<filter><condition attribute='name' operator='in'>{values}</condition></filter>")
    address = f"{api.server.url('toy')}/api/data/v9.2/branches?fetchXml={quote(xml, safe='')}"
    lines = [
        "--b",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"GET {address} HTTP/1.1",
        "",
        "",
        "--b--",
        "",
    ]
    reply = api("POST", "$batch", raw="\r\n".join(lines).encode(), headers={"Content-Type": "multipart/mixed; boundary=b"})

    assert reply.status == 200
    assert b'"name": "south"' in reply.content or b'"name":"south"' in reply.content


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<fetch>",
        "<query/>",
        "<fetch/>",
        "<fetch><entity name='branch'/><entity name='branch'/></fetch>",
        "<fetch><entity/></fetch>",
        "<fetch><entity name='nothing'/></fetch>",
        "<fetch><entity name='store'/></fetch>",
        "<fetch colour='red'><entity name='branch'/></fetch>",
        "<fetch top='x'><entity name='branch'/></fetch>",
        "<fetch top='5001'><entity name='branch'/></fetch>",
        "<fetch count='5001'><entity name='branch'/></fetch>",
        "<fetch top='5' page='1'><entity name='branch'/></fetch>",
        "<fetch top='5' returntotalrecordcount='1'><entity name='branch'/></fetch>",
        "<fetch distinct='perhaps'><entity name='branch'/></fetch>",
        "<fetch page='2' paging-cookie='junk'><entity name='branch'/></fetch>",
        "<fetch page='2' paging-cookie='&lt;x/&gt;'><entity name='branch'/></fetch>",
        "<fetch aggregate='true'><entity name='branch'><attribute name='name'/></entity></fetch>",
        "<fetch aggregate='true'><entity name='branch'><attribute name='name' aggregate='count'/></entity></fetch>",
        "<fetch><entity name='branch'><attribute name='name' aggregate='count' alias='n'/></entity></fetch>",
        "<fetch aggregate='true'><entity name='branch'><attribute name='name' aggregate='median' alias='n'/></entity></fetch>",
        "<fetch aggregate='true'><entity name='branch'><attribute name='name' aggregate='sum' alias='n'/></entity></fetch>",
        "<fetch aggregate='true'><entity name='branch'><attribute name='name' aggregate='max' alias='n'/></entity></fetch>",
        branches("<attribute/>"),
        branches("<attribute name='nothing'/>"),
        branches("<attribute name='_parentbranchid_value'/>"),
        branches("<banana/>"),
        branches("<order/>"),
        branches("<order attribute='nothing'/>"),
        branches("<order attribute='name' entityname='nobody'/>"),
        branches("<filter type='xor'/>"),
        branches("<filter><banana/></filter>"),
        branches("<filter><condition attribute='name'/></filter>"),
        branches("<filter><condition attribute='name' operator='resembles' value='x'/></filter>"),
        branches("<filter><condition attribute='name' operator='like' valueof='city'/></filter>"),
        branches("<filter><condition attribute='name' operator='eq'/></filter>"),
        branches("<filter><condition attribute='name' operator='eq'><banana/></condition></filter>"),
        branches("<filter>" + "<condition attribute='name' operator='null'/>" * 501 + "</filter>"),
        branches("<link-entity name='store' from='branchid' to='branchid' link-type='sideways'/>"),
        branches("<link-entity name='store' from='branchid' to='branchid' alias='s'/>" * 2),
        branches("<link-entity name='store' from='branchid' to='branchid'/>" * 16),
        branches("<link-entity name='store' to='branchid'/>"),
        branches("<filter>" * 50 + "</filter>" * 50),
        branches("<filter/>" * 2100),
        "<!DOCTYPE fetch><fetch><entity name='branch'/></fetch>",
        "<!DOCTYPE fetch [<!ENTITY a 'name'>]><fetch><entity name='&a;'/></fetch>",
        "<fetch><entity name='&undefined;'/></fetch>",
    ],
)
def test_what_is_wrong_with_a_query_is_refused(api: Client, xml: str) -> None:
    reply = fetch(api, xml)

    assert reply.status == 400
    assert reply.body["error"]["message"]


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        ("<fetch datasource='retained'><entity name='branch'/></fetch>", "datasource"),
        (
            branches("<attribute name='opened' alias='o' groupby='1' dategrouping='day'/>"),
            "dategrouping",
        ),
        (branches("<attribute name='branchid' rowaggregate='CountChildren'/>"), "rowaggregate"),
        (branches("<attribute name='parentbranchidname'/>"), "parentbranchidname"),
        (branches("<link-entity name='store' from='branchid' to='branchid' link-type='matchfirstrowusingcrossapply'/>"), "matchfirst"),
        (branches("<filter><link-entity name='store' from='branchid' to='branchid' link-type='any'/></filter>"), "link-entity"),
        (branches("<filter><condition attribute='opened' operator='this-fiscal-year'/></filter>"), "this-fiscal-year"),
        (branches("<filter><condition attribute='kind' operator='contain-values'><value>1</value></condition></filter>"), "contain-values"),
        (branches("<filter><condition attribute='name' operator='under' value='x'/></filter>"), "under"),
    ],
)
def test_what_is_not_emulated_is_named(api: Client, xml: str, name: str) -> None:
    reply = fetch(api, xml)

    assert reply.status == 501
    assert name in reply.body["error"]["message"]


def test_a_join_is_bounded(tmp_path_factory: pytest.TempPathFactory) -> None:
    with query_client(tmp_path_factory.mktemp("bounded")) as api:
        every = "<link-entity name='branch' from='language' to='language' alias='{}'>{}</link-entity>"
        inside = ""
        for number in range(12):
            inside = every.format(f"b{number}", inside)
        reply = fetch(api, branches(inside))

    assert reply.error == (400, "0x80044310")


def test_a_whole_query_stands_alone_and_on_a_set(api: Client) -> None:
    xml = branches("")

    assert fetch(api, xml, more="&$filter=name eq 'x'").status == 501
    assert fetch(api, xml, table=f"branches({BRANCHES[0]})").status == 400
    assert fetch(api, xml, table="branches/$count").status == 400
    assert fetch(api, xml, table=f"branches({BRANCHES[0]})/branch_stores").status == 400
    assert api.get("branches?savedQuery=x").status == 501
    assert api.get("accounts?$apply=aggregate($count as c)&fetchXml=<fetch/>").status == 501


VIEWS = Table(
    name="savedquery",
    entity_set="savedqueries",
    primary_id="savedqueryid",
    primary_name="name",
    label="View",
    source=SOURCE,
    columns=(
        Column("savedqueryid", "Uniqueidentifier", "View", required="SystemRequired"),
        Column("name", "String", "Name"),
        Column("fetchxml", "Memo", "Fetch"),
    ),
)


class ViewDomain(QueryDomain):
    tables = MappingProxyType({**QueryDomain.tables, "savedquery": VIEWS})


def test_a_saved_view_is_run(tmp_path: Path) -> None:
    with EmbeddedDataverse(tmp_path / "s.sqlite", domain=ViewDomain(), catalog=CATALOG, organization="toy") as server:
        api = Client(server, server.token())
        made = api("POST", "savedqueries", {"name": "v", "fetchxml": branches("", "top='1'")})
        id = made.headers["OData-EntityId"][-37:-1]

        assert api.get(f"branches?savedQuery={id}").names == ["Head"]
        assert api.get(f"stores?savedQuery={id}").status == 400
        assert api.get("branches?savedQuery=x").status == 400
        assert api.get(f"branches?savedQuery={BRANCHES[0]}").status == 404


def test_a_query_is_bounded_in_length_and_knows_its_tables(api: Client) -> None:
    assert api.get(f"branches?fetchXml={quote('<fetch>' + ' ' * 65_000)}").status == 414
    store = "<link-entity name='store' from='branchid' to='branchid' alias='s'/>"
    named = "<filter><condition entityname='store' attribute='title' operator='eq' value='gamma'/></filter>"
    assert fetch(api, branches(store + named)).names == ["North"]
