"""As whom, and to where: nothing is sent before both are sure."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from reconciler.live.endpoint import AccessToken, ClientCertificate, ClientSecret, Endpoint, Secret
from reconciler.live.identity import credential_from, endpoint_for
from reconciler.model.desired import Cloud, Connection
from reconciler.model.errors import Denied
from reconciler.model.source import SourceSpan
from tests.live.wishes import environment

CANARY = "canary-secret-0e2f4b10"
SIGN_IN = {"AZURE_TENANT_ID": "contoso.onmicrosoft.com", "AZURE_CLIENT_ID": "2222", "AZURE_CLIENT_SECRET": CANARY}
URL = "https://contoso.crm4.dynamics.com"


def endpoint(url: str, *allowed: str, cloud: Cloud = "public", **variables: str) -> Endpoint:
    return endpoint_for(environment(url=url, cloud=cloud), variables=SIGN_IN | variables, allowed_hosts=frozenset(allowed))


def test_a_secret_of_the_usual_variables_is_used() -> None:
    assert ClientSecret("contoso.onmicrosoft.com", "2222", Secret(CANARY)) == credential_from(SIGN_IN, Connection())


def test_the_names_of_other_tools_work_too() -> None:
    variables = {f"POWER_PLATFORM_{name}": value for name, value in (("TENANT_ID", "t"), ("CLIENT_ID", "c"), ("CLIENT_SECRET", "s"))}
    assert ClientSecret("t", "c", Secret("s")) == credential_from(variables, Connection())


def test_the_file_comes_before_the_variables() -> None:
    found = credential_from(SIGN_IN, Connection(tenant_id="tenant", client_id="client"))
    assert ClientSecret("tenant", "client", Secret(CANARY)) == found


def test_a_certificate_is_used_when_there_is_no_secret() -> None:
    variables = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_CERTIFICATE_PATH": "robot.pem"}
    assert ClientCertificate("t", "c", Path("robot.pem")) == credential_from(variables, Connection())
    variables["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = "p"
    assert ClientCertificate("t", "c", Path("robot.pem"), Secret("p")) == credential_from(variables, Connection())


def test_a_given_token_comes_first() -> None:
    assert AccessToken(Secret("t")) == credential_from(SIGN_IN | {"RICTL_ACCESS_TOKEN": "t"}, Connection())


def test_a_given_token_loses_the_line_end_of_its_file_and_nothing_else_is_taken_for_a_token() -> None:
    assert AccessToken(Secret(CANARY)) == credential_from({"RICTL_ACCESS_TOKEN": f"{CANARY}\n"}, Connection())
    with pytest.raises(Denied) as caught:
        credential_from({"RICTL_ACCESS_TOKEN": f"{CANARY}\nX-Other: y"}, Connection())
    assert CANARY not in f"{caught.value.what}{caught.value.why}{caught.value.hint}"


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Denied) as caught:
        credential_from({}, Connection())
    assert caught.value.what == "cannot sign in: there is no tenant, no client and no secret or certificate for the connection in the file"
    assert caught.value.hint == (
        "set connection.tenantId or the variable AZURE_TENANT_ID, connection.clientId or the variable AZURE_CLIENT_ID and "
        "the variable AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH; or set RICTL_ACCESS_TOKEN alone, to a token of the environment"
    )


def test_what_is_missing_names_the_place_of_the_connection() -> None:
    with pytest.raises(Denied) as caught:
        credential_from({"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c"}, Connection(where=SourceSpan("environments/a.yaml", 6, 3)))

    assert caught.value.what == "cannot sign in: there is no secret or certificate for the connection in environments/a.yaml:6"


@pytest.mark.parametrize("tenant", ["../common", "a/b", "a?b", "a b", ".."])
def test_a_tenant_cannot_lead_the_sign_in_elsewhere(tenant: str) -> None:
    with pytest.raises(Denied, match="tenant id"):
        credential_from(SIGN_IN, Connection(tenant_id=tenant))


@pytest.mark.parametrize(
    ("cloud", "host", "authority"),
    [
        ("public", "contoso.crm4.dynamics.com", "https://login.microsoftonline.com"),
        ("public", "contoso.api.crm.dynamics.com", "https://login.microsoftonline.com"),
        ("gcc", "contoso.crm9.dynamics.com", "https://login.microsoftonline.com"),
        ("gcc-high", "contoso.crm.microsoftdynamics.us", "https://login.microsoftonline.us"),
        ("dod", "contoso.crm.appsplatform.us", "https://login.microsoftonline.us"),
        ("china", "contoso.crm.dynamics.cn", "https://login.chinacloudapi.cn"),
    ],
)
def test_hosts_of_the_declared_cloud_are_trusted(cloud: Cloud, host: str, authority: str) -> None:
    found = endpoint(f"https://{host}/", cloud=cloud)
    assert (f"https://{host}", authority, True) == (found.url, found.authority, found.trusted_host)
    assert f"https://{host}/api/data/v9.2/" == found.service


@pytest.mark.parametrize(
    "url",
    [
        "https://contoso.crm4.dynamics.com.evil.example",
        "https://evildynamics.com",
        "https://.dynamics.com",
        "https://dynamics.com",
        "https://contoso.crm.dynamics.cn",
        "http://contoso.crm4.dynamics.com",
        "https://contoso.crm4.dynamics.com:8443",
        "https://contoso.crm4.dynamics.com/other",
        "https://contoso.crm4.dynamics.com.",
        "https://127.0.0.1",
    ],
)
def test_other_hosts_are_refused(url: str) -> None:
    with pytest.raises(Denied, match="no environment of the public cloud") as caught:
        endpoint(url)
    assert "--allow-host" in caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "",
        "contoso.crm4.dynamics.com",
        "ftp://contoso.crm4.dynamics.com",
        "https://user:password@contoso.crm4.dynamics.com",
        "https://evil.example@contoso.crm4.dynamics.com",
        "https://contoso.crm4.dynamics.com?x=1",
        "https://contoso.crm4.dynamics.com#x",
        "https://evil.example\\.crm4.dynamics.com",
        "https://contoso\n.crm4.dynamics.com",
        "https://cöntoso.crm4.dynamics.com",
        "https://contoso.crm4.dynamics.com:notaport",
        "https://contoso.crm4.dynamics.com:0",
        "https://[::1",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Denied, match="not one of an environment") as caught:
        endpoint(url)
    assert "environments/contoso-test.yaml" in caught.value.hint


@pytest.mark.parametrize("allowed", ["dataverse.example", "DATAVERSE.example", "dataverse.example:8443"])
def test_a_host_may_be_allowed_by_name(allowed: str) -> None:
    found = endpoint("https://dataverse.example:8443/contoso", allowed)
    assert (found.url, found.trusted_host) == ("https://dataverse.example:8443/contoso", False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_http_is_for_this_machine_only(host: str) -> None:
    assert f"http://{host}:5000/org" == endpoint(f"http://{host}:5000/org", "127.0.0.1", "localhost", "::1").url
    with pytest.raises(Denied, match="not https"):
        endpoint("http://dataverse.example", "dataverse.example")


def test_the_authority_and_the_certificates_follow_the_variables() -> None:
    found = endpoint(URL, AZURE_AUTHORITY_HOST="login.partner.example/", SSL_CERT_FILE="roots.pem")
    assert ("https://login.partner.example", Path("roots.pem")) == (found.authority, found.ca_file)
    with pytest.raises(Denied, match="AZURE_AUTHORITY_HOST"):
        endpoint(URL, AZURE_AUTHORITY_HOST="http://login.example")


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(CANARY)
    found = endpoint(URL)
    shown = [repr(secret), str(secret), f"{secret:>20}", repr(found), repr(found.credential), str([secret]), ascii(secret)]
    assert not any(CANARY in text for text in shown)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert {secret} == {Secret(CANARY)}
    assert secret != CANARY


def test_a_text_that_echoes_secrets_is_blotted() -> None:
    certificate = Endpoint("e", URL, "https://a", ClientCertificate("t", "c", Path("x"), Secret(CANARY)))
    bare = Endpoint("e", URL, "https://a", ClientCertificate("t", "c", Path("x")))
    for found in (endpoint(URL), certificate, endpoint(URL, RICTL_ACCESS_TOKEN=CANARY)):
        assert found.without_secrets(f"it was {CANARY}!") == "it was (secret)!"
    assert f"it was {CANARY}!" == bare.without_secrets(f"it was {CANARY}!")


def test_what_is_too_short_to_be_a_secret_garbles_nothing() -> None:
    assert endpoint(URL, RICTL_ACCESS_TOKEN="t").without_secrets("that is it") == "that is it"
