from __future__ import annotations

import uuid

import pytest

from tests.emulator.toy import ADA, BOB, CONTOSO, EMPTY, PAGE, SALES
from tests.emulator.wire import Client

NOWHERE = "00000000-0000-0000-0000-00000000dead"


def test_a_collection_has_a_context_etags_and_the_primary_key_whatever_was_selected(api: Client) -> None:
    reply = api.get("accounts?$select=name,employees&$filter=name eq 'Contoso'")

    base = f"{api.server.url('toy')}/api/data/v9.2"
    assert reply.status == 200
    assert f"{base}/$metadata#accounts(name,employees)" == reply.body["@odata.context"]
    row = reply.body["value"][0]
    assert list(row) == ["@odata.etag", "name", "employees", "accountid"]
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

    assert [name for name in bare.body if "@" in name and not name.startswith("@")] == []
    body = asked.body
    assert body["creditonhold@OData.Community.Display.V1.FormattedValue"] == "Yes"
    assert body["industrycode@OData.Community.Display.V1.FormattedValue"] == "Accounting"
    assert body["_primarycontactid_value@OData.Community.Display.V1.FormattedValue"] == "Ada Byron"
    assert body["_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "contact"
    assert body["_primarycontactid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"] == "primarycontactid"
    names = list(body)
    assert names.index("industrycode") == 1 + names.index("industrycode@OData.Community.Display.V1.FormattedValue")
    assert asked.headers["Preference-Applied"] == 'odata.include-annotations="*"'


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
        ("not(contains(name,'o'))", ["fabrikam", "Empty_100%"]),
        ("(name eq 'x')or(not(employees gt 10)and(name ne 'or(not(x'))", ["fabrikam", "Empty_100%"]),
        ("employees eq null", ["Empty_100%"]),
        ("employees ne null and employees le 7", ["fabrikam"]),
        ("employees ne 7", ["Contoso", "Empty_100%"]),
        ("employees lt -1", []),
        ("employees ge 50", ["Contoso"]),
        ("creditonhold eq true", ["Contoso"]),
        ("creditonhold ne true", ["fabrikam", "Empty_100%"]),
        (f"_primarycontactid_value eq {ADA}", ["Contoso"]),
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

    assert [row["fullname"] for row in reply.body["value"]] == ["rictl"]
    others = api.get("systemusers?$filter=Microsoft.Dynamics.CRM.NotEqualUserId(PropertyName='systemuserid')")
    assert others.body["value"] == []


def test_option_names_may_be_encoded_and_spaces_may_be_plus(api: Client) -> None:
    reply = api.get("accounts?%24select=name&%24filter=name+eq+'contoso'&$orderby=name+desc")

    assert reply.names == ["Contoso"]


def test_parameter_aliases_stand_for_their_values_but_not_inside_text(api: Client) -> None:
    assert api.get("accounts?$filter=name eq @p1&@p1='contoso'").names == ["Contoso"]
    assert api.get("accounts?$filter=name eq '@p1'&@p1='contoso'").names == []


def test_rows_are_ordered_with_null_first_and_lookups_by_name(api: Client) -> None:
    assert api.get("accounts?$orderby=employees").names == ["Empty_100%", "fabrikam", "Contoso"]
    assert api.get("accounts?$orderby=employees desc,name").names == ["Contoso", "fabrikam", "Empty_100%"]
    assert api.get("accounts?$orderby=primarycontactid asc").names == ["fabrikam", "Empty_100%", "Contoso"]
    assert api.get("accounts?$orderby=name&$top=1").names == ["Contoso"]


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

    assert reply.error == (400, "0x80060888")
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
    assert api.get(f"accounts?{options}").status == 400


@pytest.mark.parametrize(
    "path",
    [
        "accounts?userQuery=x",
        "accounts?savedQuery=x",
        "GlobalOptionSetDefinitions",
        f"accounts({CONTOSO})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess()",
    ],
)
def test_what_is_not_emulated_says_so_with_501(api: Client, path: str) -> None:
    reply = api.get(path)

    assert reply.status == 501
    assert reply.body["error"]["message"].startswith("The embedded Dataverse does not support ")


def test_change_tracking_is_refused_loudly(api: Client) -> None:
    assert api.get("accounts", Prefer="odata.track-changes").status == 501


def test_missing_rows_and_resources_have_their_own_texts(api: Client) -> None:
    row = api.get(f"accounts({NOWHERE})")
    segment = api.get("Accounts")

    assert row.error == (404, "0x80040217")
    assert f"account With Id = {NOWHERE} Does Not Exist" == row.body["error"]["message"]
    assert segment.error == (404, "0x80060888")
    assert segment.body["error"]["message"] == "Resource not found for the segment 'Accounts'."


def test_every_annotation_brings_the_long_form_of_errors(api: Client) -> None:
    error = api.get(f"accounts({NOWHERE})", Prefer='odata.include-annotations="*"').body["error"]

    assert error["@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionHttpStatusCode"] == "404"


@pytest.mark.parametrize("key", [CONTOSO.upper(), f"accountid={CONTOSO}", "accountnumber='c1'", "accountnumber=%27C1%27"])
def test_a_row_is_found_by_any_spelling_of_its_key(api: Client, key: str) -> None:
    assert api.get(f"accounts({key})").body["name"] == "Contoso"


@pytest.mark.parametrize("key", ["name='Contoso'", "1", "accountnumber='C1',name='x'"])
def test_other_columns_are_no_key(api: Client, key: str) -> None:
    assert api.get(f"accounts({key})").error == (400, "0x80060888")


def test_an_alternate_key_that_no_row_has_is_missing(api: Client) -> None:
    assert api.get("accounts(accountnumber='none')").error == (404, "0x80060891")


@pytest.mark.parametrize("path", ["accounts(", "Echo(A)", "accounts(1"])
def test_broken_paths_are_refused(api: Client, path: str) -> None:
    assert api.get(path).status == 400


def test_lookups_and_collections_are_expanded(api: Client) -> None:
    row = api.get(
        f"accounts({CONTOSO})?$select=name"
        "&$expand=primarycontactid($select=fullname),account_contacts($select=fullname;$orderby=fullname desc;$top=1),ownerid"
    ).body

    assert row["primarycontactid"]["fullname"] == "Ada Byron"
    assert row["primarycontactid"]["contactid"] == ADA
    assert [contact["fullname"] for contact in row["account_contacts"]] == ["Bob O'Neill"]
    assert row["ownerid"] is None
    assert api.get(f"accounts({EMPTY})?$expand=primarycontactid").body["primarycontactid"] is None
    filtered = api.get(f"accounts({CONTOSO})?$expand=account_contacts($filter=contains(fullname,'O''Neill'))").body
    assert [contact["contactid"] for contact in filtered["account_contacts"]] == [BOB]
    nested = api.get(f"contacts({ADA})?$expand=companyid($expand=primarycontactid($select=fullname))").body
    assert nested["companyid"]["primarycontactid"]["fullname"] == "Ada Byron"


def test_properties_and_navigation_have_addresses_of_their_own(api: Client) -> None:
    where = f"accounts({CONTOSO})"

    assert api.get(f"{where}/name").body["value"] == "Contoso"
    assert api.get(f"{where}/score").status == 204
    assert api.get(f"{where}/primarycontactid").body["fullname"] == "Ada Byron"
    assert api.get(f"{where}/primarycontactid/fullname").body["value"] == "Ada Byron"
    assert api.get(f"accounts({EMPTY})/primarycontactid").status == 204
    assert len(api.get(f"{where}/account_contacts").body["value"]) == 2
    assert f"contacts({ADA})" in api.get(f"{where}/primarycontactid/$ref").body["@odata.id"]
    assert len(api.get(f"{where}/account_contacts/$ref").body["value"]) == 2
    assert api.get(f"{where}/nope").status == 404
    assert api.get("accounts/nope").status == 404


def test_counts_are_numbers_behind_a_byte_order_mark(api: Client) -> None:
    reply = api.get("accounts/$count?$filter=employees ne null")

    assert reply.content == b"\xef\xbb\xbf2"
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert api.get("accounts/$count").content == b"\xef\xbb\xbf3"
    counted = api.get("accounts?$count=true&$top=1", Prefer='odata.include-annotations="*"').body
    assert counted["@odata.count"] == 3
    assert counted["@Microsoft.Dynamics.CRM.totalrecordcount"] == 3


def test_pages_follow_one_another_without_gap_or_repetition(api: Client) -> None:
    for number in range(5):
        api("POST", "accounts", {"name": f"n{number}"})
    seen: list[str] = []
    reply = api.get("accounts?$select=name&$orderby=name", Prefer="odata.maxpagesize=3")
    sizes = []
    while True:
        seen += reply.names
        sizes.append(len(reply.names))
        assert reply.headers["Preference-Applied"] == "odata.maxpagesize=3"
        link = reply.body.get("@odata.nextLink")
        if link is None:
            break
        assert link.startswith(f"{api.server.url('toy')}/api/data/v9.2/accounts?")
        reply = api.get(link.partition("/v9.2/")[2], Prefer="odata.maxpagesize=3")

    assert sizes == [3, 3, 2]
    assert sorted(seen, key=str.casefold) == seen
    assert len(set(seen)) == 8


def test_top_is_ignored_when_a_page_size_is_sent(api: Client) -> None:
    reply = api.get("accounts?$top=1", Prefer="odata.maxpagesize=2")

    assert len(reply.names) == 2
    assert "@odata.nextLink" in reply.body


def test_a_known_version_is_answered_with_304(api: Client) -> None:
    etag = api.get(f"accounts({CONTOSO})").body["@odata.etag"]

    same = api.get(f"accounts({CONTOSO})", If_None_Match=etag)
    assert (same.status, same.content) == (304, b"")
    assert same.headers["OData-Version"] == "4.0"
    assert api.get(f"accounts({CONTOSO})", If_None_Match="null").status == 200
    assert api.get(f"accounts({CONTOSO})?$expand=ownerid", If_None_Match=etag).status == 200


def test_a_decimal_is_formatted_with_two_places(api: Client) -> None:
    api("PATCH", f"accounts({EMPTY})", {"score": 1234.5})

    body = api.get(f"accounts({EMPTY})?$select=score", Prefer='odata.include-annotations="*"').body
    assert (body["score"], body["score@OData.Community.Display.V1.FormattedValue"]) == (1234.5, "1,234.50")


def test_a_user_shows_the_key_of_a_principal_whatever_was_selected(api: Client) -> None:
    me = api.get("WhoAmI").body["UserId"]
    (user,) = api.get(f"systemusers?$select=fullname&$filter=systemuserid eq {me}").body["value"]

    assert {"@odata.etag", "fullname", "systemuserid", "ownerid"} == set(user)
    assert user["ownerid"] == me


def test_one_member_of_a_collection_has_an_address_there(api: Client) -> None:
    contacts = f"accounts({CONTOSO})/account_contacts"

    one = api.get(f"{contacts}({ADA})?$select=fullname").body
    assert (one["contactid"], one["@odata.context"].rpartition("#")[2]) == (ADA, "contacts(fullname)/$entity")
    assert api.get(f"{contacts}({ADA})/fullname").body["value"] == "Ada Byron"
    assert api.get(f"accounts({EMPTY})/account_contacts({ADA})").error == (404, "0x80040217")
    assert api.get(f"{contacts}(fullname='x')").status == 400
    assert api.get(f"accounts({CONTOSO})/account_partners(accountnumber='none')").error == (404, "0x80060891")


def test_many_to_many_collections_are_read_through_the_pairs(api: Client) -> None:
    me = api.get("WhoAmI").body["UserId"]
    api("POST", f"systemusers({me})/systemuserroles_association/$ref", {"@odata.id": f"roles({SALES})"})

    roles = api.get(f"systemusers({me})?$select=fullname&$expand=systemuserroles_association($select=name)").body
    assert [role["name"] for role in roles["systemuserroles_association"]] == ["Salesperson"]
    users = api.get(f"roles({SALES})/systemuserroles_association?$select=fullname").body["value"]
    assert [user["fullname"] for user in users] == ["rictl"]


def test_functions_take_parameters_inline_and_by_alias(api: Client) -> None:
    given = api.get("Echo(A='it''s',B=@b,C=@c,D=Microsoft.Dynamics.CRM.Kind'Default',E=2)?@b=[\"x\",1]&@c={'@odata.id':'accounts(1)'}")

    assert given.body["Given"] == {"A": "it's", "B": ["x", 1], "C": {"@odata.id": "accounts(1)"}, "D": "Default", "E": 2}
    assert given.body["@odata.context"].endswith("#Microsoft.Dynamics.CRM.EchoResponse")
    assert api.get("Echo(A=@missing)").status == 400
    assert api.get("Echo(A=junk})").body["Given"] == {"A": "junk}"}


def test_the_wrong_verb_on_an_operation_is_not_found(api: Client) -> None:
    assert api("POST", "WhoAmI", {}).error == (404, "")
    assert api.get("PublishXml").error == (404, "")


def test_bound_operations_need_their_full_name_and_their_binding(api: Client) -> None:
    assert api.get(f"pages({PAGE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").status == 200
    assert api.get(f"pages({PAGE})/RetrieveUnpublished()").status == 404
    assert api.get(f"accounts({CONTOSO})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").status == 400
    assert api.get("pages/Microsoft.Dynamics.CRM.RetrieveUnpublished()").status == 400
    assert api.get("pages/Microsoft.Dynamics.CRM.Nope()").status == 404
    assert api.get(f"pages({NOWHERE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()").status == 404
    assert api("POST", "accounts/Microsoft.Dynamics.CRM.GrantAccess", {}).status == 501
    assert api.get(f"pages({PAGE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()/title").status == 501


def test_a_fault_of_the_emulator_is_a_500_without_a_traceback(api: Client) -> None:
    reply = api("POST", "Fail", {})

    assert reply.error == (500, "0x80040216")
    assert "Traceback" not in reply.content.decode()
    assert api.get("WhoAmI").status == 200


def test_answers_carry_the_headers_that_clients_read(api: Client) -> None:
    headers = api.get("WhoAmI").headers

    assert headers["OData-Version"] == "4.0"
    assert int(headers["x-ms-dop-hint"]) == 4
    assert headers["x-ms-ratelimit-time-remaining-xrm-requests"] == "1,200.00"
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
    assert api.get(f"accounts({CONTOSO})?$select=primarycontactid").body["_primarycontactid_value"] == ADA


def test_very_long_addresses_are_refused(api: Client) -> None:
    assert api.get("accounts?$filter=" + "x" * 66_000).status == 414
