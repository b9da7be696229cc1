"""Answers /_emulator/v1/...: clock, reset, request log, tokens for other users, consent. Writes to the state file."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any, get_args

from reconciler.emulator.context import DataverseError
from reconciler.emulator.execution import Consent, Place
from reconciler.emulator.identity.callers import Identity
from reconciler.emulator.identity.tokens import APPLICATION, Tokens
from reconciler.emulator.messages import Answer
from reconciler.emulator.serving.request_log import RequestLog
from reconciler.emulator.storage.clock import VirtualClock, wire_time
from reconciler.emulator.storage.store import Store
from reconciler.emulator.web_api import WebApi


class Control:
    """What a demonstration or a test needs and the real service does not have. For local callers only; needs no token."""

    def __init__(self, store: Store, clock: VirtualClock, api: WebApi, tokens: Tokens, log: RequestLog, audience: str) -> None:
        self._store = store
        self._api = api
        self._clock = clock
        self._tokens = tokens
        self._log = log
        self._audience = audience

    def answer(self, method: str, name: str, body: bytes) -> Answer:
        """The answer to one request below /_emulator/v1/."""
        try:
            asked = json.loads(body) if body.strip() else {}
            if not isinstance(asked, dict):
                raise ValueError("the body is a JSON object")
            told = self._told(method, name, asked)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            return Answer(400, {"error": {"code": "bad-request", "message": str(error)}})
        if told is None:
            return Answer(404, {"error": {"code": "not-found", "message": f"{method} {name[:80]} is no control request"}})
        return Answer(200, told)

    def _told(self, method: str, name: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        match method, name:
            case "GET", "clock":
                return {"now": wire_time(self._clock.now())}
            case "POST", "clock":
                return {"now": wire_time(self._moved(asked))}
            case "POST", "reset":
                self._store.reset(asked.get("organization"))
                return {"organizations": self._store.organizations()}
            case "POST", "consent":
                return self._consent(str(asked.get("organization")), asked.get("state"))
            case "GET", "requests":
                return {"requests": [asdict(entry) for entry in self._log.entries()]}
            case "DELETE", "requests":
                self._log.clear()
                return {"requests": []}
            case "POST", "token":
                user = asked.get("user")
                identity = Identity(str(user), None) if user else APPLICATION
                return {"access_token": self._tokens.issue(self._audience, identity), "token_type": "Bearer"}
        return None

    def _consent(self, organization: str, state: Any) -> dict[str, Any]:
        if state not in get_args(Consent):
            raise ValueError(f"the consent is one of {', '.join(get_args(Consent))}")
        try:
            self._api.set_consent(Place(organization, "", APPLICATION), state)
        except DataverseError as error:
            raise ValueError(error.message) from None
        return {"organization": organization, "state": state}

    def _moved(self, asked: dict[str, Any]) -> dt.datetime:
        if "set" in asked:
            return self._clock.set(dt.datetime.fromisoformat(str(asked["set"])))
        if "advance_seconds" in asked:
            return self._clock.advance(dt.timedelta(seconds=float(asked["advance_seconds"])))
        raise ValueError('the clock is moved by {"set": "2026-11-23T10:00:00Z"} or {"advance_seconds": 86400}')
