"""The hidden values that the domain keeps of an organization. Pure."""

from __future__ import annotations

BEHAVIOUR = "activation behaviour"
"""How features start and stop: an ActivationBehaviour."""
LICENSED = "licensed"
"""Whether Sales Premium is licensed."""
GENERATION = "generation"
"""Generation of the service."""
ORGANIZATION_NAME = "organization name"
"""The name under which the organization is known to the emulator."""
LANGUAGE = "base language"
"""Base language of the organization (LCID)."""
CONSENT = "consent"
"""Events of the Microsoft 365 consent: [[state, moment], ...], the oldest first."""
WINDOW = "consent window"
"""Moment at which the features that need the consent were turned on; null while all of them are off."""
CONNECTOR_SINCE = "connector since"
"""Moment at which Exchange data was turned on; null while it is off."""
AUDITED_TABLES = "audited tables"
"""Logical names of the tables whose changes are recorded while the organization's auditing is on."""
EVENTS = "events"
"""What is still to happen by itself: [{"moment": ..., "event": ..., "text": FormXml or null}, ...], the earliest first."""
LOCKED_UNTIL = "customization lock"
"""Moment until which a publish or an import of somebody else is running."""


def transition(table: str, id: str) -> str:
    """Where the activation that runs for one settings row is kept."""
    return f"activation {table} {id}"
