from __future__ import annotations

import uuid

import pytest

from tests.emulator.toy import ADA, BOB, CONTOSO, EMPTY, FABRIKAM, PAGE, SALES
from tests.emulator.wire import Client

NOWHERE = "00000000-0000-0000-0000-00000000dead"


def test_a_collection_has_a_context_etags_and_the_primary_key_whatever_was_selected(api: Client) -> None:
    reply = api.get("accounts?$select=name,employees&$filter=name eq 'Contoso'")

    base = f"{api.server.url('toy')}/api/data/v9.2"
    assert 200 == reply.status
    assert f"{base}/$metadata#accounts(name,employees)" == reply.body["@odata.context"]
    row = reply.body["value"][0]
    assert ["@odata.etag", "name", "employees", "accountid"] == list(row)
    assert row["@odata.etag"].startswith('W/"')


def test_columns_without_a_value_are_present_and_null(api: Client) -> None:
    row = api.get(f"accounts({EMPTY})").body

    assert row["employees"] is None
    assert row["_primarycontactid_value"] is None
    assert row["@odata.etag"] == f'W/"{row["versionnumber"]}"'
    assert row["@odata.context"].endswith("$metadata#accounts/$entity")


def test_annotations_come_only_on_request_and_before_their_property(api: Client) -> None:
    bare = api.get(f"accounts({CONTOSO})")
    asked = api.get(f"accounts({CONTOSO})", Prefer='odata.include-annotations="*"')

    assert [] == [name for name in bare.body if "@" in name and not name.startswith("@")]
    body = asked.body
    assert "Yes" == body["creditonhold@OData.Community.Display.V1.FormattedValue"]
    assert "Accounting" == body["industrycode@OData.Community.Display.V1.FormattedValue"]
    assert "Ada Byron" == body["_primarycontactid_value@OData.Community.Display.V1.FormattedValue"]
    assert "contact" == body["_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname"]
    assert "primarycontactid" == body["_primarycontactid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"]
    names = list(body)
    assert names.index("industrycode") == 1 + names.index("industrycode@OData.Community.Display.V1.FormattedValue")
    assert 'odata.include-annotations="*"' == asked.headers["Preference-Applied"]


def test_annotations_may_be_asked_for_by_name_without_quotes(api: Client) -> None:
    wanted = "OData.Community.Display.V1.FormattedValue"
    body = api.get(f"accounts({CONTOSO})?$select=industrycode,_primarycontactid_value", Prefer=f"odata.include-annotations={wanted}").body

    assert f"industrycode@{wanted}" in body
    assert "_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname" not in body


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ("name eq 'CONTOSO'", ["Contoso"]),
        ("contains(name,'ABRI')", ["fabrikam"]),
        ("startswith(name,'con') or endswith(name,'kam')", ["Contoso", "fabrikam"]),
        ("not contains(name,'o')", ["fabrikam", "Empty_100%"]),
        ("not (employees gt 10)", ["fabrikam", "Empty_100%"]),
        ("not employees gt 10", ["fabrikam", "Empty_100%"]),
        ("employees eq null", ["Empty_100%"]),
        ("employees ne null and employees le 7", ["fabrikam"]),
        ("employees ne 7", ["Contoso", "Empty_100%"]),
        ("employees lt -1", []),
        ("employees ge 50", ["Contoso"]),
        ("creditonhold eq true", ["Contoso"]),
        ("creditonhold ne true", ["fabrikam", "Empty_100%"]),
        (f"_primarycontactid_value eq {ADA}", ["Contoso"]),
        (f"_primarycontactid_value eq '{ADA.upper()}'", ["Contoso"]),
        ("primarycontactid/fullname eq 'ada byron'", ["Contoso"]),
        ("name in ('contoso','FABRIKAM')", ["Contoso", "fabrikam"]),
        ("name in ('contoso')", ["Contoso"]),
        ("employees in (7)", ["fabrikam"]),
        ("allowance eq null and employees eq 50", ["Contoso"]),
        ("lastmeeting gt 2020-01-01T00:00:00Z", ["Contoso"]),
        ("lastmeeting gt 2020-01-01", ["Contoso"]),
        ("lastmeeting eq 2020-01-01T00:00:00Z", []),
        ("name eq accountnumber", []),
        ("name lt 'd'", ["Contoso"]),
        ("name lt 5", []),
        ("contains(name,'100[%]')", ["Empty_100%"]),
        ("contains(name,'m_n')", []),
        ("contains(name,'n_oso')", ["Contoso"]),
        ("startswith(name,'%br')", ["fabrikam"]),
        ("contains(name,'[^a-z]1')", ["Empty_100%"]),
        ("contains(accountnumber,'f')", ["fabrikam"]),
        ("Microsoft.Dynamics.CRM.In(PropertyName='accountnumber',PropertyValues=['c1','x'])", ["Contoso"]),
        ('Microsoft.Dynamics.CRM.In(PropertyName="accountnumber",PropertyValues=["F1"])', ["fabrikam"]),
        ("Microsoft.Dynamics.CRM.In(PropertyName='employees',PropertyValues=['7'])", ["fabrikam"]),
        ("Microsoft.Dynamics.CRM.NotIn(PropertyName='employees',PropertyValues=['7','50'])", ["Empty_100%"]),
        ("status eq 'seen by rictl' and name eq 'contoso'", ["Contoso"]),
    ],
)
def test_filters_compare_as_dataverse_does(api: Client, filter: str, names: list[str]) -> None:
    reply = api.get(f"accounts?$select=name&$filter={filter}".replace("%", "%25").replace("%2520", "%20"))

    assert names == reply.names


