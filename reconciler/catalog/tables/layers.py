"""The virtual table that tells which solutions a component comes from. Pure."""

from __future__ import annotations

from reconciler.catalog.source import Source
from reconciler.catalog.table import Column, Table
from reconciler.catalog.tables.columns import key, moment, text

COMPONENT_LAYER = Table(
    name="msdyn_componentlayer",
    entity_set="msdyn_componentlayers",
    primary_id="msdyn_componentlayerid",
    primary_name="msdyn_name",
    label="Component Layer",
    source=Source(
        "MicrosoftDocs/powerapps-docs, powerapps-docs/developer/data-platform/reference/entities/msdyn_componentlayer.md", "005fe887"
    ),
    ownership="None",
    audited=False,
    stateful=False,
    optimistic_concurrency=False,
    columns=(
        key("msdyn_componentlayerid", "Component Layer"),
        text("msdyn_name", "Name", 100, read_only=True),
        text("msdyn_componentid", "Component Id", 100, read_only=True),
        text("msdyn_solutioncomponentname", "Solution Component Name", 100, read_only=True),
        text("msdyn_solutionname", "Solution Name", 100, read_only=True),
        text("msdyn_publishername", "Publisher Name", 100, read_only=True),
        Column("msdyn_order", "Integer", "Order", minimum=0, maximum=500, read_only=True),
        moment("msdyn_overwritetime", "Overwrite Time", read_only=True),
        text("msdyn_children", "Children", 100, read_only=True),
        Column("msdyn_changes", "Memo", "Changes", max_length=1073741823, read_only=True),
        Column("msdyn_componentjson", "Memo", "Component Json", max_length=1073741823, read_only=True),
    ),
)
