from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.emulator.toy import ADA, BOB, CONTOSO, EMPTY, FABRIKAM, PAGE, SALES
from tests.emulator.wire import Client, Reply

FRESH = "dddddddd-0000-0000-0000-000000000001"


def created(reply: Reply) -> str:
    found = re.search(r"\(([0-9a-f-]{36})\)$", reply.headers["OData-EntityId"])
    assert found is not None
    return found[1]


def test_a_created_row_is_known_by_its_entity_id_and_its_stamps(api: Client) -> None:
    reply = api("POST", "accounts", {"name": "new"})

    assert (reply.status, reply.content) == (204, b"")
    row = api.get(f"accounts({created(reply)})").body
    me = api.get("WhoAmI").body["UserId"]
    assert (me, me, me) == (row["_createdby_value"], row["_modifiedby_value"], row["_ownerid_value"])
    assert row["createdon"] == row["modifiedon"]
    assert row["creditonhold"] is False


def test_the_id_may_be_given_once(api: Client) -> None:
    assert created(api("POST", "accounts", {"accountid": FRESH.upper(), "name": "x"})) == FRESH
    assert api("POST", "accounts", {"accountid": FRESH, "name": "x"}).error == (412, "0x80040237")


def test_representation_comes_back_on_request_without_an_entity_id(api: Client) -> None:
    reply = api("POST", "accounts?$select=name", {"name": "new"}, headers={"Prefer": "return=representation"})
    changed = api("PATCH", f"accounts({CONTOSO})?$select=name", {"name": "Big"}, headers={"Prefer": "return=representation"})

    assert reply.status == 201
    assert {"@odata.context", "@odata.etag", "name", "accountid"} == set(reply.body)
    assert "OData-EntityId" not in reply.headers
    assert reply.headers["Preference-Applied"] == "return=representation"
    assert (changed.status, changed.body["name"]) == (200, "Big")


def test_patch_changes_only_what_it_names_and_gives_a_new_etag(api: Client) -> None:
    before = api.get(f"accounts({CONTOSO})").body
    reply = api("PATCH", f"accounts({CONTOSO})", {"employees": 51})
    after = api.get(f"accounts({CONTOSO})").body

    assert reply.status == 204
    assert (after["name"], after["employees"]) == ("Contoso", 51)
    assert before["@odata.etag"] != after["@odata.etag"]


def test_patch_creates_a_missing_row_unless_if_match_forbids_it(api: Client) -> None:
    refused = api("PATCH", f"accounts({FRESH})", {"name": "x"}, headers={"If-Match": "*"})
    assert refused.error == (404, "0x80040217")
    assert api.get(f"accounts({FRESH})").status == 404
    assert api("PATCH", "accounts(accountnumber='Z')", {"name": "x"}, headers={"If-Match": "*"}).error == (404, "0x80060891")

    assert api("PATCH", f"accounts({FRESH})", {"name": "x"}).status == 204
    assert api.get(f"accounts({FRESH})").status == 200
    assert api("PATCH", f"accounts({FRESH})", {"name": "y"}, headers={"If-None-Match": "*"}).error == (412, "0x80040237")


def test_patch_by_an_alternate_key_creates_a_row_with_that_key(api: Client) -> None:
    assert api("PATCH", "accounts(accountnumber='N1')", {"name": "new"}).status == 204
    assert api("PATCH", "accounts(accountnumber='n1')", {"employees": 3}).status == 204

    row = api.get("accounts(accountnumber='N1')").body
    assert (row["name"], row["employees"], row["accountnumber"]) == ("new", 3, "N1")


def test_an_alternate_key_is_unique(api: Client) -> None:
    assert api("POST", "accounts", {"name": "x", "accountnumber": "c1"}).error == (412, "0x80060892")
    assert api("PATCH", f"accounts({FABRIKAM})", {"accountnumber": "C1"}).error == (412, "0x80060892")


