"""The tables of the service that connects Dataverse with Microsoft 365 data. Pure."""

from __future__ import annotations

from reconciler.catalog.source import ODOS_FEATURE_METADATA, ODOS_METADATA
from reconciler.catalog.table import Column, Table

OFFICE_DATA = Table(
    name="msdyn_odosmetadata",
    entity_set="msdyn_odosmetadatas",
    primary_id="msdyn_odosmetadataid",
    primary_name="msdyn_odosendpoint",
    label="ODOSMetadata",
    source=ODOS_METADATA,
    singleton=True,
    columns=(
        Column("msdyn_odosmetadataid", "Uniqueidentifier", "ODOSMetadata", required="SystemRequired"),
        Column("msdyn_odosendpoint", "String", "odosEndpoint", max_length=200),
        Column("msdyn_enabledroles", "String", "enabledRoles", max_length=4000),
        Column("tmp_provisioning_island", "String", "provisioning island", max_length=200),
    ),
)

OFFICE_DATA_FEATURE = Table(
    name="msdyn_odosfeaturemetadata",
    entity_set="msdyn_odosfeaturemetadatas",
    primary_id="msdyn_odosfeaturemetadataid",
    primary_name="msdyn_featurename",
    label="ODOSFeatureMetadata",
    source=ODOS_FEATURE_METADATA,
    columns=(
        Column("msdyn_odosfeaturemetadataid", "Uniqueidentifier", "ODOSFeatureMetadata", required="SystemRequired"),
        Column("msdyn_featurename", "String", "Feature Name", max_length=100, required="ApplicationRequired"),
        Column("msdyn_isfeatureenabled", "Boolean", "Is Feature provisioned", default=False),
        Column("msdyn_isconsentrevoked", "Boolean", "Is Consent Revoked", default=False),
        Column("msdyn_consentrevokedtime", "DateTime", "Consent Revoked Time"),
        Column("msdyn_provisioningstage", "Integer", "Provisioning Stage", minimum=-1, maximum=100),
        Column("msdyn_provisioningexception", "Memo", "Provisioning Exception", max_length=2000),
        Column("msdyn_propertybag", "String", "Property Bag", max_length=500),
        Column("msdyn_clientid", "String", "ODOS Client Id", max_length=100),
        Column("msdyn_entities", "String", "Entities", max_length=10),
        Column("msdyn_primitives", "String", "Primitives", max_length=10),
        Column("msdyn_lastrunexecutionid", "String", "Last Run Execution Id", max_length=100),
        Column("msdyn_lastbackfillrunexecutionId", "String", "Last Backfill Run Execution Id", max_length=100),
    ),
)
