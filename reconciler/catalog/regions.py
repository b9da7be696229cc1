"""Where organizations live: their hosts, and what is offered where. Pure.

Hosts: MicrosoftDocs/power-platform, power-platform/admin/new-datacenter-regions.md (0b36efb29f51, 2022-02-23): newer hosts are missing,
so an unknown one says nothing. Offer: ce/sales/faq-region-language.md (023086703514, 2026-06-16).
"""

from __future__ import annotations

_HOSTS = {
    "crm": "NAM",
    "crm2": "SAM",
    "crm3": "CAN",
    "crm4": "EUR",
    "crm5": "APJ",
    "crm6": "OCE",
    "crm7": "JPN",
    "crm8": "IND",
    "crm9": "GCC",
    "crm11": "GBR",
    "crm12": "FRA",
    "crm14": "ZAF",
    "crm15": "UAE",
    "crm16": "GER",
    "crm17": "CHE",
}

CONNECTIONS_TABLE = "msdyn_wkwconfig"
"""Where the feature is switched that finds introductions through colleagues' mail."""

WITHOUT_ENHANCED_CONNECTIONS = frozenset({"IND", "JPN", "OCE", "CHE", "GER", "SAM", "ZAF", "UAE", "SE"})
"""Regions in which its enhanced form is not offered."""


def region_of(host: str) -> str | None:
    """The region of `NAME.crmN.dynamics.com`; None for every other host."""
    parts = host.lower().split(".")
    return _HOSTS.get(parts[1]) if len(parts) == 4 and parts[2:] == ["dynamics", "com"] else None