def test_another_version_is_refused_for_patch_and_delete(api: Client) -> None:
    etag = api.get(f"accounts({CONTOSO})").body["@odata.etag"]
    assert api("PATCH", f"accounts({CONTOSO})", {"employees": 1}, headers={"If-Match": etag}).status == 204

    assert api("PATCH", f"accounts({CONTOSO})", {"employees": 2}, headers={"If-Match": etag}).error == (412, "0x80060882")
    assert api("DELETE", f"accounts({CONTOSO})", headers={"If-Match": etag}).error == (412, "0x80060882")
    assert api.get(f"accounts({CONTOSO})").body["employees"] == 1
    assert api("PATCH", f"accounts({CONTOSO})", {"employees": 3}, headers={"If-Match": "*"}).status == 204


def test_tables_without_optimistic_concurrency_refuse_versions(api: Client) -> None:
    assert api("PATCH", f"contacts({ADA})", {"fullname": "A"}, headers={"If-Match": 'W/"1"'}).error == (400, "0x8006088d")


def test_of_many_writers_with_the_same_version_exactly_one_wins(api: Client) -> None:
    etag = api.get(f"accounts({CONTOSO})").body["@odata.etag"]

    def write(number: int) -> int:
        return api("PATCH", f"accounts({CONTOSO})", {"employees": number}, headers={"If-Match": etag}).status

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(write, range(8)))

    assert [204, *[412] * 7] == statuses


def test_a_deleted_row_is_gone(api: Client) -> None:
    assert api("DELETE", f"accounts({CONTOSO})").status == 204
    assert api("DELETE", f"accounts({CONTOSO})").error == (404, "0x80040217")
    assert api("DELETE", "accounts(accountnumber='C1')").error == (404, "0x80060891")
    assert api.get(f"accounts({CONTOSO})").status == 404


def test_the_domain_may_refuse_writes_and_deletions(api: Client) -> None:
    assert api("PATCH", f"accounts({CONTOSO})", {"strict": 2}).error == (400, "0x80040265")
    id = created(api("POST", "accounts", {"name": "undeletable"}))
    assert api("DELETE", f"accounts({id})").error == (405, "0x80048d21")


def test_one_property_is_put_and_deleted(api: Client) -> None:
    where = f"accounts({CONTOSO})"

    assert api("PUT", f"{where}/employees", {"value": 9}).status == 204
    assert api.get(f"{where}/employees").body["value"] == 9
    assert api("DELETE", f"{where}/employees").status == 204
    assert api.get(f"{where}/employees").status == 204
    assert api("PUT", f"{where}/employees", {"wrong": 9}).status == 400
    assert api("PUT", f"{where}/nope", {"value": 9}).status == 404
    assert api("PUT", f"{where}/_primarycontactid_value", {"value": ADA}).status == 400
    assert api("PUT", f"{where}/primarycontactid", {"value": ADA}).status == 405
    assert api("PUT", f"accounts({FRESH})/employees", {"value": 9}).status == 404
    assert api("PUT", "accounts(accountnumber='Z')/employees", {"value": 9}).status == 404


@pytest.mark.parametrize("spelling", ["/contacts({id})", "contacts({id})", "{base}/contacts({id})"])
def test_lookups_are_bound_in_three_spellings_and_cleared_by_null(api: Client, spelling: str) -> None:
    reference = spelling.format(id=BOB, base=f"{api.server.url('toy')}/api/data/v9.2")
    assert api("PATCH", f"accounts({CONTOSO})", {"primarycontactid@odata.bind": reference}).status == 204
    assert api.get(f"accounts({CONTOSO})").body["_primarycontactid_value"] == BOB

    assert api("PATCH", f"accounts({CONTOSO})", {"primarycontactid@odata.bind": None}).status == 204
    assert api.get(f"accounts({CONTOSO})").body["_primarycontactid_value"] is None
    api("PATCH", f"accounts({CONTOSO})", {"primarycontactid@odata.bind": reference})
    assert api("PATCH", f"accounts({CONTOSO})", {"primarycontactid": None}).status == 204
    assert api.get(f"accounts({CONTOSO})").body["_primarycontactid_value"] is None


