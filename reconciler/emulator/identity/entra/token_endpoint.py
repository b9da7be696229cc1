"""Answers requests for tokens and for device codes, whatever the grant. Touches the wall clock."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from reconciler.emulator.domain.identity import TENANT_ID
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.directory import Application, Directory
from reconciler.emulator.identity.entra import policies, proofs, refusals
from reconciler.emulator.identity.entra.devices import Devices
from reconciler.emulator.identity.entra.documents import ALIASES
from reconciler.emulator.identity.entra.sessions import Sessions, Wish
from reconciler.emulator.identity.tokens import APPLICATION, CLIENT_ID, TENANT_DOMAIN, Tokens
from reconciler.emulator.messages import Answer

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_NOT_EMULATED = frozenset({"authorization_code", "password", "urn:ietf:params:oauth:grant-type:jwt-bearer"})
_OPENID_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})

Form = Mapping[str, str]


class TokenEndpoint:
    """One tenant's. Every method raises `Refusal` for what it refuses."""

    def __init__(self, authority: str, tokens: Tokens, directory: Directory, devices: Devices) -> None:
        self._authority = authority
        self._tokens = tokens
        self._directory = directory
        self._devices = devices
        self._sessions = Sessions(authority, tokens, directory)

    def token(self, tenant: str, form: Form) -> Answer:
        """The answer to POST /{tenant}/oauth2/v2.0/token."""
        grant = form.get("grant_type")
        if grant is None:
            raise refusals.missing_parameter("grant_type")
        if grant == "client_credentials":
            return Answer(200, self._for_application(tenant, form))
        if grant == _DEVICE_GRANT:
            return Answer(200, self._for_device(form))
        if grant == "refresh_token":
            return Answer(200, self._for_refresh(form))
        if grant in _NOT_EMULATED:
            told = f"The embedded Entra ID does not support the grant {grant}."
            return Answer(501, {"error": "not_supported", "error_description": told})
        raise refusals.unsupported_grant(grant)

    def device_code(self, form: Form) -> Answer:
        """The answer to POST /{tenant}/oauth2/v2.0/devicecode."""
        application = self._application(form)
        scope = form.get("scope", "")
        _resource(scope)
        rules = self._directory.rules()
        lasts, interval = rules.device_code_seconds, rules.interval_seconds
        code, attempt = self._devices.begin(application.id, scope, ends=time.time() + lasts, interval=interval)
        where = f"{self._authority}/common/oauth2/deviceauth"
        return Answer(
            200,
            {
                "user_code": attempt.user_code,
                "device_code": code,
                "verification_uri": where,
                "expires_in": lasts,
                "interval": interval,
                "message": f"To sign in, use a web browser to open the page {where} and enter the code {attempt.user_code}.",
            },
        )

    def _application(self, form: Form) -> Application:
        client = form.get("client_id")
        if not client:
            raise refusals.missing_parameter("client_id")
        found = self._directory.application(client)
        if found is None:
            raise refusals.unknown_application(client)
        return found

    def _for_application(self, tenant: str, form: Form) -> dict[str, Any]:
        if tenant.lower() in ALIASES:
            raise refusals.no_tenant()
        application = self._application(form)
        proof = self._proven(application, form)
        scope = form.get("scope", "")
        if not scope.endswith("/.default"):
            raise refusals.bad_scope(scope)
        resource = _resource(scope)
        policies.check(self._directory.rules().refuse, application.id, resource)
        identity = APPLICATION if application.id == CLIENT_ID else Identity(application.name, application.id, on_demand=False)
        lasts = self._tokens.lifetime()
        token = self._tokens.issue(resource, identity, proof=proof)
        return {"token_type": "Bearer", "expires_in": lasts, "ext_expires_in": lasts, "access_token": token}

    def _proven(self, application: Application, form: Form) -> str:
        if form.get("client_assertion_type") == proofs.ASSERTION_TYPE:
            own = (self._directory.issuer, self._tokens.key)
            proofs.check_assertion(application, form.get("client_assertion", ""), self._audiences(), own, time.time())
            return "2"
        if not form.get("client_secret"):
            raise refusals.no_proof()
        proofs.check_secret(application, form["client_secret"])
        return "1"

    def _audiences(self) -> frozenset[str]:
        tenants = (f"{self._authority}/{name}" for name in (TENANT_ID, TENANT_DOMAIN))
        return frozenset(f"{tenant}/{end}" for tenant in tenants for end in ("oauth2/v2.0/token", "v2.0"))

    def _for_device(self, form: Form) -> dict[str, Any]:
        application = self._public(form)
        attempt = self._devices.poll(form.get("device_code") or form.get("code", ""), application.id, time.time())
        return self._opened(str(attempt.user), application, attempt.scope, form)

    def _for_refresh(self, form: Form) -> dict[str, Any]:
        application = self._public(form)
        user = self._sessions.user_of(form.get("refresh_token", ""), application.id)
        return self._opened(user, application, form.get("scope", ""), form)

    def _public(self, form: Form) -> Application:
        application = self._application(form)
        if not application.public:
            self._proven(application, form)
        return application

    def _opened(self, user: str, application: Application, scope: str, form: Form) -> dict[str, Any]:
        resource = _resource(scope)
        policies.check(self._directory.rules().refuse, application.id, resource)
        return self._sessions.opened(user, Wish(application.id, scope, resource, form.get("client_info") == "1"))


def _resource(scope: str) -> str:
    """The one resource that the scopes are of; refuses what is not an address of the embedded Dataverse."""
    asked = next((part for part in scope.split() if part not in _OPENID_SCOPES), "")
    resource = asked.removesuffix("/.default").removesuffix("/user_impersonation")
    try:
        host = urlsplit(resource).hostname
    except ValueError:
        host = None
    if host not in ("127.0.0.1", "localhost", "graph.microsoft.com"):
        raise refusals.unknown_resource(resource)
    return resource
