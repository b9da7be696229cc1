"""An organization as the service would show it, table by table, for the loopback witness."""

from __future__ import annotations

from typing import Any

from tests.live.service import Service, document, rows

ORGANIZATION_ID = "8a2d7a0c-6a55-4f2c-8d7e-5d0f0e2f4b10"
USER_ID = "11111111-aaaa-4bbb-8ccc-222222222222"
ANALYTICS_ID = "0b0f6c7e-0f8f-4b8c-8d6e-2a6d5a1f2c33"
WKW_ID = "1b0f6c7e-0f8f-4b8c-8d6e-2a6d5a1f2c34"
ODOS_ID = "2b0f6c7e-0f8f-4b8c-8d6e-2a6d5a1f2c35"
GRADES_ID = "3b0f6c7e-0f8f-4b8c-8d6e-2a6d5a1f2c36"
SALESPERSON = "5f0c9f0e-2f43-4f0c-9d0e-0d6c1d0f1a11"
MANAGER = "4f0c9f0e-2f43-4f0c-9d0e-0d6c1d0f1a12"
SALESPERSON_TEMPLATE = "a4be89ff-7c35-4d69-9900-999c3f603e6f"
TEMPLATE_ID = "6f0c9f0e-2f43-4f0c-9d0e-0d6c1d0f1a13"
FORM_ID = "e3b6ddb7-8df0-4410-ac7b-fd32e5053d38"
OTHER_FORM_ID = "f3b6ddb7-8df0-4410-ac7b-fd32e5053d39"
FORM_XML = '<form><tabs>\r\n<tab name="Zusammenfassung – Größe"/></tabs></form>'

FORM = {
    "@odata.etag": 'W/"4711"',
    "formid": FORM_ID,
    "name": "Contoso Lead",
    "objecttypecode": "lead",
    "type": 2,
    "formxml": FORM_XML,
    "ismanaged": False,
    "iscustomizable": {"Value": True, "CanBeChanged": True, "ManagedPropertyLogicalName": "iscustomizable"},
}
DRAFTS = "systemforms/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()"
DRAFT = f"systemforms({FORM_ID})/Microsoft.Dynamics.CRM.RetrieveUnpublished()"

ANALYTICS = {
    "@odata.etag": 'W/"1201"',
    "msdyn_activityanalysisconfigid": ANALYTICS_ID,
    "msdyn_isorgsettingenable": True,
    "msdyn_currentstatus": 3,
    "msdyn_datasource": 1,
    "msdyn_exchangemarsstatus": 402,
    "msdyn_emailweight": 6,
    "msdyn_communicationfrequency": 3,
    "msdyn_healthfeaturestatus": 2,
    "modifiedon": "2026-11-20T10:02:11Z",
    "modifiedby": {"fullname": "# Dynamics 365 Sales", "systemuserid": USER_ID, "ownerid": USER_ID},
}
WKW = {
    "@odata.etag": 'W/"1301"',
    "msdyn_wkwconfigid": WKW_ID,
    "msdyn_iswkwenabled": False,
    "msdyn_currentstatus": 6,
    "msdyn_emailtemplateid": TEMPLATE_ID.upper(),
    "modifiedon": "2026-11-21T10:02:11Z",
    "modifiedby": {"fullname": "Ana Pop"},
}


def describe(service: Service) -> None:
    """Fills the service with an organization in which everything can be read."""
    service.on("GET", "WhoAmI()", document({"UserId": USER_ID, "OrganizationId": ORGANIZATION_ID, "BusinessUnitId": USER_ID}))
    organization = {"organizationid": ORGANIZATION_ID, "name": "org1", "languagecode": 1036, "isrelationshipinsightsenabled": True}
    organization |= {"isactivityanalysisenabled": False, "@odata.etag": 'W/"9"', "modifiedon": "2026-01-02T03:04:05Z", "modifiedby": None}
    service.on("GET", "organizations", rows(organization))
    detail = {"FriendlyName": "Contoso Test", "OrganizationVersion": "9.2.25031.00123", "Geo": "EMEA", "OrganizationId": ORGANIZATION_ID}
    service.on(
        "GET", "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')", document({"Detail": detail})
    )
    service.on("GET", "usersettingscollection", rows({"uilanguageid": 1031, "systemuserid": USER_ID}))
    service.on("GET", "systemusers", rows({"fullname": "rictl service principal", "systemuserid": USER_ID, "ownerid": USER_ID}))
    service.on("GET", "msdyn_activityanalysisconfigs", rows(ANALYTICS))
    service.on("GET", "msdyn_wkwconfigs", rows(WKW))
    service.on("GET", "msdyn_odosmetadatas", rows(role_row(f'["{SALESPERSON.upper()}"]')))
    service.on("GET", "msdyn_odosfeaturemetadatas", rows({"msdyn_isconsentrevoked": False}, {"msdyn_isconsentrevoked": None}))
    service.on("GET", "msdyn_relationshipanalyticsmetadatas", rows())
    roles = [(SALESPERSON, "Salesperson", SALESPERSON_TEMPLATE), (MANAGER, "Sales Manager", None)]
    service.on("GET", "roles", rows(*({"roleid": r, "name": n, "_roletemplateid_value": t} for r, n, t in roles)))
    service.on("GET", "templates", rows({"templateid": TEMPLATE_ID, "title": "Introduction request"}))
    describe_forms(service)
    for table in ("msdyn_activityanalysisconfig", "msdyn_wkwconfig", "msdyn_odosmetadata", "msdyn_relationshipanalyticsmetadata"):
        service.on("GET", f"EntityDefinitions(LogicalName='{table}')", definition(table, f"{table}id=Uniqueidentifier"))
    service.on("GET", "EntityDefinitions(LogicalName='systemform')", definition("systemform", "formid=Uniqueidentifier", "formxml=Memo"))


def describe_forms(service: Service) -> None:
    service.on("GET", "systemforms", rows({"formid": FORM_ID, "name": "Contoso Lead"}, {"formid": OTHER_FORM_ID, "name": "Information"}))
    service.on("GET", "systemforms", rows(FORM), where="name eq")
    service.on("GET", DRAFTS, rows(FORM), where="name eq")
    pending = [{"formid": FORM_ID, "name": "Contoso Lead"}, {"formid": OTHER_FORM_ID, "name": "Information"}]
    service.on("GET", DRAFTS, rows(*pending), where="componentstate eq 1")
    service.on("GET", DRAFT, document(FORM))
    service.on("GET", f"systemforms({FORM_ID})", document(FORM))
    views = "savedqueries/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()"
    service.on("GET", views, rows({"savedqueryid": FORM_ID, "name": "My Open Leads"}))
    service.on("GET", "customcontrols", rows({"name": "MsdynControls.WKWControls.ConnectionsWidget"}, {"name": "Other"}))
    service.on("GET", "solutions", rows({"uniquename": "ContosoSales", "ismanaged": False}))


def role_row(text: Any) -> dict[str, Any]:
    return {"@odata.etag": 'W/"1401"', "msdyn_odosmetadataid": ODOS_ID, "msdyn_enabledroles": text, "modifiedon": None}


def definition(table: str, *columns: str, guarded: bool = True) -> Any:
    attributes = [{"LogicalName": name, "AttributeType": type} for name, type in (column.split("=") for column in columns)]
    return document({"LogicalName": table, "IsOptimisticConcurrencyEnabled": guarded, "Attributes": attributes})