def test_a_polymorphic_lookup_remembers_its_table(api: Client) -> None:
    api("PATCH", f"accounts({CONTOSO})", {"new_Partner_a@odata.bind": "accounts(accountnumber='F1')"})
    annotated = api.get(f"accounts({CONTOSO})?$expand=new_Partner_a,new_Partner_c", Prefer='odata.include-annotations="*"').body

    assert annotated["_new_Partner_value"] == FABRIKAM
    assert annotated["_new_Partner_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "account"
    assert annotated["_new_Partner_value@Microsoft.Dynamics.CRM.associatednavigationproperty"] == "new_Partner_a"
    assert annotated["new_Partner_a"]["name"] == "fabrikam"
    assert annotated["new_Partner_c"] is None
    assert api.get(f"accounts({CONTOSO})/new_Partner_c").status == 204
    assert api.get(f"accounts({CONTOSO})/new_Partner_a").body["name"] == "fabrikam"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"primarycontactid": ADA}, (400, "0x80060888")),
        ({"_primarycontactid_value": ADA}, (400, "0x80060888")),
        ({"new_Partner": ADA}, (400, "0x80060888")),
        ({"PrimaryContactId@odata.bind": f"/contacts({ADA})"}, (400, "0x80048d19")),
        ({"primarycontactid@odata.bind": ADA}, (400, "0x80060888")),
        ({"primarycontactid@odata.bind": 7}, (400, "0x80060888")),
        ({"primarycontactid@odata.bind": f"/accounts({CONTOSO})"}, (400, "0x80060888")),
        ({"primarycontactid@odata.bind": f"/contacts({FRESH})"}, (404, "0x80040217")),
        ({"new_Partner_a@odata.bind": "/accounts(accountnumber='none')"}, (404, "0x80060891")),
        ({"nope": 1}, (400, "0x80048d19")),
        ({"nope@x.y": 1}, (400, "0x80048d19")),
        ({"name": 5}, (400, "0x80048d19")),
        ({"name": "x" * 21}, (400, "0x80044331")),
        ({"employees": "5"}, (400, "0x80048d19")),
        ({"employees": True}, (400, "0x80048d19")),
        ({"employees": 10_001}, (400, "0x8004432f")),
        ({"employees": 2**31}, (400, "0x80048d19")),
        ({"score": "x"}, (400, "0x80048d19")),
        ({"industrycode": 3}, (400, "0x8004431a")),
        ({"creditonhold": 1}, (400, "0x80048d19")),
        ({"creditonhold": None}, (400, "0x80040203")),
        ({"lastmeeting": "yesterday"}, (400, "0x80048d19")),
        ({"lastmeeting": 5}, (400, "0x80048d19")),
        ({"accountid": "x"}, (400, "0x80048d19")),
    ],
)
def test_what_a_body_must_not_hold_is_refused_and_nothing_is_written(api: Client, body: object, error: tuple[int, str]) -> None:
    before = api.get(f"accounts({CONTOSO})").body

    assert error == api("PATCH", f"accounts({CONTOSO})", body).error
    assert before == api.get(f"accounts({CONTOSO})").body


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\xff", b'"x"', b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(api: Client, raw: bytes) -> None:
    assert api("POST", "accounts", raw=raw).error == (400, "0x80048d19")


def test_values_are_kept_in_their_canonical_form(api: Client) -> None:
    body = {"lastmeeting": "2026-01-02T03:04:05+01:00", "score": 2, "name": "n", "@odata.type": "x", "name@x.y": "z"}
    id = created(api("POST", "accounts", body))

    row = api.get(f"accounts({id})").body
    assert (row["lastmeeting"], row["score"]) == ("2026-01-02T02:04:05Z", 2.0)
    assert api("PATCH", f"accounts({id})", {"score": None}).status == 204


def test_read_only_columns_are_passed_over(api: Client) -> None:
    assert api("PATCH", f"accounts({CONTOSO})", {"status": "mine", "versionnumber": 1, "createdby": None}).status == 204
    assert api("PATCH", f"accounts({CONTOSO})", {"createdby@odata.bind": f"/systemusers({FRESH})"}).status == 204

    assert api.get(f"accounts({CONTOSO})").body["status"] == "seen by rictl"


