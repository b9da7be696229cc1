"""Who counts as a person when a plan says how many people a change concerns, and how far the service counts. Pure."""

from __future__ import annotations

from reconciler.catalog.source import Source

SOURCE = Source("MicrosoftDocs/powerapps-docs, developer/data-platform/reference/entities/systemuser.md", "2026-05")

ACCESS_MODES = (0, 1, 2)
"""Read-write, administrative, read. The others are for Microsoft's support, programs and partners."""

COUNT_LIMIT = 5_000
"""`$count` of the Web API goes no further (developer/data-platform/webapi/query/count-rows.md, 09d2ca0)."""

CONDITION_LIMIT = 500
"""A query with more conditions is refused (0x8004430c; developer/data-platform/webapi/query/filter-rows.md, 2026-11)."""
