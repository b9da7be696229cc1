"""What the embedded tenant knows: applications with their proofs, and how signing in goes there. Touches the state file and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reconciler.emulator.identity.tokens import APPLICATION, CLIENT_ID, CLIENT_SECRET, LIFETIME_SECONDS
from reconciler.emulator.storage.store import Store

EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
WORKLOAD_SUBJECT = "repo:contoso/relationship-intelligence:ref:refs/heads/main"
"""Whom the emulator's own issuer speaks for when nobody names another subject."""

PUBLIC_CLIENTS = {
    "51f81489-12ee-4a9e-aaae-a2591f45987d": "Dynamics 365 Development Tools",
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Microsoft Azure CLI",
}
"""Applications of Microsoft's that people sign in with where no own one is registered."""

_KEPT = "directory"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Federation(_Strict):
    """A federated credential. `keys`: JSON Web Keys of a foreign issuer (it is never asked); none for the emulator's own issuer."""

    issuer: str
    subject: str
    audience: str = EXCHANGE_AUDIENCE
    keys: tuple[dict[str, Any], ...] = ()


class ClientSecret(_Strict):
    """A client secret; an `expired` one is refused under its own code."""

    value: str
    expired: bool = False


class Application(_Strict):
    """An application of the tenant. `certificates` are PEM; `public`: people may sign in with it without any proof of its own."""

    id: str
    name: str
    secrets: tuple[ClientSecret, ...] = ()
    certificates: tuple[str, ...] = ()
    federations: tuple[Federation, ...] = ()
    public: bool = False


class Rules(_Strict):
    """How signing in goes: a refusal for everybody (see `entra.policies`), and how long things last, in seconds."""

    refuse: str | None = None
    token_seconds: int = Field(LIFETIME_SECONDS, ge=0, le=86_400)
    device_code_seconds: int = Field(900, ge=0, le=86_400)
    interval_seconds: int = Field(5, ge=0, le=600)


class Directory:
    """One tenant. `issuer` is the address of the emulator's own issuer of workload tokens."""

    def __init__(self, store: Store, issuer: str) -> None:
        self._store = store
        self.issuer = issuer

    def application(self, id: str) -> Application | None:
        """The application of that id, in whatever case it is written."""
        id = id.lower()
        kept = self._kept().get("applications", {}).get(id)
        if kept is not None:
            return Application.model_validate(kept)
        if id == CLIENT_ID:
            own = Federation(issuer=self.issuer, subject=WORKLOAD_SUBJECT)
            secret = ClientSecret(value=CLIENT_SECRET)
            return Application(id=id, name=APPLICATION.name, secrets=(secret,), federations=(own,), public=True)
        return Application(id=id, name=PUBLIC_CLIENTS[id], public=True) if id in PUBLIC_CLIENTS else None

    def known(self, id: object) -> Application:
        """The application of that id (none: rictl's own). ValueError when there is none."""
        found = self.application(str(id or CLIENT_ID))
        if found is None:
            raise ValueError(f"no application {str(id)[:80]} is registered; register it by POST applications")
        return found

    def register(self, application: Application) -> None:
        """Adds an application, or replaces the one of its id."""
        with self._store.changing_settings():
            self._keep(application)

    def change(self, id: object, changed: Callable[[Application], Application]) -> Application:
        """Replaces the application of that id (none: rictl's own) by what `changed` makes of it. ValueError when there is none."""
        with self._store.changing_settings():
            application = changed(self.known(id))
            self._keep(application)
        return application

    def _keep(self, application: Application) -> None:
        kept = self._kept()
        applications = {**kept.get("applications", {}), application.id.lower(): application.model_dump(mode="json")}
        self._store.set_setting(_KEPT, {**kept, "applications": applications})

    def rules(self) -> Rules:
        """How signing in goes now."""
        return Rules.model_validate(self._kept().get("rules", {}))

    def set_rules(self, changes: Mapping[str, Any], revoked: str | None = None) -> Rules:
        """Changes some of the rules, and signs out the person `revoked`: refresh tokens that exist now are worthless.

        ValueError for unknown rules and for values out of bounds; then nothing is changed.
        """
        with self._store.changing_settings():
            kept = self._kept()
            try:
                rules = Rules.model_validate({**kept.get("rules", {}), **changes})
            except ValidationError as error:
                said = "; ".join(
                    f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors(include_url=False, include_input=False)
                )
                raise ValueError(said) from None
            signed_out = {} if revoked is None else {revoked: time.time()}
            revocations = {**kept.get("revoked", {}), **signed_out}
            self._store.set_setting(_KEPT, {**kept, "rules": rules.model_dump(mode="json"), "revoked": revocations})
        return rules

    def revoked_until(self, name: str) -> float:
        """The moment until which refresh tokens of the person are worthless; 0 when they all are good."""
        return float(self._kept().get("revoked", {}).get(name, 0))

    def _kept(self) -> dict[str, Any]:
        return self._store.setting(_KEPT) or {}