def test_a_change_of_the_primary_id_is_not_written(api: Client) -> None:
    assert api("PATCH", f"accounts({CONTOSO})", {"accountid": FRESH}).status == 204
    assert api.get(f"accounts({CONTOSO})").body["accountid"] == CONTOSO


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", "accounts"), ("POST", f"accounts({CONTOSO})"), ("PUT", "accounts"), ("DELETE", "accounts")]
)
def test_other_verbs_are_not_supported(api: Client, method: str, path: str) -> None:
    assert api(method, path, {}).status == 405


def test_references_point_lookups_and_pair_rows(api: Client) -> None:
    me = api.get("WhoAmI").body["UserId"]
    base = f"{api.server.url('toy')}/api/data/v9.2"
    pairs = f"systemusers({me})/systemuserroles_association"

    assert api("PUT", f"accounts({EMPTY})/primarycontactid/$ref", {"@odata.id": f"{base}/contacts({BOB})"}).status == 204
    assert api.get(f"accounts({EMPTY})").body["_primarycontactid_value"] == BOB
    assert api("DELETE", f"accounts({EMPTY})/primarycontactid/$ref").status == 204
    assert api.get(f"accounts({EMPTY})").body["_primarycontactid_value"] is None
    for _ in range(2):
        assert api("POST", f"{pairs}/$ref", {"@odata.id": f"roles({SALES})"}).status == 204
    assert len(api.get(pairs).body["value"]) == 1
    assert api("DELETE", f"{pairs}({SALES})/$ref").status == 204
    assert api.get(pairs).body["value"] == []
    api("POST", f"{pairs}/$ref", {"@odata.id": f"roles({SALES})"})
    assert api("DELETE", f"{pairs}/$ref?$id={base}/roles({SALES})").status == 204
    assert api.get(pairs).body["value"] == []
    assert api("POST", f"accounts({FABRIKAM})/account_contacts/$ref", {"@odata.id": f"contacts({ADA})"}).status == 204
    assert api.get(f"contacts({ADA})").body["_companyid_value"] == FABRIKAM
    assert api("DELETE", f"accounts({FABRIKAM})/account_contacts({ADA})/$ref").status == 204
    assert api.get(f"contacts({ADA})").body["_companyid_value"] is None


def test_a_reference_from_a_collection_changes_the_table_of_a_polymorphic_lookup(api: Client) -> None:
    assert api("PATCH", f"accounts({EMPTY})", {"new_Partner_c@odata.bind": f"contacts({ADA})"}).status == 204
    assert api("POST", f"accounts({CONTOSO})/account_partners/$ref", {"@odata.id": f"accounts({EMPTY})"}).status == 204

    row = api.get(f"accounts({EMPTY})?$select=name&$expand=new_Partner_a($select=name),new_Partner_c($select=fullname)").body
    assert (row["new_Partner_a"]["name"], row["new_Partner_c"]) == ("Contoso", None)


def test_what_owns_a_row_follows_from_its_owner(api: Client) -> None:
    me = api.get("WhoAmI").body["UserId"]
    other = api("POST", "systemusers", {"fullname": "Cleo"}).headers["OData-EntityId"][-37:-1]
    made = api("POST", "accounts", {"name": "owned"}, headers={"Prefer": "return=representation"}).body
    given = api("PATCH", f"accounts({made['accountid']})", {"ownerid@odata.bind": f"systemusers({other})"})

    assert (made["_ownerid_value"], made["_owninguser_value"], made["_owningteam_value"]) == (me, me, None)
    assert given.status == 204
    assert api.get(f"accounts({made['accountid']})").body["_owninguser_value"] == other


