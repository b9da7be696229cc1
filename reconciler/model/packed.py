"""Turns the bytes of a form into text that a journal can hold, and such text into the bytes. Pure."""

from __future__ import annotations

import base64
import zlib

LARGEST = 64 * 1024 * 1024
"""Bytes of one form. What claims to hold more is not unpacked."""


def packed(content: bytes) -> str:
    """Base64 of the bytes compressed by zlib."""
    return base64.b64encode(zlib.compress(content, 9)).decode("ascii")


def unpacked(text: str) -> bytes:
    """The bytes. Raises ValueError when the text is none of `packed`, or holds more than any form."""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(base64.b64decode(text, validate=True), LARGEST)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not unpacker.eof:
        raise ValueError("it is cut, or larger than any form")
    return found
