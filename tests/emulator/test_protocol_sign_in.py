from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlencode

import msal
import pytest

from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.toy import CATALOG, ToyDomain
from tests.emulator.wire import Client, Reply, send


def ask(server: EmbeddedDataverse, **changes: str) -> Reply:
    form = {
        "grant_type": "client_credentials",
        "client_id": server.client_id,
        "client_secret": server.client_secret,
        "scope": f"{server.root}/.default",
        **changes,
    }
    return entra(server, "POST", f"/{server.tenant_id}/oauth2/v2.0/token", urlencode(form).encode())


def entra(server: EmbeddedDataverse, method: str, path: str, body: bytes | None = None) -> Reply:
    trust = ssl.create_default_context(cafile=str(server.ca_file))
    return send(method, server.authority + path, body, context=trust)


@pytest.mark.parametrize("discovers", [False, True])
def test_stock_msal_gets_a_token_that_the_web_api_accepts(
    toy_server: EmbeddedDataverse, monkeypatch: pytest.MonkeyPatch, discovers: bool
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    application = msal.ConfidentialClientApplication(
        toy_server.client_id,
        client_credential=toy_server.client_secret,
        authority=f"{toy_server.authority}/{toy_server.tenant_id}",
        instance_discovery=f"{toy_server.authority}/common/discovery/instance" if discovers else False,
        verify=str(toy_server.ca_file),
    )
    result = application.acquire_token_for_client([f"{toy_server.url('toy')}/.default"])

    assert result["token_type"] == "Bearer"
    assert Client(toy_server, result["access_token"]).get("WhoAmI").status == 200
    assert {""} == {entry.organization for entry in toy_server.requests if entry.path != "WhoAmI"}


def test_a_wrong_secret_is_named_by_its_code(toy_server: EmbeddedDataverse) -> None:
    reply = ask(toy_server, client_secret="wrong")

    assert (reply.status, reply.body["error"], reply.body["error_codes"]) == (401, "invalid_client", [7000215])
    assert reply.body["error_description"].startswith("AADSTS7000215: Invalid client secret provided.")
    assert {"timestamp", "trace_id", "correlation_id", "error_uri"} <= set(reply.body)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "nobody"}, 700016),
        ({"client_id": ""}, 900144),
        ({"scope": "https://contoso.crm.dynamics.com/.default"}, 500011),
        ({"scope": "http://[/.default"}, 500011),
        ({"scope": "http://127.0.0.1/user_impersonation"}, 1002012),
        ({"grant_type": "barter"}, 70003),
        ({"grant_type": ""}, 900144),
        ({"client_secret": ""}, 7000218),
    ],
)
def test_other_refusals_have_their_codes(toy_server: EmbeddedDataverse, changes: dict[str, str], code: int) -> None:
    assert [code] == ask(toy_server, **changes).body["error_codes"]


@pytest.mark.parametrize("grant", ["password", "authorization_code", "urn:ietf:params:oauth:grant-type:jwt-bearer"])
def test_grants_that_are_not_emulated_say_so(toy_server: EmbeddedDataverse, grant: str) -> None:
    reply = ask(toy_server, grant_type=grant)

    assert (reply.status, reply.body["error"]) == (501, "not_supported")


def test_addresses_that_are_not_emulated_say_so(toy_server: EmbeddedDataverse) -> None:
    tenant = f"/{toy_server.tenant_id}"

    assert entra(toy_server, "GET", "/nope").status == 404
    assert entra(toy_server, "POST", "/other/oauth2/v2.0/token", b"").body["error_codes"] == [90002]
    assert entra(toy_server, "GET", f"{tenant}/oauth2/v2.0/authorize").status == 501


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer junk"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer a.b.c"}])
def test_without_a_good_token_the_challenge_stands_unquoted(toy_server: EmbeddedDataverse, header: dict[str, str]) -> None:
    reply = send("GET", f"{toy_server.url('toy')}/api/data/v9.2/WhoAmI", headers=header)

    where = f"{toy_server.authority}/{toy_server.tenant_id}/oauth2/authorize"
    assert reply.status == 401
    assert f"Bearer authorization_uri={where}, resource_id={toy_server.url('toy')}/" == reply.headers["WWW-Authenticate"]


def test_a_token_for_another_audience_is_refused(toy_server: EmbeddedDataverse) -> None:
    foreign = ask(toy_server, scope="http://127.0.0.1:1/.default").body["access_token"]
    assert Client(toy_server, foreign).get("WhoAmI").status == 401


def test_tokens_of_one_organization_do_not_open_another(toy_server: EmbeddedDataverse) -> None:
    token = ask(toy_server, scope=f"{toy_server.url('toy')}/.default").body["access_token"]

    assert Client(toy_server, token, "toy").get("WhoAmI").status == 200
    assert Client(toy_server, token, "other").get("WhoAmI").status == 401


def test_a_fixed_token_is_the_application_and_the_bare_address_one_organization(tmp_path: Path) -> None:
    with EmbeddedDataverse(tmp_path / "s.sqlite", domain=ToyDomain(), catalog=CATALOG, token="T", organization="toy") as server:
        reply = send("GET", f"{server.root}/api/data/v9.2/systemusers?$select=fullname", headers={"Authorization": "Bearer T"})

        assert [row["fullname"] for row in reply.body["value"]] == ["rictl"]
        assert f"{server.root}/api/data/v9.2/$metadata#systemusers(fullname)" == reply.body["@odata.context"]
        assert f"resource_id={server.root}/" in send("GET", f"{server.root}/api/data/v9.2/").headers["WWW-Authenticate"]


def test_without_an_organization_the_bare_address_is_nothing(tmp_path: Path) -> None:
    with EmbeddedDataverse(tmp_path / "s.sqlite", domain=ToyDomain(), catalog=CATALOG, token="T") as server:
        assert send("GET", f"{server.root}/api/data/v9.2/WhoAmI", headers={"Authorization": "Bearer T"}).status == 404
        assert send("GET", f"{server.root}/nope").status == 404


def test_an_unknown_organization_is_not_found(toy_server: EmbeddedDataverse) -> None:
    assert Client(toy_server, toy_server.token(), "unknown").get("WhoAmI").status == 404


def test_other_people_write_under_their_own_names(toy_server: EmbeddedDataverse, api: Client) -> None:
    ana = Client(toy_server, toy_server.token("Ana Pop"))
    ana("POST", "accounts", {"accountid": "dddddddd-0000-0000-0000-000000000001", "name": "hers"})

    row = api.get("accounts(dddddddd-0000-0000-0000-000000000001)?$expand=createdby($select=fullname)").body
    assert row["createdby"]["fullname"] == "Ana Pop"


def test_callers_may_act_for_others(toy_server: EmbeddedDataverse, api: Client) -> None:
    ana = Client(toy_server, toy_server.token("Ana Pop")).get("WhoAmI").body["UserId"]
    api("PATCH", f"systemusers({ana})", {"azureactivedirectoryobjectid": "99999999-0000-0000-0000-000000000001"})

    assert ana == api.get("WhoAmI", MSCRMCallerID=ana.upper()).body["UserId"]
    assert ana == api.get("WhoAmI", CallerObjectId="99999999-0000-0000-0000-000000000001").body["UserId"]
    assert api.get("WhoAmI", MSCRMCallerID="99999999-0000-0000-0000-00000000dead").error == (400, "0x80040204")


def test_a_deleted_caller_is_made_again(api: Client) -> None:
    me = api.get("WhoAmI").body["UserId"]
    api("DELETE", f"systemusers({me})")

    assert api.get("WhoAmI").status == 403
    assert api.get("WhoAmI").status == 200
