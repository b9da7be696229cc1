"""Neighbours of the settings tables: rictl never writes them, but an organization has them and they look alike. Pure."""

from __future__ import annotations

from reconciler.catalog.source import Source
from reconciler.catalog.table import Table
from reconciler.catalog.tables.columns import flag, key, lookup, text

_REFERENCE = "MicrosoftDocs/dynamics-365-customer-engagement, ce/developer/reference/entities"
_LIVE = Source("domenico-saiu-ava/DataverseGrimoire, wiki/custom", "05ce690")

UNIFIED_CONFIG = Table(
    name="msdyn_relationshipinsightsunifiedconfig",
    entity_set="msdyn_relationshipinsightsunifiedconfigs",
    primary_id="msdyn_relationshipinsightsunifiedconfigid",
    # The prefix of another publisher is no slip of ours.
    primary_name="new_name",
    label="relationshipinsightsunifiedconfig",
    source=_LIVE,
    ownership="UserOwned",
    columns=(
        key("msdyn_relationshipinsightsunifiedconfigid", "relationshipinsightsunifiedconfig"),
        text("new_name", "Name", 100, required=True),
        flag("msdyn_usenewconfigexperience", "Use New Config Experience"),
    ),
)

SALES_INSIGHTS_SETTINGS = Table(
    name="msdyn_salesinsightssettings",
    # The entity set equals the logical name: a set name is read, never made by adding an s.
    entity_set="msdyn_salesinsightssettings",
    primary_id="msdyn_salesinsightssettingsid",
    primary_name="msdyn_name",
    label="salesinsightssettings",
    source=Source(f"{_REFERENCE}/msdyn_salesinsightssettings.md", "97affe7768cc"),
    ownership="UserOwned",
    columns=(
        key("msdyn_salesinsightssettingsid", "salesinsightssettings"),
        text("msdyn_name", "Name", 100, required=True),
        flag("msdyn_islicensepurchased", "Is License Purchased"),
        flag("msdyn_ispreviewenabled", "Is Preview Enabled"),
        flag("msdyn_isoctpreviewenabled", "Is October Preview Enabled"),
    ),
)

SALES_INSIGHTS_CONFIG = Table(
    name="msdyn_siconfig",
    entity_set="msdyn_siconfigs",
    primary_id="msdyn_siconfigid",
    primary_name="msdyn_version",
    label="siconfig",
    source=_LIVE,
    ownership="UserOwned",
    columns=(key("msdyn_siconfigid", "siconfig"), text("msdyn_version", "Version", 100, required=True)),
)

KEY_VALUE_CONFIG = Table(
    name="msdyn_sikeyvalueconfig",
    entity_set="msdyn_sikeyvalueconfigs",
    primary_id="msdyn_sikeyvalueconfigid",
    primary_name="msdyn_configkey",
    label="SI Key Value Config",
    source=_LIVE,
    columns=(
        key("msdyn_sikeyvalueconfigid", "SI Key Value Config"),
        text("msdyn_configkey", "Config Key", 300, required=True),
        text("msdyn_configvalue", "Config Value", 3000),
    ),
)

ACTION_CARD_ROLE_SETTING = Table(
    name="msdyn_actioncardrolesetting",
    entity_set="msdyn_actioncardrolesettings",
    primary_id="msdyn_actioncardrolesettingid",
    primary_name="msdyn_name",
    label="Action Card Role Setting",
    source=_LIVE,
    ownership="UserOwned",
    columns=(
        key("msdyn_actioncardrolesettingid", "Action Card Role Setting"),
        text("msdyn_name", "Name", 100, required=True),
        flag("msdyn_isdisabled", "Is Disabled", True),
        lookup("msdyn_roleid", "Role", "role", collections=("msdyn_role_msdyn_actioncardrolesetting",), required=True),
    ),
)

SALES_INSIGHTS_TABLES = (
    UNIFIED_CONFIG,
    SALES_INSIGHTS_SETTINGS,
    SALES_INSIGHTS_CONFIG,
    KEY_VALUE_CONFIG,
    ACTION_CARD_ROLE_SETTING,
)
"""Tables of Sales Insights that hold no setting of relationship intelligence."""
