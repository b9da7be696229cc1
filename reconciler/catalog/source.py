"""Where a fact comes from and how sure it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A public page or repository, with its date or commit, so that anyone can check the fact."""

    page: str
    version: str

    def __str__(self) -> str:
        return f"{self.page} ({self.version})"


_REFERENCE = "MicrosoftDocs/dynamics-365-customer-engagement, ce/developer/reference/entities"

WKW_CONFIG = Source(f"{_REFERENCE}/msdyn_wkwconfig.md", "827101b2e818")
ACTIVITY_ANALYSIS_CONFIG = Source(f"{_REFERENCE}/msdyn_activityanalysisconfig.md", "15e8f2629e45")
ANALYTICS_METADATA = Source(f"{_REFERENCE}/msdyn_relationshipanalyticsmetadata.md", "666c1b7e8d0e")
ODOS_METADATA = Source(f"{_REFERENCE}/msdyn_odosmetadata.md", "97affe7768cc")
ODOS_FEATURE_METADATA = Source(f"{_REFERENCE}/msdyn_odosfeaturemetadata.md", "c55de32e7827")
ORGANIZATION = Source("Microsoft Learn, table reference of organization", "2026-05")
LEGACY_PAGE = Source("phuocle/DynamicsCrmSource, 9.1.38.10, RelationshipIntelligenceConfig/Scripts/UnifiedConfig.js", "2f69b62fa3d8")
ENABLE_PAGE = Source("MicrosoftDocs/dynamics-365-customer-engagement, ce/sales/enable-ri.md", "168e2e23562e, 2022-08-19")
LICENSE_CHECKER = Source("Microsoft Learn, Verify license compliance using the license checker", "2023-09-26")
WIDGETS_PAGE = Source(
    "MicrosoftDocs/dynamics-365-customer-engagement, ce/sales/add-ri-widgets-to-custom-form.md", "27d89dcc8865, 2022-09-19"
)
SOLUTION_DEPENDENCIES = Source("johngerl/AztecD365SolutionReports, SolutionExtract/solution.xml", "51a17408")
ROLES_PAGE = Source("MicrosoftDocs/powerapps-docs, developer/data-platform/security-roles.md", "1cbdbbce58d1")
