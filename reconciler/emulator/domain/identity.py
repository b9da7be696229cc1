"""Turns names into ids that are the same on every run, so that tests and demonstrations can be repeated. Pure."""

from __future__ import annotations

import uuid

_NAMESPACE = uuid.UUID("4f1d3f6a-8b52-5e0e-9a2c-6a1f5c7d9e10")


TENANT_ID = "5f6e2c1a-0d3b-4b7e-9c55-2a8d1e7f4b90"
"""The tenant in which all organizations of the emulator live; their users sign in there."""


def stable_id(*names: str) -> str:
    """One guid, lower case, for one path of names such as an organization, a table and a name."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(names)))
