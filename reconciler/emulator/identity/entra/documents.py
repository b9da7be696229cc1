"""The documents by which clients find their way: instance discovery, OpenID configuration. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from reconciler.emulator.domain.identity import TENANT_ID
from reconciler.emulator.identity.tokens import TENANT_DOMAIN

ALIASES = ("common", "organizations")
"""Names under which no tenant in particular is meant."""


def is_tenant(name: str) -> bool:
    """Whether the embedded tenant is meant: by id, by domain name, or by a name for all tenants."""
    return name.lower() in (TENANT_ID, TENANT_DOMAIN, *ALIASES)


def instance(authority: str, tenant: str) -> dict[str, Any]:
    """The answer to instance discovery: the authority is known, and has no other name."""
    host = urlsplit(authority).netloc
    return {
        "tenant_discovery_endpoint": f"{authority}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


def configuration(authority: str, tenant: str) -> dict[str, Any]:
    """The OpenID configuration. Endpoints keep the name that was asked for; the issuer has the tenant's id, or a place for it."""
    root = f"{authority}/{tenant}"
    issuer = "{tenantid}" if tenant.lower() in ALIASES else TENANT_ID
    return {
        "token_endpoint": f"{root}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{root}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{authority}/{issuer}/v2.0",
        "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "name", "oid", "preferred_username", "tid", "ver"],
    }
