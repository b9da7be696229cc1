"""Turns a file into text, or into the diagnostic that says why it is none. Reads files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from reconciler.desired.bounds import FILE_BYTES
from reconciler.desired.codes import about_file, finding
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.source import SourceSpan


def read_text(path: Path, file: str) -> str | Diagnostic:
    """The text of a regular file of bounded size in UTF-8. A pipe or device is refused unread, for it may never end."""
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            return about_file("not-a-file", f"`{file}` is a folder", file, "name a YAML file")
        if not stat.S_ISREG(facts.st_mode):
            return about_file("not-a-file", f"`{file}` is no regular file", file, "name a YAML file")
        if facts.st_size > FILE_BYTES:
            return _too_large(file)
        with path.open("rb") as stream:
            content = stream.read(FILE_BYTES + 1)
    except FileNotFoundError:
        return about_file("file-not-found", f"`{file}` does not exist", file, "check the name; `rictl validate` checks every file")
    except (OSError, ValueError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        return about_file("file-unreadable", f"`{file}` cannot be read: {why}", file, "check the permissions of the file")
    return _too_large(file) if len(content) > FILE_BYTES else _decode(content, file)


def _too_large(file: str) -> Diagnostic:
    return about_file("file-too-large", f"`{file}` is larger than {FILE_BYTES:,} bytes", file, "an environment file has a few kilobytes")


def _decode(content: bytes, file: str) -> str | Diagnostic:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        where = SourceSpan(file, before.count(b"\n") + 1, column)
        return finding("not-utf-8", f"byte 0x{content[error.start]:02x} is not UTF-8", where, "save the file as UTF-8")
    nul = text.find("\0")
    if nul >= 0:
        where = SourceSpan(file, text.count("\n", 0, nul) + 1, nul - text.rfind("\n", 0, nul))
        return finding("nul-character", "the file holds a NUL character", where, "save the file as plain text in UTF-8")
    return text
