"""Signs in with MSAL and keeps the token until shortly before it expires. Touches Entra ID, in a thread."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from reconciler.live.certificate import certificate_for_msal
from reconciler.live.endpoint import AccessToken, ClientCertificate, ClientSecret, Endpoint
from reconciler.live.proxies import proxy_for
from reconciler.live.sign_in_failure import why_no_answer
from reconciler.model.errors import Denied, Unreachable

if TYPE_CHECKING:
    import requests

_EARLY = 300.0
"""Seconds before its end at which a token is replaced."""

_TIMEOUT = 30


class TokenSource:
    """The token of one environment, kept in memory only. `requests` counts how often one was asked for."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0
        self.requests = 0

    @property
    def is_renewable(self) -> bool:
        """Whether asking again may give another token."""
        return not isinstance(self._endpoint.credential, AccessToken)

    async def token(self, *, other_than: str = "") -> str:
        """A token that is good for some minutes more, and not the refused one that is named. Raises Denied or Unreachable."""
        credential = self._endpoint.credential
        if isinstance(credential, AccessToken):
            return credential.token.reveal()
        async with self._lock:
            if not self._token or self._token == other_than or time.monotonic() > self._until:
                self.requests += 1
                self._token, lifetime = await asyncio.to_thread(_sign_in, self._endpoint)
                self._until = time.monotonic() + lifetime - _EARLY
            return self._token


def _sign_in(endpoint: Endpoint) -> tuple[str, float]:
    # Imported here: msal costs 115 ms, and a run with a given token never needs it.
    import msal
    import requests

    credential = endpoint.credential
    if isinstance(credential, AccessToken):
        raise AssertionError("a given token needs no sign-in")
    request = f"POST {endpoint.authority}/{credential.tenant_id}/oauth2/v2.0/token"
    key = _msal_credential(credential)
    try:
        with requests.Session() as http:
            _settle(http, endpoint)
            application = msal.ConfidentialClientApplication(
                credential.client_id,
                client_credential=key,
                authority=f"{endpoint.authority}/{credential.tenant_id}",
                # The authority is one that the catalogue or the operator named, so nobody has to be asked whether it exists.
                instance_discovery=False,
                http_client=http,
            )
            answer = application.acquire_token_for_client([f"{endpoint.url}/.default"])
    except requests.RequestException as error:
        raise Unreachable(
            "cannot sign in: no answer from Entra ID",
            request=request,
            why=endpoint.without_secrets(why_no_answer(error, endpoint.authority, _TIMEOUT)),
            hint="check the network, the proxy and SSL_CERT_FILE; nothing was sent to the environment",
        ) from None
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # The library reads answers as if none could be malformed, an id_token without dots for one.
        raise Denied(
            "cannot sign in: Entra ID does not know the tenant, or its answer makes no sense",
            request=request,
            why=endpoint.without_secrets(_first_line(error)),
            hint="check connection.tenantId and connection.cloud",
        ) from None
    return _token_of(answer, endpoint, request)


def _settle(http: requests.Session, endpoint: Endpoint) -> None:
    """Trusts and goes through what the session with the environment does; left alone, REQUESTS_CA_BUNDLE would win over `verify`."""
    http.trust_env = False
    http.verify = str(endpoint.ca_file) if endpoint.ca_file else True
    # A redirect would carry the secret along to wherever it leads.
    http.max_redirects = 0
    proxy = proxy_for(endpoint.authority)
    http.proxies = {"https": proxy} if proxy else {}
    http.request = partial(http.request, timeout=_TIMEOUT)  # type: ignore[method-assign]


def _token_of(answer: dict[str, Any], endpoint: Endpoint, request: str) -> tuple[str, float]:
    token, lifetime = answer.get("access_token"), answer.get("expires_in")
    if isinstance(token, str) and token and isinstance(lifetime, int):
        return token, float(lifetime)
    code, text = answer.get("error", "no token"), _first_line(answer.get("error_description", ""))
    raise Denied(
        "cannot sign in: Entra ID refused",
        request=request,
        why=endpoint.without_secrets(f"{code}: {text}"),
        hint="check the client id and its secret or certificate, and that it is an application user of the environment",
    )


def _msal_credential(credential: ClientSecret | ClientCertificate) -> str | dict[str, Any]:
    return credential.secret.reveal() if isinstance(credential, ClientSecret) else certificate_for_msal(credential)


def _first_line(text: object) -> str:
    return str(text).strip().split("\n", 1)[0][:500]
