"""The organization's own row: the part of its columns that relationship intelligence and its neighbours use. Pure."""

from __future__ import annotations

from reconciler.catalog.source import ORGANIZATION
from reconciler.catalog.table import Column, Table


def _flag(name: str, label: str) -> Column:
    return Column(name, "Boolean", label, default=False, required="SystemRequired")


ORGANIZATION_TABLE = Table(
    name="organization",
    entity_set="organizations",
    primary_id="organizationid",
    primary_name="name",
    label="Organization",
    source=ORGANIZATION,
    ownership="None",
    singleton=True,
    stateful=False,
    columns=(
        Column("organizationid", "Uniqueidentifier", "Organization", required="SystemRequired", read_only=True),
        Column("name", "String", "Organization Name", max_length=160, required="SystemRequired"),
        Column(
            "languagecode", "Integer", "Language", minimum=0, maximum=2147483647, default=1033, required="SystemRequired", read_only=True
        ),
        Column("isauditenabled", "Boolean", "Is Auditing Enabled", default=False, required="SystemRequired"),
        Column("orgdborgsettings", "Memo", "Organization Database Organization Settings", max_length=1073741823),
        _flag("isrelationshipinsightsenabled", "Enable Relationship Insights for this Organization"),
        _flag("isactivityanalysisenabled", "Enable Relationship Analytics for this Organization"),
        _flag("isactioncardenabled", "Enable Action Card for this Organization"),
        _flag("isnotesanalysisenabled", "Enable Notes Analysis for this Organization"),
        _flag("isautodatacaptureenabled", "Enable Auto Capture for this Organization"),
        _flag("issalesassistantenabled", "Enable Sales Assistant for this Organization"),
    ),
)