def test_the_caller_is_found_by_equal_user_id(api: Client) -> None:
    api.get("WhoAmI")
    reply = api.get("systemusers?$select=fullname&$filter=Microsoft.Dynamics.CRM.EqualUserId(PropertyName='systemuserid')")

    assert ["rictl"] == [row["fullname"] for row in reply.body["value"]]
    others = api.get("systemusers?$filter=Microsoft.Dynamics.CRM.NotEqualUserId(PropertyName='systemuserid')")
    assert [] == others.body["value"]


def test_option_names_may_be_encoded_and_spaces_may_be_plus(api: Client) -> None:
    reply = api.get("accounts?%24select=name&%24filter=name+eq+'contoso'&$orderby=name+desc")

    assert ["Contoso"] == reply.names


def test_parameter_aliases_stand_for_their_values_but_not_inside_text(api: Client) -> None:
    assert ["Contoso"] == api.get("accounts?$filter=name eq @p1&@p1='contoso'").names
    assert [] == api.get("accounts?$filter=name eq '@p1'&@p1='contoso'").names


def test_rows_are_ordered_with_null_first_and_lookups_by_name(api: Client) -> None:
    assert ["Empty_100%", "fabrikam", "Contoso"] == api.get("accounts?$orderby=employees").names
    assert ["Contoso", "fabrikam", "Empty_100%"] == api.get("accounts?$orderby=employees desc,name").names
    assert ["fabrikam", "Empty_100%", "Contoso"] == api.get("accounts?$orderby=primarycontactid asc").names
    assert ["Contoso"] == api.get("accounts?$orderby=name&$top=1").names


@pytest.mark.parametrize(
    "options",
    [
        "$select=nope",
        "$filter=nope eq 1",
        "$filter=nope/name eq 1",
        "$filter=primarycontactid/nope eq 1",
        "$orderby=nope",
        "$expand=nope",
        "$expand=primarycontactid($select=nope)",
    ],
)
def test_an_unknown_property_is_named_together_with_its_type(api: Client, options: str) -> None:
    reply = api.get(f"accounts?{options}")

    assert (400, "0x80060888") == reply.error
    table = "contact" if "primarycontactid" in options else "account"
    assert f"Could not find a property named 'nope' on type 'Microsoft.Dynamics.CRM.{table}'." == reply.body["error"]["message"]


