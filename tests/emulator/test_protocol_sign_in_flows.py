"""Stock MSAL over TLS, for every way of signing in that the embedded Entra ID has."""

from __future__ import annotations

import datetime as dt
import json
import re
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt
import msal
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from reconciler.emulator.identity.entra.devices import Devices
from reconciler.emulator.identity.entra.refusals import Refusal
from reconciler.emulator.identity.workloads import IDENTITY_HEADER, variables
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.wire import Client, Reply, send

PUBLIC = "51f81489-12ee-4a9e-aaae-a2591f45987d"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(autouse=True)
def _own_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def control(server: EmbeddedDataverse, name: str, /, **asked: Any) -> Reply:
    return send("POST", f"{server.root}/_emulator/v1/{name}", json.dumps(asked).encode())


def entra(server: EmbeddedDataverse, place: str, form: dict[str, str] | None = None, tenant: str | None = None) -> Reply:
    trust = ssl.create_default_context(cafile=str(server.ca_file))
    url = f"{server.authority}/{tenant or server.tenant_id}/{place}"
    return send("GET" if form is None else "POST", url, None if form is None else urlencode(form).encode(), context=trust)


def token(server: EmbeddedDataverse, **form: str) -> Reply:
    return entra(server, "oauth2/v2.0/token", {"client_id": server.client_id, "scope": f"{server.root}/.default", **form})


def asserted(server: EmbeddedDataverse, assertion: str, **form: str) -> Reply:
    proof = {"client_assertion_type": ASSERTION, "client_assertion": assertion}
    return token(server, **{"grant_type": "client_credentials", **proof, **form})


def code_of(reply: Reply) -> int:
    return int(reply.body["error_codes"][0])


