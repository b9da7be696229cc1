"""The Microsoft 365 consent: its window, the columns that hint at it, and who switches features off when it is missing. Pure."""

from __future__ import annotations

WINDOW_DAYS = 14
"""Who knows whom and the Exchange integration are turned off on the 14th day without consent (ce/sales/enable-ri.md, 168e2e23562e)."""

CONNECTOR_TABLE = "msdyn_activityanalysisconfig"
CONNECTOR_COLUMN = "msdyn_exchangemarsstatus"
CONNECTOR_ACTIVE = 3
CONNECTOR_REFUSED = (5, 401, 402)
"""Values of the connector status that say that the opt-in is missing. Columns documented, meaning inferred."""

REVOKED_TABLE = "msdyn_odosfeaturemetadata"
REVOKED_COLUMN = "msdyn_isconsentrevoked"

SERVICE_ACCOUNTS = (
    "# Dynamics 365 Sales",
    "Dynamics 365 Office Data Service",
    "EnterpriseSales",
    "# InsightsAppsPlatform",
    "DataLakeStorage",
)
"""Application users of Microsoft that write settings rows (power-platform/admin/system-application-users.md, 01cdcc095355)."""

WHO = "Microsoft 365 Global Administrator"
WHERE = "Microsoft 365 admin center > Settings > Org settings > Dynamics 365 Applications > Identifiable insights for other users"
LINK = "https://admin.microsoft.com/#/Settings/Services"
