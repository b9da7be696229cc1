"""Insights from Exchange data, and the security roles whose users' data may be used. Pure."""

from __future__ import annotations

from reconciler.catalog.kind import Binding, Field, Kind
from reconciler.catalog.source import ACTIVITY_ANALYSIS_CONFIG, ENABLE_PAGE, ODOS_METADATA
from reconciler.catalog.tables.analytics import ACTIVITY_ANALYSIS
from reconciler.catalog.tables.exchange import OFFICE_DATA, OFFICE_DATA_FEATURE
from reconciler.catalog.types import Flag, RoleSet

KIND = Kind(
    name="exchange_data",
    section=("relationshipIntelligence", "exchangeData"),
    title="Exchange data",
    description=f"Use of e-mails and meetings from Exchange Online for insights (source: {ENABLE_PAGE}).",
    tables=(ACTIVITY_ANALYSIS, OFFICE_DATA, OFFICE_DATA_FEATURE),
    generations=("native-exchange",),
    alternative="set up server-side synchronization for Exchange in the Power Platform admin center and leave exchangeData out of the file",
    fields=(
        Field(
            name="enabled",
            type=Flag(on=3, off=1),
            binding=Binding(
                "msdyn_activityanalysisconfig", "msdyn_datasource", "inferred", ACTIVITY_ANALYSIS_CONFIG, "inferred-exchange-source"
            ),
            description="Whether Exchange data is used beside the data in Dynamics 365. Needs the Microsoft 365 consent.",
            example=True,
            default=False,
            phase="on",
            off_phase="close",
            consent=True,
            located="exchangeDataLocation",
        ),
        Field(
            name="securityRoles",
            type=RoleSet(max_length=4000),
            binding=Binding("msdyn_odosmetadata", "msdyn_enabledroles", "inferred", ODOS_METADATA, "inferred-role-storage"),
            description=(
                "Roles whose users' Exchange data may be used, owned as a set: exact names in the root business unit, "
                "{template: salesperson} or {id: guid}. Never empty."
            ),
            example=("Salesperson", "Sales Manager"),
            phase="roles",
            limits=("exchange_data", "enabled"),
        ),
    ),
)
