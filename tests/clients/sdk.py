"""Microsoft's SDK for Python, signed in with its own credential class; nothing of it is adapted."""

from __future__ import annotations

from azure.identity import ClientSecretCredential
from PowerPlatform.Dataverse.client import DataverseClient

from tests.clients.serving import Served


def credential(served: Served) -> ClientSecretCredential:
    return ClientSecretCredential(
        served.tenant, served.client_id, served.secret, authority=served.authority, disable_instance_discovery=True
    )


def sdk(served: Served, organization: str) -> DataverseClient:
    return DataverseClient(served.url(organization), credential(served))