def certificate(key: rsa.RSAPrivateKey = KEY, days: int = 1) -> tuple[str, str]:
    """The certificate and the private key, both PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "robot")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - dt.timedelta(days=10)).not_valid_after(now + dt.timedelta(days=days))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode(), private.decode()


def confidential(server: EmbeddedDataverse, credential: Any, tenant: str | None = None) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        server.client_id,
        client_credential=credential,
        authority=f"{server.authority}/{tenant or server.tenant_id}",
        instance_discovery=False,
        verify=str(server.ca_file),
    )


def public(server: EmbeddedDataverse, tenant: str = "organizations") -> msal.PublicClientApplication:
    return msal.PublicClientApplication(
        PUBLIC, authority=f"{server.authority}/{tenant}", instance_discovery=False, verify=str(server.ca_file)
    )


def claims_of(server: EmbeddedDataverse, access_token: str, audience: str) -> dict[str, Any]:
    """As a resource server checks a token: by the key that the OpenID configuration leads to."""
    where = entra(server, "v2.0/.well-known/openid-configuration").body["jwks_uri"]
    keys = jwt.PyJWKSet.from_dict(entra(server, where.partition(f"{server.tenant_id}/")[2]).body)
    key = keys[jwt.get_unverified_header(access_token)["kid"]]
    claims: dict[str, Any] = jwt.decode(access_token, key.key, ["RS256"], audience=audience)
    return claims


def test_a_secret_gives_a_token_that_a_resource_server_can_check(toy_server: EmbeddedDataverse) -> None:
    result = confidential(toy_server, toy_server.client_secret).acquire_token_for_client([f"{toy_server.root}/.default"])
    claims = claims_of(toy_server, result["access_token"], toy_server.root)

    assert claims["iss"] == f"https://sts.windows.net/{toy_server.tenant_id}/"
    assert (claims["tid"], claims["appid"], claims["idtyp"], claims["ver"]) == (toy_server.tenant_id, toy_server.client_id, "app", "1.0")
    assert claims["appidacr"] == "1"
    assert claims["oid"] == claims["sub"]
    assert claims["exp"] - claims["nbf"] == 3599
    assert not {"roles", "scp", "upn"} & set(claims)


def test_the_tenant_is_known_by_its_domain_name_too(toy_server: EmbeddedDataverse) -> None:
    application = confidential(toy_server, toy_server.client_secret, "contoso.onmicrosoft.com")

    assert "access_token" in application.acquire_token_for_client([f"{toy_server.root}/.default"])
    secret = {"grant_type": "client_credentials", "client_id": toy_server.client_id, "client_secret": toy_server.client_secret}
    assert code_of(entra(toy_server, "oauth2/v2.0/token", secret, "organizations")) == 50059
    assert entra(toy_server, "v2.0/.well-known/openid-configuration", tenant="common").body["issuer"].endswith("/{tenantid}/v2.0")


@pytest.mark.parametrize("named", [True, False])
def test_a_registered_certificate_signs_in_under_both_thumbprints(toy_server: EmbeddedDataverse, named: bool) -> None:
    pem, private = certificate()
    thumbprint = x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA1()).hex()
    assert control(toy_server, "certificates", pem=pem).body["thumbprint"] == thumbprint.upper()
    credential = {"private_key": private, **({"thumbprint": thumbprint} if named else {"public_certificate": pem})}
    result = confidential(toy_server, credential).acquire_token_for_client([f"{toy_server.root}/.default"])

    assert claims_of(toy_server, result["access_token"], toy_server.root)["appidacr"] == "2"
    assert Client(toy_server, result["access_token"]).get("WhoAmI").status == 200


def test_a_certificate_that_is_not_registered_is_refused_whatever_it_signs(toy_server: EmbeddedDataverse) -> None:
    pem, private = certificate()
    result = confidential(toy_server, {"private_key": private, "public_certificate": pem}).acquire_token_for_client(
        [f"{toy_server.root}/.default"]
    )

    assert (result["error"], result["error_codes"]) == ("invalid_client", [700027])


def signed(server: EmbeddedDataverse, key: rsa.RSAPrivateKey = KEY, pem: str = "", algorithm: str = "RS256", **changes: Any) -> str:
    now = dt.datetime.now(dt.UTC).timestamp()
    here = f"{server.authority}/{server.tenant_id}/oauth2/v2.0/token"
    claims = {"iss": server.client_id, "sub": server.client_id, "aud": here, "exp": now + 60, "nbf": now, **changes}
    thumbprint = x509.load_pem_x509_certificate((pem or certificate()[0]).encode()).fingerprint(hashes.SHA1())
    header = {"x5t": jwt.utils.base64url_encode(thumbprint).decode()}
    return jwt.encode(claims, "k" * 32 if algorithm == "HS256" else key, algorithm, headers=header)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": 1}, 700024),
        ({"exp": "soon"}, 700024),
        ({"nbf": 32_503_680_000}, 700024),
        ({"aud": "https://login.microsoftonline.com/x/oauth2/v2.0/token"}, 700023),
        ({"aud": ["https://login.microsoftonline.com/x/oauth2/v2.0/token"]}, 700023),
        ({"aud": [["nested"]]}, 700023),
        ({"aud": ["a", "b"]}, 700023),
        ({"aud": {"a": 1}}, 700023),
        ({"sub": PUBLIC}, 700021),
        ({"key": OTHER_KEY}, 700027),
        ({"algorithm": "HS256"}, 50027),
    ],
)
def test_a_certificate_assertion_is_checked_in_every_part(toy_server: EmbeddedDataverse, changes: dict[str, Any], code: int) -> None:
    pem = certificate()[0]
    control(toy_server, "certificates", pem=pem)

    assert code_of(asserted(toy_server, signed(toy_server, pem=pem, **changes))) == code
    assert asserted(toy_server, signed(toy_server, pem=pem)).status == 200
    here = f"{toy_server.authority}/{toy_server.tenant_id}/oauth2/v2.0/token"
    assert asserted(toy_server, signed(toy_server, pem=pem, aud=[here])).status == 200


def test_an_expired_certificate_and_a_text_that_is_no_assertion_are_refused(toy_server: EmbeddedDataverse) -> None:
    pem = certificate(days=-1)[0]
    control(toy_server, "certificates", pem=pem)

    assert "The key used is expired" in asserted(toy_server, signed(toy_server, pem=pem)).body["error_description"]
    assert [code_of(asserted(toy_server, text)) for text in ("junk", "a.b.c")] == [50027, 50027]
    claims = {"iss": toy_server.client_id, "exp": 1}
    assert code_of(asserted(toy_server, jwt.encode(claims, KEY, "RS256", headers={"x5t": "a"}))) == 700027
    assert code_of(asserted(toy_server, jwt.encode(claims, KEY, "RS256", headers={"x5t": "\u00e9"}))) == 700027


def workload(server: EmbeddedDataverse, query: str = "") -> str:
    where = variables(server.root)["github"]["ACTIONS_ID_TOKEN_REQUEST_URL"]
    reply = send("GET", f"{where}{query}", headers={"Authorization": f"Bearer {IDENTITY_HEADER}"})
    return str(reply.body["value"])


def test_a_workload_of_github_signs_in_without_a_secret(toy_server: EmbeddedDataverse) -> None:
    credential = {"client_assertion": lambda: workload(toy_server, "&audience=api://AzureADTokenExchange")}
    result = confidential(toy_server, credential).acquire_token_for_client([f"{toy_server.root}/.default"])

    assert Client(toy_server, result["access_token"]).get("WhoAmI").status == 200


def test_a_workload_of_azure_pipelines_gets_an_assertion_of_the_same_issuer(toy_server: EmbeddedDataverse) -> None:
    where = variables(toy_server.root)["azure-pipelines"]["SYSTEM_OIDCREQUESTURI"]
    reply = send("POST", f"{where}?api-version=7.1&serviceConnectionId=x", b"", {"Authorization": f"Bearer {IDENTITY_HEADER}"})
    claims = jwt.decode(reply.body["oidcToken"], options={"verify_signature": False})
    described = send("GET", f"{claims['iss']}/.well-known/openid-configuration").body
    keys = jwt.PyJWKSet.from_dict(send("GET", described["jwks_uri"]).body)

    assert described["issuer"] == claims["iss"]
    assert jwt.decode(reply.body["oidcToken"], keys.keys[0].key, ["RS256"], audience="api://AzureADTokenExchange") == claims
    assert asserted(toy_server, reply.body["oidcToken"]).status == 200
    assert send("POST", where, b"", {"Authorization": "Bearer other"}).status == 401


@pytest.mark.parametrize(("query", "code"), [("&audience=api://elsewhere", 700212), ("&subject=repo:contoso/other", 700213)])
def test_a_workload_that_no_credential_fits_is_refused(toy_server: EmbeddedDataverse, query: str, code: int) -> None:
    assert code_of(asserted(toy_server, workload(toy_server, query))) == code


def test_another_subject_and_another_issuer_count_once_they_are_registered(toy_server: EmbeddedDataverse) -> None:
    subject = "repo:contoso/other"
    assert control(toy_server, "federated-credentials", subject=subject).status == 200
    assert asserted(toy_server, workload(toy_server, f"&subject={subject}")).status == 200
    about = {"iss": "https://issuer.example", "sub": "robot", "aud": ["api://AzureADTokenExchange"]}
    foreign = {**about, "exp": dt.datetime.now(dt.UTC).timestamp() + 60}
    assertion = jwt.encode(foreign, KEY, "RS256", headers={"kid": "k1"})
    assert code_of(asserted(toy_server, assertion)) == 700211

    described = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "k1"}
    registered = control(toy_server, "federated-credentials", issuer="https://issuer.example", subject="robot", keys=[described])
    assert registered.status == 200
    assert asserted(toy_server, assertion).status == 200
    assert code_of(asserted(toy_server, jwt.encode(foreign, OTHER_KEY, "RS256", headers={"kid": "k1"}))) == 700027


def test_a_person_signs_in_with_a_device_code_and_again_in_silence(toy_server: EmbeddedDataverse) -> None:
    application = public(toy_server)
    scopes = [f"{toy_server.root}/user_impersonation"]
    toy_server.token("Ana Pop")
    Client(toy_server, toy_server.token("Ana Pop")).get("WhoAmI")
    flow = application.initiate_device_flow(scopes)
    assert (flow["expires_in"], flow["interval"], len(flow["user_code"])) == (900, 5, 9)
    assert control(toy_server, "device", user_code=flow["user_code"].lower(), user="Ana Pop").status == 200
    result = application.acquire_token_by_device_flow(flow)
    claims = claims_of(toy_server, result["access_token"], toy_server.root)
    account = application.get_accounts()[0]

    assert (claims["name"], claims["upn"], claims["idtyp"]) == ("Ana Pop", "ana.pop@contoso.onmicrosoft.com", "user")
    assert (claims["appid"], claims["scp"], claims["appidacr"]) == (PUBLIC, "user_impersonation", "0")
    assert result["id_token_claims"]["preferred_username"] == "ana.pop@contoso.onmicrosoft.com" == account["username"]
    assert account["home_account_id"] == f"{claims['oid']}.{toy_server.tenant_id}"
    assert application.acquire_token_silent(scopes, account)["token_source"] == "cache"
    renewed = application.acquire_token_silent(scopes, account, force_refresh=True)
    assert renewed["access_token"] != result["access_token"]
    assert Client(toy_server, renewed["access_token"]).get("WhoAmI").status == 200


def test_a_certificate_without_an_rsa_key_is_not_registered(toy_server: EmbeddedDataverse) -> None:
    assert "has no RSA key" in control(toy_server, "certificates", pem=toy_server.ca_file.read_text()).body["error"]["message"]


def test_the_oldest_of_very_many_device_codes_is_forgotten(toy_server: EmbeddedDataverse) -> None:
    devices = Devices()
    codes = [devices.begin(PUBLIC, "", ends=1e12, interval=0)[0] for _ in range(1001)]

    with pytest.raises(Refusal, match="Invalid verification code"):
        devices.poll(codes[0], PUBLIC, 0)
    with pytest.raises(Refusal, match="pending"):
        devices.poll(codes[1], PUBLIC, 0)


def test_a_refresh_token_of_long_ago_is_refused(toy_server: EmbeddedDataverse) -> None:
    claims = {"purpose": "refresh", "user": "Ana Pop", "client": PUBLIC, "made": 1, "exp": 2}
    old = toy_server._tokens.key.sign(claims)

    assert code_of(token(toy_server, grant_type="refresh_token", client_id=PUBLIC, refresh_token=old)) == 700082


def test_a_refused_change_of_the_rules_signs_nobody_out(toy_server: EmbeddedDataverse) -> None:
    refused = control(toy_server, "sign-in", revoke="Ana", token_seconds=-1)

    assert (refused.status, "errors.pydantic" in refused.content.decode()) == (400, False)
    assert toy_server._store.setting("directory") in (None, {})
    assert control(toy_server, "sign-in", revoke="Ana").status == 200
    assert list(toy_server._store.setting("directory")["revoked"]) == ["Ana"]


def test_a_revoked_refresh_token_gives_nothing_more(toy_server: EmbeddedDataverse) -> None:
    application = public(toy_server)
    scopes = [f"{toy_server.root}/.default"]
    flow = application.initiate_device_flow(scopes)
    control(toy_server, "device", user_code=flow["user_code"], user="Ana Pop")
    refresh = {
        "grant_type": "refresh_token",
        "client_id": PUBLIC,
        "refresh_token": application.acquire_token_by_device_flow(flow)["refresh_token"],
    }

    assert "refresh_token" in token(toy_server, **refresh, scope=f"{scopes[0]} offline_access").body
    assert code_of(token(toy_server, **{**refresh, "client_id": toy_server.client_id})) == 70000
    assert code_of(token(toy_server, **{**refresh, "refresh_token": "junk"})) == 70000
    control(toy_server, "sign-in", revoke="Ana Pop")
    assert code_of(token(toy_server, **refresh)) == 50173
    account = application.get_accounts()[0]
    again = application.acquire_token_silent_with_error(scopes, account, force_refresh=True)
    assert again["error_codes"] == [50173]


def begin(server: EmbeddedDataverse, **form: str) -> dict[str, Any]:
    reply = entra(server, "oauth2/v2.0/devicecode", {"client_id": PUBLIC, "scope": f"{server.root}/.default openid", **form})
    return dict(reply.body)


def poll(server: EmbeddedDataverse, flow: dict[str, Any], **form: str) -> str:
    reply = token(server, **{"grant_type": DEVICE, "client_id": PUBLIC, "device_code": flow["device_code"], **form})
    return "done" if reply.status == 200 else str(reply.body["error"])


def test_waiting_hasty_declined_late_and_foreign_polls_are_told_apart(toy_server: EmbeddedDataverse) -> None:
    flow = begin(toy_server)
    assert [poll(toy_server, flow), poll(toy_server, flow)] == ["authorization_pending", "slow_down"]
    assert poll(toy_server, flow, client_id=toy_server.client_id) == "bad_verification_code"
    control(toy_server, "device", user_code=flow["user_code"], decline=True)
    assert [poll(toy_server, flow), poll(toy_server, flow)] == ["authorization_declined", "bad_verification_code"]
    control(toy_server, "sign-in", device_code_seconds=0, interval_seconds=0)
    assert poll(toy_server, begin(toy_server)) == "expired_token"
    assert control(toy_server, "device", user_code="NOBODY", user="Ana").status == 400


def test_a_person_approves_on_the_page(toy_server: EmbeddedDataverse) -> None:
    control(toy_server, "sign-in", interval_seconds=0)
    flow = begin(toy_server)
    where = flow["verification_uri"].partition("/common/")[2]
    page = entra(toy_server, where, tenant="common")
    assert re.findall(r'name="(\w+)"', page.content.decode()) == ["user_code", "user", "decision", "decision"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")

    script = {"user_code": flow["user_code"], "user": "<script>"}
    assert b"&lt;script&gt;" in entra(toy_server, where, script, "common").content
    assert entra(toy_server, where, {"user_code": flow["user_code"]}, "common").status == 400
    assert entra(toy_server, where, {"user_code": "X", "user": "Ana"}, "common").status == 400
    assert poll(toy_server, flow) == "done"
    other = begin(toy_server)
    assert b"You declined." in entra(toy_server, where, {"user_code": other["user_code"], "decision": "decline"}, "common").content
    assert poll(toy_server, other) == "authorization_declined"


@pytest.mark.parametrize("place", ["app-service", "imds"])
def test_stock_msal_gets_a_token_for_a_managed_identity(toy_server: EmbeddedDataverse, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    for name, value in variables(toy_server.root)[place].items():
        monkeypatch.setenv(name, value)
    with requests.Session() as session:
        client = msal.ManagedIdentityClient(msal.SystemAssignedManagedIdentity(), http_client=session)
        result = client.acquire_token_for_client(resource=toy_server.root)

        assert Client(toy_server, result["access_token"]).get("WhoAmI").status == 200
        user_assigned = msal.UserAssignedManagedIdentity(client_id=PUBLIC)
        unknown = msal.ManagedIdentityClient(user_assigned, http_client=session)
        assert "error" in unknown.acquire_token_for_client(resource=toy_server.root)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("app-service/token", {}, 401),
        ("app-service/token?resource=https://x.example", {"X-IDENTITY-HEADER": IDENTITY_HEADER}, 400),
        ("app-service/token?resource=http://[", {"X-IDENTITY-HEADER": IDENTITY_HEADER}, 400),
        ("imds/metadata/identity/oauth2/token", {}, 400),
        (f"imds/metadata/identity/oauth2/token?{'a=1&' * 60}", {"Metadata": "true"}, 400),
        ("nowhere", {}, 404),
        ("issuer/keys", {"Host": "evil.example"}, 403),
    ],
)
def test_places_of_workloads_refuse_what_the_real_ones_refuse(
    toy_server: EmbeddedDataverse, path: str, headers: dict[str, str], status: int
) -> None:
    assert send("GET", f"{toy_server.root}/_identity/{path}", headers=headers).status == status


@pytest.mark.parametrize(
    ("rule", "code", "suberror", "challenged"),
    [
        ("conditional-access", 53003, "message_only", True),
        ("multi-factor", 50076, "basic_action", True),
        ("consent", 65001, "consent_required", False),
        ("disabled-user", 50057, None, False),
        ("disabled-application", 7000112, None, False),
        ("expired-secret", 7000222, None, False),
    ],
)
def test_the_tenant_refuses_what_it_is_told_to(
    toy_server: EmbeddedDataverse, rule: str, code: int, suberror: str | None, challenged: bool
) -> None:
    form = {"grant_type": "client_credentials", "client_secret": toy_server.client_secret}
    assert control(toy_server, "sign-in", refuse=rule).body["refuse"] == rule
    body = token(toy_server, **form).body

    assert (body["error_codes"], body.get("suberror"), "claims" in body) == ([code], suberror, challenged)
    assert not challenged or json.loads(body["claims"])["access_token"]["capolids"]["essential"] is True
    control(toy_server, "sign-in", refuse=None)
    assert token(toy_server, **form).status == 200


def test_a_token_ends_when_its_lifetime_is_over(toy_server: EmbeddedDataverse) -> None:
    good = toy_server.token()
    control(toy_server, "sign-in", token_seconds=0)

    assert Client(toy_server, toy_server.token()).get("WhoAmI").status == 401
    assert Client(toy_server, good).get("WhoAmI").status == 200
    told = send("GET", f"{toy_server.root}/_emulator/v1/sign-in").body
    assert (told["token_seconds"], set(told["variables"])) == (0, {"app-service", "imds", "github", "azure-pipelines"})


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://sts.windows.net/other/"},
        {"tid": PUBLIC},
        {"aud": "http://127.0.0.1:1"},
        {"nbf": 32_503_680_000},
        {"exp": 1},
        {"idtyp": "x"},
    ],
)
def test_every_claim_of_a_token_is_checked(toy_server: EmbeddedDataverse, changes: dict[str, Any]) -> None:
    key = toy_server._tokens.key
    claims = jwt.decode(toy_server.token(), options={"verify_signature": False})

    assert Client(toy_server, key.sign(claims)).get("WhoAmI").status == 200
    assert Client(toy_server, key.sign({**claims, **changes})).get("WhoAmI").status == 401
    assert Client(toy_server, jwt.encode(claims, OTHER_KEY, "RS256")).get("WhoAmI").status == 401


def test_registered_applications_sign_in_and_expired_secrets_have_their_code(toy_server: EmbeddedDataverse) -> None:
    made = control(toy_server, "applications", name="robot", secret="s1").body
    form = {"grant_type": "client_credentials", "client_id": made["id"]}

    assert token(toy_server, **form, client_secret="s1").status == 200
    assert code_of(token(toy_server, **form, client_secret="s2")) == 7000215
    control(toy_server, "applications", name="robot", secret="s1", expired=True)
    assert code_of(token(toy_server, **form, client_secret="s1")) == 7000222
    assert code_of(token(toy_server, grant_type="refresh_token", client_id=made["id"], refresh_token="x")) == 7000218


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("certificates", {"pem": ""}, "pem is a text"),
        ("certificates", {"pem": "junk"}, "Unable to load PEM"),
        ("certificates", {"pem": "x", "application": "nobody"}, "no application nobody is registered"),
        ("federated-credentials", {"issuer": "https://issuer.example"}, "its keys are needed"),
        ("federated-credentials", {"keys": "x"}, "a list of up to 20"),
        ("federated-credentials", {"keys": [{"kty": "x"}]}, "not a public RSA key"),
        ("sign-in", {"refuse": "x"}, "refuse is null or one of"),
        ("sign-in", {"token_seconds": -1}, "token_seconds: Input should be greater than or equal to 0"),
        ("sign-in", {"refuse": ["x"]}, "refuse is null or one of"),
        ("sign-in", {"revoke": 5}, "revoke is a text"),
        ("sign-in", {"nonsense": 1}, "unknown: nonsense"),
        ("applications", {}, "name is a text"),
    ],
)
def test_control_requests_that_cannot_be_say_why(toy_server: EmbeddedDataverse, name: str, asked: dict[str, Any], told: str) -> None:
    reply = control(toy_server, name, **asked)

    assert (reply.status, told in reply.body["error"]["message"]) == (400, True)


def test_registrations_and_the_key_outlive_a_restart(toy_server: EmbeddedDataverse, tmp_path: Path) -> None:
    from tests.emulator.toy import CATALOG, ToyDomain

    control(toy_server, "applications", name="robot", id=PUBLIC.upper(), secret="s1")
    old = toy_server.token()
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=ToyDomain(), catalog=CATALOG, organization="toy") as second:
        again = token(second, grant_type="client_credentials", client_id=PUBLIC, client_secret="s1")

        assert again.status == 200
        assert jwt.get_unverified_header(again.body["access_token"])["kid"] == jwt.get_unverified_header(old)["kid"]


def test_instance_discovery_leads_to_the_tenant_that_was_asked_for(toy_server: EmbeddedDataverse) -> None:
    trust = ssl.create_default_context(cafile=str(toy_server.ca_file))
    where = f"{toy_server.authority}/common/discovery/instance?api-version=1.1&authorization_endpoint="
    found = [
        send("GET", where + asked, context=trust).body["tenant_discovery_endpoint"].split("/")[3]
        for asked in (f"{toy_server.authority}/organizations/oauth2/v2.0/authorize", "http://[", "")
    ]

    assert found == ["organizations", toy_server.tenant_id, toy_server.tenant_id]
