"""Turns journal entries into lines, each with the hash of the one before, and lines back into entries as far as they can be trusted. Pure.

A hash finds damage and careless edits. It is no signature: whoever may write the file can compute every hash anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from reconciler.model.digest import canonical
from reconciler.model.journal import FIRST_PREVIOUS, FORMAT, Begun, Damage, JournalReading, Line, Recovered

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes. The largest form that Dataverse stores takes a small part of it."""

_ALTERED = "it is not the line that was written"


def line_text(line: Line) -> bytes:
    """The line as canonical JSON in ASCII with its own hash, ended by a newline."""
    fields = canonical(line)
    if not isinstance(fields, dict):
        raise AssertionError("a line is an object")
    return _spelled({**fields, "hash": _hash(fields)}) + b"\n"


def hash_of(raw: bytes) -> tuple[int, str] | None:
    """The number and the hash of one raw line (without newline); None when the line is not what was written."""
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    # Spelled anew it has to be the same bytes, or a flipped letter of an escape would go unnoticed.
    if not isinstance(fields, dict) or fields.get("hash") != _hash(fields) or _spelled(fields) != raw:
        return None
    seq = fields.get("seq")
    return (seq, str(fields["hash"])) if isinstance(seq, int) else None


@dataclass(frozen=True, slots=True)
class _Link:
    seq: int = 0
    hash: str = FIRST_PREVIOUS


def read_lines(environment: str, raws: Iterable[bytes]) -> JournalReading:
    """Everything up to the first damage. `raws` are the raw lines, each with its newline where it has one.

    A line that was cut in its writing is passed over when the next one says so; as the very last one it is told as `cut`.
    """
    lines: list[Line] = []
    last = _Link()
    cut: bytes | None = None
    number, raw = 0, b"\n"
    for number, raw in enumerate(raws, start=1):
        body = raw.removesuffix(b"\n")
        if cut is not None:
            if not _explains(body, cut):
                return JournalReading(environment, tuple(lines), Damage(number - 1, _ALTERED))
            last, cut = _Link(number - 1, hashlib.sha256(cut).hexdigest()), None
        if body == raw or hash_of(body) is None:
            cut = body
            continue
        line = _entry(body)
        if isinstance(line, Line) and (line.seq, line.previous) != (last.seq + 1, last.hash):
            line = "it does not follow the line before it"
        if not isinstance(line, Line):
            return JournalReading(environment, tuple(lines), Damage(number, line))
        last = _Link(line.seq, line.hash)
        lines.append(line)
    is_cut = not raw.endswith(b"\n")
    damage = Damage(number, _ALTERED) if cut is not None and not is_cut else None
    return JournalReading(environment, tuple(lines), damage, is_cut)


def _explains(body: bytes, cut: bytes) -> bool:
    """Whether this line says of the one before it that it was cut."""
    line = _entry(body) if hash_of(body) is not None else None
    said = line.entry if isinstance(line, Line) else None
    return isinstance(said, Recovered) and (said.cut_bytes, said.cut_sha256) == (len(cut), hashlib.sha256(cut).hexdigest())


def _entry(body: bytes) -> Line | str:
    from pydantic import ValidationError

    try:
        line: Line = _adapter().validate_json(body, strict=True)
    except ValidationError:
        return "it was written by another version of rictl, or is no entry of a journal"
    if isinstance(line.entry, Begun) and line.entry.format != FORMAT:
        return f"it has format {line.entry.format}, this rictl reads {FORMAT}"
    return line


@cache
def _adapter() -> TypeAdapter[Line]:
    # Imported here: it takes a tenth of a second, and an apply only writes.
    from pydantic import TypeAdapter

    return TypeAdapter(Line)


def _hash(fields: dict[str, Any]) -> str:
    return hashlib.sha256(_spelled({name: value for name, value in fields.items() if name != "hash"})).hexdigest()


def _spelled(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode("ascii")
