"""The master switch: the terms of service and the organization's permission, both prerequisites of every feature. Pure."""

from __future__ import annotations

from reconciler.catalog.kind import Binding, Field, Kind
from reconciler.catalog.source import LEGACY_PAGE
from reconciler.catalog.tables.organization import ORGANIZATION_TABLE
from reconciler.catalog.types import Flag


def _prerequisite(name: str, column: str, description: str) -> Field:
    return Field(
        name=name,
        type=Flag(),
        binding=Binding("organization", column, "inferred", LEGACY_PAGE, "inferred-master-switch"),
        description=description,
        example=True,
        default=False,
        phase="switch",
        in_file=False,
        implied_by="true",
        attestation="termsAccepted",
        one_way=True,
    )


KIND = Kind(
    name="relationship_intelligence",
    section=("relationshipIntelligence",),
    title="Relationship intelligence",
    description="Relationship intelligence as a whole.",
    tables=(ORGANIZATION_TABLE,),
    fields=(
        Field(
            name="enabled",
            type=Flag(),
            binding=None,
            description=(
                "The page's Enable. true: relationship analytics and who knows whom are on unless their own `enabled` says otherwise, "
                "and the two organization switches stand (set only under attestations.termsAccepted). "
                "false: both features are off; the organization switches are left alone."
            ),
            example=True,
        ),
        _prerequisite(
            "termsAccepted", "isrelationshipinsightsenabled", "The organization accepted the terms of service of Sales Insights."
        ),
        _prerequisite("analyticsPermitted", "isactivityanalysisenabled", "The organization permits relationship analytics."),
    ),
)
