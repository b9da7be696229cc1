"""Tells the number by which older programs know a table. Pure."""

from __future__ import annotations

import zlib

_CODES = {
    "account": 1,
    "contact": 2,
    "opportunity": 3,
    "lead": 4,
    "systemuser": 8,
    "team": 9,
    "businessunit": 10,
    "organization": 1019,
    "systemform": 1030,
    "role": 1036,
    "savedquery": 1039,
    "task": 4212,
    "audit": 4567,
    "solution": 7100,
    "publisher": 7101,
    "mailbox": 9606,
}
_FIRST_OTHER = 10_000


def type_code(table: str) -> int:
    """The code of the service where it is the same everywhere; those of other tables are ours, from 10,000 as in the service."""
    return _CODES.get(table) or _FIRST_OTHER + zlib.crc32(table.encode()) % 1_000_000
