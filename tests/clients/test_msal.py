"""msal, unchanged, by every flow: what it gets opens the Web API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msal
import pytest
import requests

from tests.clients.certificate import Proof, made
from tests.clients.control import caller, control, join
from tests.clients.serving import Served


@pytest.fixture(scope="module")
def proof(tls: Served) -> Proof:
    found = made()
    control(tls, "POST", "certificates", pem=found.certificate)
    return found


@pytest.fixture
def fresh(tls: Served) -> Iterator[None]:
    """Puts the rules of signing in back afterwards."""
    yield
    control(tls, "POST", "sign-in", refuse=None)


def application(served: Served, credential: object, **others: Any) -> msal.ConfidentialClientApplication:
    others = {"authority": f"{served.authority}/{served.tenant}", "instance_discovery": False} | others
    return msal.ConfidentialClientApplication(served.client_id, client_credential=credential, **others)


def token(app: msal.ConfidentialClientApplication, served: Served) -> str:
    told = app.acquire_token_for_client([served.scope("sign-in")])
    assert "access_token" in told, told
    return str(told["access_token"])


def test_a_secret_opens_the_web_api_and_is_asked_for_once(tls: Served) -> None:
    app = application(tls, tls.secret)
    assert caller(tls, token(app, tls))["applicationid"] == tls.client_id
    assert app.acquire_token_for_client([tls.scope("sign-in")])["token_source"] == "cache"


@pytest.mark.parametrize("way", ["instance_discovery", "oidc_authority", "verify", "domain"])
def test_the_authority_is_found_by_every_way(tls: Served, way: str) -> None:
    chosen: dict[str, Any] = {
        "instance_discovery": {"instance_discovery": f"{tls.authority}/common/discovery/instance"},
        "oidc_authority": {"authority": None, "instance_discovery": None, "oidc_authority": f"{tls.authority}/{tls.tenant}/v2.0"},
        "verify": {"verify": str(tls.certificate)},
        "domain": {"validate_authority": False, "instance_discovery": None},
    }[way]
    assert token(application(tls, tls.secret, **chosen), tls)


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ({"secret": "wrong"}, 7000215),
        ({"client": "11111111-1111-1111-1111-111111111111"}, 700016),
        ({"scope": "https://a.example/.default"}, 500011),
    ],
)
def test_refusals_carry_the_numbers_of_the_real_service(tls: Served, others: dict[str, str], code: int) -> None:
    app = msal.ConfidentialClientApplication(
        others.get("client", tls.client_id),
        client_credential=others.get("secret", tls.secret),
        authority=f"{tls.authority}/{tls.tenant}",
        instance_discovery=False,
    )
    told = app.acquire_token_for_client([others.get("scope", tls.scope())])
    assert told["error_codes"] == [code]
    assert told["error_description"].startswith(f"AADSTS{code}: ")


@pytest.mark.parametrize("by", ["thumbprint", "sha256", "public_certificate"])
def test_a_registered_certificate_opens_the_web_api(tls: Served, proof: Proof, by: str) -> None:
    credential = {"private_key": proof.key, "public_certificate": proof.certificate}
    if by != "sha256":
        credential["thumbprint"] = proof.thumbprint
    if by == "thumbprint":
        del credential["public_certificate"]
    assert caller(tls, token(application(tls, credential), tls))["applicationid"] == tls.client_id


def test_a_foreign_certificate_does_not(tls: Served, proof: Proof) -> None:
    foreign = made()
    told = application(tls, {"private_key": foreign.key, "thumbprint": foreign.thumbprint}).acquire_token_for_client([tls.scope()])
    assert told["error"] == "invalid_client"
    told = application(tls, {"private_key": foreign.key, "thumbprint": proof.thumbprint}).acquire_token_for_client([tls.scope()])
    assert told["error"] == "invalid_client"


def test_a_workload_token_of_a_pipeline_opens_the_web_api(tls: Served) -> None:
    places = control(tls, "GET", "sign-in")["variables"]["github"]

    def assertion() -> str:
        answer = requests.get(
            f"{places['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=api://AzureADTokenExchange",
            headers={"Authorization": f"Bearer {places['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
            timeout=20,
        )
        return str(answer.json()["value"])

    assert caller(tls, token(application(tls, {"client_assertion": assertion}), tls))["applicationid"] == tls.client_id


def test_a_person_signs_in_by_device_code_and_is_refreshed_silently(tls: Served) -> None:
    join(tls, "Ana Pop")
    app = msal.PublicClientApplication(tls.client_id, authority=f"{tls.authority}/{tls.tenant}", instance_discovery=False)
    flow = app.initiate_device_flow([tls.scope("sign-in")])
    assert flow["user_code"] in flow["message"]
    control(tls, "POST", "device", user_code=flow["user_code"], user="Ana Pop")
    told = app.acquire_token_by_device_flow(flow)
    assert caller(tls, told["access_token"])["fullname"] == "Ana Pop"

    (account,) = app.get_accounts()
    again = app.acquire_token_silent([tls.scope("sign-in")], account=account)
    assert again is not None
    assert again["token_source"] == "cache"
    renewed = app.acquire_token_silent([tls.scope("sign-in")], account=account, force_refresh=True)
    assert renewed is not None
    assert renewed["token_source"] == "identity_provider"
    assert caller(tls, renewed["access_token"])["fullname"] == "Ana Pop"


def test_a_declined_device_code_ends_the_sign_in(tls: Served) -> None:
    app = msal.PublicClientApplication(tls.client_id, authority=f"{tls.authority}/{tls.tenant}", instance_discovery=False)
    flow = app.initiate_device_flow([tls.scope("sign-in")])
    control(tls, "POST", "device", user_code=flow["user_code"], decline=True)
    assert app.acquire_token_by_device_flow(flow)["error"] == "authorization_declined"


def test_whoever_the_tenant_refuses_learns_why(tls: Served, fresh: None) -> None:
    control(tls, "POST", "sign-in", refuse="conditional-access")
    told = application(tls, tls.secret).acquire_token_for_client([tls.scope()])
    assert told["error_codes"] == [53003]


@pytest.mark.parametrize("place", ["app-service", "imds"])
def test_a_managed_identity_opens_the_web_api(tls: Served, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    for name, value in control(tls, "GET", "sign-in")["variables"][place].items():
        monkeypatch.setenv(name, value)
    client = msal.ManagedIdentityClient(msal.SystemAssignedManagedIdentity(), http_client=requests.Session())
    told = client.acquire_token_for_client(resource=tls.url("sign-in"))
    assert caller(tls, told["access_token"])["applicationid"] == tls.client_id
