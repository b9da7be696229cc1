"""Answers /_emulator/v1/...: clock, reset, request log, tokens for other users. Writes to the state file."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

from reconciler.emulator.callers import Identity
from reconciler.emulator.clock import VirtualClock, wire_time
from reconciler.emulator.messages import Answer
from reconciler.emulator.request_log import RequestLog
from reconciler.emulator.store import Store
from reconciler.emulator.tokens import APPLICATION, Tokens


class Control:
    """What a demonstration or a test needs and the real service does not have. For local callers only; needs no token."""

    def __init__(self, store: Store, clock: VirtualClock, tokens: Tokens, log: RequestLog, audience: str) -> None:
        self._store = store
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
        except (ValueError, TypeError, OverflowError) as error:
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

    def _moved(self, asked: dict[str, Any]) -> dt.datetime:
        if "set" in asked:
            return self._clock.set(dt.datetime.fromisoformat(str(asked["set"])))
        if "advance_seconds" in asked:
            return self._clock.advance(dt.timedelta(seconds=float(asked["advance_seconds"])))
        raise ValueError('the clock is moved by {"set": "2026-11-23T10:00:00Z"} or {"advance_seconds": 86400}')