@pytest.mark.parametrize(
    "options",
    [
        "$skip=1",
        "$search=x",
        "$format=json",
        "$nope=1",
        "$top=-1",
        "$count=maybe",
        "$filter=name eq 'x",
        '$filter=name eq "x',
        "$filter=name eq",
        "$filter=" + "(" * 60 + "name eq 1" + ")" * 60,
        "$orderby=name sideways",
        "$filter=not Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['x'])",
        "$expand=primarycontactid($select=fullname",
        "$expand=primarycontactid($skip=1)",
        "$expand=primarycontactid($orderby=fullname)",
        "$skiptoken=junk",
        "$expand=" + ",".join(["primarycontactid"] * 16),
    ],
)
def test_what_the_service_refuses_is_refused(api: Client, options: str) -> None:
    assert 400 == api.get(f"accounts?{options}").status


@pytest.mark.parametrize(
    "path",
    [
        "accounts?$apply=aggregate($count as c)",
        "accounts?fetchXml=<fetch/>",
        "accounts?sql=SELECT 1",
        "accounts?savedQuery=x",
        "accounts?something=else",
        "accounts?$filter=tolower(name) eq 'x'",
        "accounts?$filter=account_contacts/any(o:o/fullname eq 'x')",
        "accounts?$filter=Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=3)",
        "accounts?$expand=primarycontactid/$ref",
        f"accounts({CONTOSO})/name/$value",
        "GlobalOptionSetDefinitions",
        "RelationshipDefinitions",
    ],
)
def test_what_is_not_emulated_says_so_with_501(api: Client, path: str) -> None:
    reply = api.get(path)

    assert 501 == reply.status
    assert reply.body["error"]["message"].startswith("The embedded Dataverse does not support ")


def test_change_tracking_is_refused_loudly(api: Client) -> None:
    assert 501 == api.get("accounts", Prefer="odata.track-changes").status


def test_missing_rows_and_resources_have_their_own_texts(api: Client) -> None:
    row = api.get(f"accounts({NOWHERE})")
    segment = api.get("Accounts")

    assert (404, "0x80040217") == row.error
    assert f"account With Id = {NOWHERE} Does Not Exist" == row.body["error"]["message"]
    assert (404, "0x80060888") == segment.error
    assert "Resource not found for the segment 'Accounts'." == segment.body["error"]["message"]


def test_every_annotation_brings_the_long_form_of_errors(api: Client) -> None:
    error = api.get(f"accounts({NOWHERE})", Prefer='odata.include-annotations="*"').body["error"]

    assert "404" == error["@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionHttpStatusCode"]


@pytest.mark.parametrize("key", [CONTOSO.upper(), f"accountid={CONTOSO}", "accountnumber='c1'", "accountnumber=%27C1%27"])
def test_a_row_is_found_by_any_spelling_of_its_key(api: Client, key: str) -> None:
    assert "Contoso" == api.get(f"accounts({key})").body["name"]


@pytest.mark.parametrize("key", ["name='Contoso'", "1", "accountnumber='C1',name='x'"])
def test_other_columns_are_no_key(api: Client, key: str) -> None:
    assert (400, "0x80060888") == api.get(f"accounts({key})").error


def test_an_alternate_key_that_no_row_has_is_missing(api: Client) -> None:
    assert (404, "0x80060891") == api.get("accounts(accountnumber='none')").error


@pytest.mark.parametrize("path", ["accounts(", "Echo(A)", "accounts(1"])
def test_broken_paths_are_refused(api: Client, path: str) -> None:
    assert 400 == api.get(path).status


