"""The pages where people see or change what rictl manages. Pure."""

from __future__ import annotations

from reconciler.catalog.source import LEGACY_PAGE, Source
from reconciler.model.desired import Cloud

SETTINGS_PAGE = "/main.aspx?pagetype=control&controlName=MscrmControls.UnifiedConfigCustomControl.UnifiedConfigCustomControl"
SETTINGS_PAGE_SOURCE = LEGACY_PAGE
"""How Microsoft's own pages open the settings of relationship intelligence. That it works without an app's id is inferred."""

CLASSIC_FORM_EDITOR = "/main.aspx?pagetype=formeditor&etn={table}&extraqs=formtype%3Dmain%26formId%3D{form}"
"""Used where the environment did not say its id."""

FORM_EDITOR = "/e/{environment}/s/{solution}/entity/{table}/form/edit/{form}"
DEFAULT_SOLUTION = "00000001-0000-0000-0001-00000000009b"
"""Id of the Common Data Services Default Solution in every environment."""

FORM_EDITORS_SOURCE = Source("rajyraman/Levelup-for-Dynamics-CRM, addresses of both form editors", "2026-11")

MAKER_PORTALS: dict[Cloud, str] = {
    "public": "https://make.powerapps.com",
    "gcc": "https://make.gov.powerapps.us",
    "gcc-high": "https://make.high.powerapps.us",
    "dod": "https://make.apps.appsplatform.us",
    "china": "https://make.powerapps.cn",
}
MAKER_PORTALS_SOURCE = Source("Microsoft Learn, Power Apps US Government, service URLs; Power Apps operated by 21Vianet", "2026-11")

EMBEDDED_SETTINGS = "/settings"
"""The settings page that the embedded Dataverse shows for each of its organizations."""