def test_a_row_is_made_inside_the_collection_of_another(api: Client) -> None:
    made = api("POST", f"accounts({FABRIKAM})/account_contacts", {"fullname": "Cleo"})
    shown = api(
        "POST",
        "accounts(accountnumber='F1')/account_contacts?$select=fullname",
        {"fullname": "Dan"},
        headers={"Prefer": "return=representation"},
    )

    assert made.status == 204
    assert made.headers["OData-EntityId"].rpartition("/")[2].startswith("contacts(")
    assert (shown.status, shown.body["fullname"]) == (201, "Dan")
    members = api.get(f"accounts({FABRIKAM})/account_contacts?$orderby=fullname").body["value"]
    assert [(row["fullname"], row["_companyid_value"]) for row in members] == [("Cleo", FABRIKAM), ("Dan", FABRIKAM)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"accounts({FRESH})/account_contacts", 404),
        (f"accounts({CONTOSO})/account_contacts({ADA})", 405),
        (f"accounts({CONTOSO})/primarycontactid", 405),
        (f"roles({SALES})/systemuserroles_association", 501),
    ],
)
def test_no_row_is_made_elsewhere(api: Client, path: str, status: int) -> None:
    assert status == api("POST", path, {"fullname": "x"}).status


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", f"accounts({CONTOSO})/primarycontactid/$ref", {"@odata.id": f"contacts({ADA})"}, 405),
        ("PUT", f"accounts({CONTOSO})/account_contacts/$ref", {"@odata.id": f"contacts({ADA})"}, 405),
        ("PUT", f"accounts({CONTOSO})/nope/$ref", {}, 404),
        ("PUT", f"accounts({FRESH})/primarycontactid/$ref", {}, 404),
        ("PUT", "accounts(accountnumber='Z')/primarycontactid/$ref", {}, 404),
        ("DELETE", f"accounts({CONTOSO})/account_contacts/$ref", None, 400),
        ("POST", f"accounts({CONTOSO})/account_contacts/$ref", {"@odata.id": f"accounts({CONTOSO})"}, 400),
        ("POST", f"accounts({CONTOSO})/account_contacts/$ref", {"@odata.id": f"contacts({FRESH})"}, 404),
        ("POST", f"accounts({CONTOSO})/account_contacts/$ref", {}, 400),
        ("POST", "systemuserrolescollection", {}, 405),
        ("DELETE", f"systemuserrolescollection({FRESH})", None, 405),
        ("PATCH", f"accounts({CONTOSO})/primarycontactid", {}, 405),
    ],
)
def test_wrong_references_are_refused(api: Client, method: str, path: str, body: object, status: int) -> None:
    assert status == api(method, path, body).status


def test_a_draft_is_seen_only_by_those_who_ask_for_it_until_it_is_published(api: Client) -> None:
    def unpublished() -> list[str]:
        found = api.get("pages/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()?$select=title&$orderby=title").body["value"]
        return [page["title"] for page in found]

    published = api.get(f"pages({PAGE})").body
    assert api("PATCH", f"pages({PAGE})", {"title": "draft"}).status == 204
    new = created(api("POST", "pages", {"title": "never published"}))

    assert published == api.get(f"pages({PAGE})").body
    assert [page["title"] for page in api.get("pages").body["value"]] == ["published"]
    assert api.get(f"pages({new})").status == 404
    draft = api.get(f"pages({PAGE})/Microsoft.Dynamics.CRM.RetrieveUnpublished()?$select=title").body
    assert draft["title"] == "draft"
    assert draft["@odata.etag"] != published["@odata.etag"]
    assert unpublished() == ["draft", "never published"]
    stale = api("PATCH", f"pages({PAGE})", {"title": "x"}, headers={"If-Match": published["@odata.etag"]})
    assert stale.error == (412, "0x80060882")
    assert api("PUT", f"pages({PAGE})/title", {"value": "draft 2"}).status == 204

    assert api("POST", "PublishXml", {"ParameterXml": "<importexportxml/>"}).status == 204
    assert sorted(page["title"] for page in api.get("pages").body["value"]) == ["draft 2", "never published"]
    api("PATCH", f"pages({PAGE})", {"title": "again"})
    assert api("DELETE", f"pages({PAGE})").status == 204
    assert unpublished() == ["never published"]
