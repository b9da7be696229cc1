"""Answers /_emulator/v1/...: reads the request, finds its handler, shapes the answer. Touches what the handlers touch."""

from __future__ import annotations

import json
from typing import Any

from reconciler.emulator.context import DataverseError
from reconciler.emulator.control.handlers import HANDLERS
from reconciler.emulator.control.instruments import Instruments
from reconciler.emulator.messages import Answer


class Control:
    """For local callers only; needs no token."""

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments

    def answer(self, method: str, name: str, body: bytes) -> Answer:
        """The answer to one request below /_emulator/v1/: 404 for an unknown one, 400 with the reason for a refused one."""
        handler = HANDLERS.get((method, name))
        try:
            asked = _object(body)
            if handler is None:
                return Answer(404, {"error": {"code": "not-found", "message": f"{method} {name[:80]} is no control request"}})
            return Answer(200, handler(self._instruments, asked))
        except DataverseError as error:
            return _refused(error.message)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            return _refused(str(error))


def _object(body: bytes) -> dict[str, Any]:
    asked = json.loads(body) if body.strip() else {}
    if not isinstance(asked, dict):
        raise ValueError("the body is a JSON object")
    return asked


def _refused(message: str) -> Answer:
    return Answer(400, {"error": {"code": "bad-request", "message": message}})
