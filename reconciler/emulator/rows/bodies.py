"""Reads the body of a request as a JSON object, or says why it is none. Pure."""

from __future__ import annotations

import json
from typing import Any

from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import broken_body
from reconciler.emulator.messages import Request


def json_object(request: Request, *, may_be_empty: bool) -> dict[str, Any]:
    """The object; {} for no body where there may be none. Refuses other types of content, and a name that comes twice in one object."""
    try:
        text = request.body.decode("utf-8-sig")
        if not text.strip():
            if may_be_empty:
                return {}
            raise broken_body("the body is empty, and a JSON object was expected.")
        _check_type(request)
        read = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
        if "\\ud" in text.lower():
            # Half a surrogate pair is JSON, but no text that could be stored or sent back: a ValueError.
            json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise broken_body("the body is not JSON.") from None
    if not isinstance(read, dict):
        raise broken_body("A JSON object was expected.")
    return read


def _check_type(request: Request) -> None:
    """Texts of the OData library that the service is built on; a part of a batch may leave its type out."""
    given = request.headers.get("content-type", "")
    kind = given.partition(";")[0].strip().lower()
    if not kind and not request.in_batch:
        missing = "A missing or empty content type header was found when trying to read a message. The content type header is required."
        raise DataverseError(400, "0x80060888", missing)
    if kind not in ("", "application/json"):
        shown = given[:100]
        text = "A supported MIME type could not be found that matches the content type of the request. None of the supported type(s)"
        raise DataverseError(415, "0x80060888", f"{text} 'application/json' matches the content type '{shown}'.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise broken_body(f"Multiple properties with the name '{twice[:100]}' were detected in a resource. OData allows each only once.")
    return read


def _no_number(name: str) -> Any:
    # Python reads NaN and Infinity; JSON has neither.
    raise ValueError(name)
