"""Answers for the embedded Entra ID, by tenant and address. Touches the wall clock and the state file."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from reconciler.emulator.domain.identity import TENANT_ID
from reconciler.emulator.identity.directory import Directory
from reconciler.emulator.identity.entra import documents
from reconciler.emulator.identity.entra.devices import Devices
from reconciler.emulator.identity.entra.pages import code_page
from reconciler.emulator.identity.entra.refusals import Refusal, unknown_tenant
from reconciler.emulator.identity.entra.token_endpoint import TokenEndpoint
from reconciler.emulator.identity.tokens import Tokens
from reconciler.emulator.messages import Answer

_CONFIGURATION = "v2.0/.well-known/openid-configuration"
_KEYS = "discovery/v2.0/keys"
_PLACES = (_CONFIGURATION, _KEYS, "oauth2/v2.0/token", "oauth2/v2.0/devicecode", "oauth2/v2.0/authorize", "oauth2/deviceauth")


class EntraId:
    """One tenant, known by its id and by its domain name. `authority` is https://127.0.0.1:PORT."""

    def __init__(self, authority: str, tokens: Tokens, directory: Directory, devices: Devices) -> None:
        self.authority = authority
        self._tokens = tokens
        self._devices = devices
        self._endpoint = TokenEndpoint(authority, tokens, directory, devices)

    def answer(self, method: str, path: str, body: bytes, query: str = "") -> Answer:
        """The answer to one request; paths are those of login.microsoftonline.com."""
        if method == "GET" and path == "/common/discovery/instance":
            return self._discovered(query)
        tenant, _, place = path.lstrip("/").partition("/")
        if place not in _PLACES:
            return Answer(404, {"error": "not_found", "error_description": "The embedded Entra ID does not have this address."})
        try:
            if not documents.is_tenant(tenant):
                raise unknown_tenant(tenant)
            return self._answered(method, tenant, place, _form(body.decode("utf-8", "replace")))
        except Refusal as refusal:
            return refusal.answer

    def _answered(self, method: str, tenant: str, place: str, form: dict[str, str]) -> Answer:
        match method, place:
            case "GET", "v2.0/.well-known/openid-configuration":
                return Answer(200, documents.configuration(self.authority, tenant))
            case "GET", "discovery/v2.0/keys":
                return Answer(200, {"keys": [self._tokens.key.described(f"{self.authority}/{TENANT_ID}/v2.0")]})
            case "POST", "oauth2/v2.0/token":
                return self._endpoint.token(tenant, form)
            case "POST", "oauth2/v2.0/devicecode":
                return self._endpoint.device_code(form)
            case "GET", "oauth2/deviceauth":
                return code_page()
            case "POST", "oauth2/deviceauth":
                return self._decided(form)
        return Answer(501, {"error": "not_supported", "error_description": f"The embedded Entra ID does not support {method} {place}."})

    def _decided(self, form: dict[str, str]) -> Answer:
        code, user = form.get("user_code", ""), form.get("user", "").strip()
        declines = form.get("decision") == "decline"
        if not declines and not user:
            return code_page("Say as whom you sign in.", code, 400)
        if not self._devices.decide(code, None if declines else user):
            return code_page("Nobody waits for this code.", status=400)
        return code_page("You declined." if declines else f"You signed in as {user}. You may close this page.")

    def _discovered(self, query: str) -> Answer:
        asked = _form(query).get("authorization_endpoint", "")
        try:
            tenant = urlsplit(asked).path.strip("/").partition("/")[0]
        except ValueError:
            tenant = ""
        return Answer(200, documents.instance(self.authority, tenant if documents.is_tenant(tenant) else TENANT_ID))


def _form(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, max_num_fields=50))
    except ValueError:
        return {}