def test_lookups_and_collections_are_expanded(api: Client) -> None:
    row = api.get(
        f"accounts({CONTOSO})?$select=name"
        "&$expand=primarycontactid($select=fullname),account_contacts($select=fullname;$orderby=fullname desc;$top=1),ownerid"
    ).body

    assert "Ada Byron" == row["primarycontactid"]["fullname"]
    assert ADA == row["primarycontactid"]["contactid"]
    assert ["Bob O'Neill"] == [contact["fullname"] for contact in row["account_contacts"]]
    assert row["ownerid"] is None
    assert api.get(f"accounts({EMPTY})?$expand=primarycontactid").body["primarycontactid"] is None
    filtered = api.get(f"accounts({CONTOSO})?$expand=account_contacts($filter=contains(fullname,'O''Neill'))").body
    assert [BOB] == [contact["contactid"] for contact in filtered["account_contacts"]]
    nested = api.get(f"contacts({ADA})?$expand=companyid($expand=primarycontactid($select=fullname))").body
    assert "Ada Byron" == nested["companyid"]["primarycontactid"]["fullname"]


def test_properties_and_navigation_have_addresses_of_their_own(api: Client) -> None:
    where = f"accounts({CONTOSO})"

    assert "Contoso" == api.get(f"{where}/name").body["value"]
    assert 204 == api.get(f"{where}/score").status
    assert "Ada Byron" == api.get(f"{where}/primarycontactid").body["fullname"]
    assert "Ada Byron" == api.get(f"{where}/primarycontactid/fullname").body["value"]
    assert 204 == api.get(f"accounts({EMPTY})/primarycontactid").status
    assert 2 == len(api.get(f"{where}/account_contacts").body["value"])
    assert f"contacts({ADA})" in api.get(f"{where}/primarycontactid/$ref").body["@odata.id"]
    assert 2 == len(api.get(f"{where}/account_contacts/$ref").body["value"])
    assert 404 == api.get(f"{where}/nope").status
    assert 404 == api.get("accounts/nope").status


def test_counts_are_numbers_behind_a_byte_order_mark(api: Client) -> None:
    reply = api.get("accounts/$count?$filter=employees ne null")

    assert b"\xef\xbb\xbf2" == reply.content
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert b"\xef\xbb\xbf3" == api.get("accounts/$count").content
    counted = api.get("accounts?$count=true&$top=1", Prefer='odata.include-annotations="*"').body
    assert 3 == counted["@odata.count"]
    assert 3 == counted["@Microsoft.Dynamics.CRM.totalrecordcount"]


def test_pages_follow_one_another_without_gap_or_repetition(api: Client) -> None:
    for number in range(5):
        api("POST", "accounts", {"name": f"n{number}"})
    seen: list[str] = []
    reply = api.get("accounts?$select=name&$orderby=name", Prefer="odata.maxpagesize=3")
    sizes = []
    while True:
        seen += reply.names
        sizes.append(len(reply.names))
        assert "odata.maxpagesize=3" == reply.headers["Preference-Applied"]
        link = reply.body.get("@odata.nextLink")
        if link is None:
            break
        assert link.startswith(f"{api.server.url('toy')}/api/data/v9.2/accounts?")
        reply = api.get(link.partition("/v9.2/")[2], Prefer="odata.maxpagesize=3")

    assert [3, 3, 2] == sizes
    assert sorted(seen, key=str.casefold) == seen
    assert 8 == len(set(seen))


def test_top_is_ignored_when_a_page_size_is_sent(api: Client) -> None:
    reply = api.get("accounts?$top=1", Prefer="odata.maxpagesize=2")

    assert 2 == len(reply.names)
    assert "@odata.nextLink" in reply.body


def test_a_known_version_is_answered_with_304(api: Client) -> None:
    etag = api.get(f"accounts({CONTOSO})").body["@odata.etag"]

    same = api.get(f"accounts({CONTOSO})", If_None_Match=etag)
    assert (304, b"") == (same.status, same.content)
    assert "4.0" == same.headers["OData-Version"]
    assert 200 == api.get(f"accounts({CONTOSO})", If_None_Match="null").status
    assert 200 == api.get(f"accounts({CONTOSO})?$expand=ownerid", If_None_Match=etag).status


