"""The functions and actions of an organization, by name. They read, and publish, through the context they are given."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from reconciler.emulator.context import Context, DataverseError, Operation
from reconciler.emulator.domain import activation, audit_history, role_functions
from reconciler.emulator.domain.identity import TENANT_ID, stable_id
from reconciler.emulator.domain.privileges import Guard
from reconciler.emulator.domain.publishing import publish_all, publish_some
from reconciler.emulator.domain.scenario import Scenario

_INVALID = "0x80040203"
_TEXT = "Edm.String"
_FEATURE_TABLE = "msdyn_activityanalysisconfig"
_UNKNOWN_ROW: dict[str, Any] = {}


def operations(scenario_of: Callable[[str], Scenario], guard: Guard) -> dict[str, Operation]:
    """Every operation; `scenario_of` tells what an organization says about itself, `guard` what callers may do."""

    def version(context: Context, _id: str | None, _parameters: dict[str, Any]) -> dict[str, Any]:
        return {"Version": scenario_of(context.organization).version}

    def current(context: Context, _id: str | None, _parameters: dict[str, Any]) -> dict[str, Any]:
        return {"Detail": _detail(context, scenario_of(context.organization))}

    every = (
        Operation("WhoAmI", "function", _who, returns=dict.fromkeys(("BusinessUnitId", "UserId", "OrganizationId"), "Edm.Guid")),
        Operation("RetrieveVersion", "function", version, returns={"Version": _TEXT}),
        Operation("RetrieveCurrentOrganization", "function", current, parameters={"AccessType": "mscrm.EndpointAccessType"}),
        *role_functions.operations(guard),
        *audit_history.operations(guard),
        *_unpublished("systemform", "systemforms"),
        *_unpublished("savedquery", "savedqueries"),
        Operation("PublishXml", "action", partial(publish_some, guard), parameters={"ParameterXml": _TEXT}),
        Operation("PublishAllXml", "action", partial(publish_all, guard)),
        Operation(
            "msdyn_GetSIFeatureConfiguration",
            "action",
            _feature,
            parameters={"SIParameters": _TEXT},
            returns={"FeatureConfiguration": _TEXT},
        ),
    )
    return {operation.path: operation for operation in every}


def _organization_id(context: Context) -> str:
    return str(next(row["organizationid"] for row in context.rows.all("organization")))


def _who(context: Context, _id: str | None, _parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "BusinessUnitId": context.caller["_businessunitid_value"],
        "UserId": context.caller["systemuserid"],
        "OrganizationId": _organization_id(context),
    }


def _detail(context: Context, scenario: Scenario) -> dict[str, Any]:
    name = scenario.unique_name or context.organization.replace("-", "")
    web = f"https://{scenario.host}/"
    host, _, domain = scenario.host.partition(".")
    services = f"https://{host}.api.{domain}/XRMServices/2011"
    return {
        "OrganizationId": _organization_id(context),
        "FriendlyName": scenario.friendly_name,
        "OrganizationVersion": scenario.version,
        "EnvironmentId": stable_id(context.organization, "environment"),
        "DatacenterId": stable_id("datacenter", scenario.geography or "unknown"),
        "Geo": scenario.geography,
        "TenantId": TENANT_ID,
        "UrlName": host,
        "UniqueName": name,
        "State": "Enabled",
        "OrganizationType": "Customer",
        "SchemaType": "Standard",
        "Endpoints": {
            "Count": 3,
            "IsReadOnly": False,
            "Keys": ["WebApplication", "OrganizationService", "OrganizationDataService"],
            "Values": [web, f"{services}/Organization.svc", f"{services}/OrganizationData.svc"],
        },
    }


def _unpublished(table: str, entity_set: str) -> tuple[Operation, Operation]:
    """Drafts where there are some, published copies elsewhere. Drafts of views cannot be made here (an assumption of the emulator)."""

    def one(context: Context, id: str | None, _parameters: dict[str, Any]) -> dict[str, Any]:
        return {"table": table, "row": context.rows.get(table, str(id), draft=True)}

    def every(context: Context, _id: str | None, _parameters: dict[str, Any]) -> dict[str, Any]:
        return {"table": table, "rows": context.rows.all(table, draft=True)}

    return (
        Operation("RetrieveUnpublished", "function", one, bound_to=entity_set, composable_rows=True),
        Operation("RetrieveUnpublishedMultiple", "function", every, bound_to=entity_set, bound_to_collection=True, composable_rows=True),
    )


def _feature(context: Context, _id: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
    """What Microsoft's form script asks before it shows the analytics tab: JSON inside JSON, percent-encoded."""
    try:
        asked = json.loads(parameters.get("SIParameters") or "")
        name = asked["FeatureName"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DataverseError(400, _INVALID, "SIParameters is a JSON text with EntityType, EntityId and FeatureName.") from None
    if name != "ActivityAnalysis":
        raise DataverseError(400, _INVALID, "Only the feature ActivityAnalysis is known.")
    row = next(iter(context.rows.all(_FEATURE_TABLE)), _UNKNOWN_ROW)
    results: dict[str, Any] = {"IsOrgSettingEnable": False, "CurrentStatus": 1}
    for switch in activation.switches(context.catalog, _FEATURE_TABLE):
        if row:
            code = activation.status(context.rows, switch, row[f"{_FEATURE_TABLE}id"], row, context.now)
            results = {"IsOrgSettingEnable": switch.is_on(row), "CurrentStatus": code}
    return {"FeatureConfiguration": quote(json.dumps({"Results": results}))}
