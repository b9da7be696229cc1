"""The table of who knows whom. Pure."""

from __future__ import annotations

from reconciler.catalog.source import WKW_CONFIG
from reconciler.catalog.table import Column, Table
from reconciler.catalog.tables.analytics import FEATURE_STATUS

WHO_KNOWS_WHOM_CONFIG = Table(
    name="msdyn_wkwconfig",
    entity_set="msdyn_wkwconfigs",
    primary_id="msdyn_wkwconfigid",
    primary_name="msdyn_name",
    label="wkwconfig",
    source=WKW_CONFIG,
    ownership="UserOwned",
    singleton=True,
    columns=(
        Column("msdyn_wkwconfigid", "Uniqueidentifier", "wkwconfig", required="SystemRequired"),
        Column("msdyn_name", "String", "Name", max_length=100, required="ApplicationRequired"),
        Column("msdyn_iswkwenabled", "Boolean", "isWKWEnabled", schema_name="msdyn_isWKWEnabled", default=False),
        Column("msdyn_currentstatus", "Picklist", "Current Status", options=FEATURE_STATUS, default=1),
        Column("msdyn_emailtemplateid", "String", "Email Template Id", max_length=100),
        # Seen in the column list of 2026-05; its type is not published. Boolean is an assumption, and rictl never touches it.
        Column("msdyn_isfrecomplete", "Boolean", "isFREComplete", default=False),
    ),
)