def test_many_to_many_collections_are_read_through_the_pairs(api: Client) -> None:
    me = api.get("WhoAmI").body["UserId"]
    api("POST", f"systemusers({me})/systemuserroles_association/$ref", {"@odata.id": f"roles({SALES})"})

    roles = api.get(f"systemusers({me})?$select=fullname&$expand=systemuserroles_association($select=name)").body
    assert ["Salesperson"] == [role["name"] for role in roles["systemuserroles_association"]]
    users = api.get(f"roles({SALES})/systemuserroles_association?$select=fullname").body["value"]
    assert ["rictl"] == [user["fullname"] for user in users]


def test_functions_take_parameters_inline_and_by_alias(api: Client) -> None:
    given = api.get("Echo(A='it''s',B=@b,C=@c,D=Microsoft.Dynamics.CRM.Kind'Default',E=2)?@b=[\"x\",1]&@c={'@odata.id':'accounts(1)'}")

    assert {"A": "it's", "B": ["x", 1], "C": {"@odata.id": "accounts(1)"}, "D": "Default", "E": 2} == given.body["Given"]
    assert given.body["@odata.context"].endswith("#Microsoft.Dynamics.CRM.EchoResponse")
    assert 400 == api.get("Echo(A=@missing)").status
    assert {"A": "junk}"} == api.get("Echo(A=junk})").body["Given"]


def test_the_wrong_verb_on_an_operation_is_not_found(api: Client) -> None:
    assert (404, "") == api("POST", "WhoAmI", {}).error
    assert (404, "") == api.get("PublishXml").error


def test_bound_operations_need_their_full_name_and_their_binding(api: Client) -> None:
    assert 200 == api.get(f"pages({PAGE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").status
    assert 404 == api.get(f"pages({PAGE})/RetrieveUnpublished()").status
    assert 400 == api.get(f"accounts({CONTOSO})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").status
    assert 400 == api.get("pages/Microsoft.Dynamics.CRM.RetrieveUnpublished()").status
    assert 404 == api.get("pages/Microsoft.Dynamics.CRM.Nope()").status
    assert 404 == api.get(f"pages({NOWHERE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").status
    assert 501 == api("POST", "accounts/Microsoft.Dynamics.CRM.CreateMultiple", {}).status
    assert 501 == api.get(f"pages({PAGE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()/title").status


def test_a_fault_of_the_emulator_is_a_500_without_a_traceback(api: Client) -> None:
    reply = api("POST", "Fail", {})

    assert (500, "0x80040216") == reply.error
    assert "Traceback" not in reply.content.decode()
    assert 200 == api.get("WhoAmI").status


def test_answers_carry_the_headers_that_clients_read(api: Client) -> None:
    headers = api.get("WhoAmI").headers

    assert "4.0" == headers["OData-Version"]
    assert 4 == int(headers["x-ms-dop-hint"])
    assert "1,200.00" == headers["x-ms-ratelimit-time-remaining-xrm-requests"]
    assert uuid.UUID(headers["x-ms-service-request-id"].split(",")[0])
    assert headers["REQ_ID"]
    assert headers["Content-Type"].startswith("application/json; odata.metadata=minimal")


@pytest.mark.parametrize("version", ["v9.0", "v9.1", "v9.2"])
def test_any_version_nine_answers_under_its_own_address(api: Client, version: str) -> None:
    from tests.emulator.wire import send

    url = f"{api.server.url('toy')}/api/data/{version}/accounts"
    reply = send("GET", url, headers={"Authorization": f"Bearer {api.token}"})

    assert f"{api.server.url('toy')}/api/data/{version}/$metadata#accounts" == reply.body["@odata.context"]


def test_a_selected_navigation_property_shows_its_id(api: Client) -> None:
    assert ADA == api.get(f"accounts({CONTOSO})?$select=primarycontactid").body["_primarycontactid_value"]


def test_very_long_addresses_are_refused(api: Client) -> None:
    assert 414 == api.get("accounts?$filter=" + "x" * 66_000).status
