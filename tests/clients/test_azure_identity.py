"""azure-identity, unchanged: every credential class that needs no browser and no machine in Azure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AzurePipelinesCredential,
    CertificateCredential,
    ChainedTokenCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from tests.clients.certificate import Proof, made
from tests.clients.control import caller, control, join
from tests.clients.serving import Served


@pytest.fixture(scope="module")
def proof(tls: Served) -> Proof:
    found = made()
    control(tls, "POST", "certificates", pem=found.certificate)
    return found


def there(served: Served) -> dict[str, Any]:
    return {"authority": served.authority, "disable_instance_discovery": True}


def opened(served: Served, credential: Any) -> dict[str, str]:
    return caller(served, credential.get_token(served.scope("sign-in")).token)


def workload_token(served: Served) -> str:
    places = control(served, "GET", "sign-in")["variables"]["github"]
    headers = {"Authorization": f"Bearer {places['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    return str(requests.get(places["ACTIONS_ID_TOKEN_REQUEST_URL"], headers=headers, timeout=20).json()["value"])


def test_a_secret(tls: Served) -> None:
    assert opened(tls, ClientSecretCredential(tls.tenant, tls.client_id, tls.secret, **there(tls)))["applicationid"] == tls.client_id


def test_a_wrong_secret_is_told(tls: Served) -> None:
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        ClientSecretCredential(tls.tenant, tls.client_id, "wrong", **there(tls)).get_token(tls.scope())


def test_a_certificate_in_a_file_or_in_memory(tls: Served, proof: Proof, tmp_path: Path) -> None:
    file = tmp_path / "both.pem"
    file.write_text(proof.key + proof.certificate)
    for given in (
        {"certificate_path": str(file)},
        {"certificate_data": file.read_bytes()},
        {"certificate_path": str(file), "send_certificate_chain": True},
    ):
        assert opened(tls, CertificateCredential(tls.tenant, tls.client_id, **given, **there(tls)))["applicationid"] == tls.client_id


def test_a_workload_identity_and_an_assertion(tls: Served, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(workload_token(tls))
    credential = WorkloadIdentityCredential(tenant_id=tls.tenant, client_id=tls.client_id, token_file_path=str(file), **there(tls))
    assert opened(tls, credential)["applicationid"] == tls.client_id
    credential = ClientAssertionCredential(tls.tenant, tls.client_id, lambda: workload_token(tls), **there(tls))
    assert opened(tls, credential)["applicationid"] == tls.client_id


def test_a_pipeline_of_azure(tls: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    places = control(tls, "GET", "sign-in")["variables"]["azure-pipelines"]
    monkeypatch.setenv("SYSTEM_OIDCREQUESTURI", places["SYSTEM_OIDCREQUESTURI"])
    credential = AzurePipelinesCredential(
        tenant_id=tls.tenant,
        client_id=tls.client_id,
        service_connection_id="11111111-2222-3333-4444-555555555555",
        system_access_token=places["SYSTEM_ACCESSTOKEN"],
        **there(tls),
    )
    assert opened(tls, credential)["applicationid"] == tls.client_id


def test_a_device_code(tls: Served) -> None:
    def approve(_address: str, user_code: str, _expires: object) -> None:
        control(tls, "POST", "device", user_code=user_code, user="Ana Pop")

    join(tls, "Ana Pop")
    credential = DeviceCodeCredential(tls.client_id, tenant_id=tls.tenant, prompt_callback=approve, **there(tls))
    assert opened(tls, credential)["fullname"] == "Ana Pop"


@pytest.mark.parametrize("place", ["app-service", "imds"])
def test_a_managed_identity(tls: Served, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    for name, value in control(tls, "GET", "sign-in")["variables"][place].items():
        monkeypatch.setenv(name, value)
    assert opened(tls, ManagedIdentityCredential())["applicationid"] == tls.client_id


def test_the_surroundings_and_a_chain(tls: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"TENANT_ID": tls.tenant, "CLIENT_ID": tls.client_id, "CLIENT_SECRET": tls.secret}
    for name, value in said.items():
        monkeypatch.setenv(f"AZURE_{name}", value)
    chain = ChainedTokenCredential(EnvironmentCredential(**there(tls)))
    assert opened(tls, chain)["applicationid"] == tls.client_id
