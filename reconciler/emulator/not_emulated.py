"""Names what the service can do and the embedded Dataverse cannot: each is answered with 501, never with an empty success. Pure."""

from __future__ import annotations

_OPERATION_NAMES = """
    AddToQueue CloseIncident CreateEntities DeleteOptionValue ExecuteWorkflow ExportSolution GetDefaultPriceLevel
    GetTimeZoneCodeByLocalizedName GrantAccess ImportSolution ImportSolutionAsync InitializeFrom InsertOptionValue
    InsertStatusValue LoseOpportunity Merge ModifyAccess QualifyLead RetrieveAllEntities RetrieveAvailableLanguages
    RetrieveDuplicates RetrieveEntity RetrieveLicenseInfo RetrievePrincipalAccess RetrieveProvisionedLanguages
    RetrieveSolutionImportResult RevokeAccess StageSolution UpdateOptionValue WinOpportunity
"""
OPERATIONS = frozenset(_OPERATION_NAMES.split())
"""Functions and actions that clients are known to call; a 404 for them would say that the service lacks them."""

RESOURCES = frozenset({"GlobalOptionSetDefinitions", "ManagedPropertyDefinitions", "$crossjoin", "$entity"})
"""First segments of a path."""

QUERY_OPTIONS = ("$compute", "$deltatoken", "userQuery")
"""Query options; one that nobody knows is refused with 400."""

FURTHER = (
    "`Prefer: odata.track-changes`",
    "query functions and FetchXML operators of fiscal periods, of choices columns and of the reporting hierarchy",
    "writing of `/$value`",
    "`BulkDelete` that recurs, and queries of it with joined tables, a top count or unusual operators",
    "uninstallation of a managed solution",
    "`RetrieveMetadataChanges` since a version stamp, and conditions of it other than `Equals`, `NotEquals`, `In`, `NotIn`",
    "a path behind a bound function",
    "changes of table and relationship definitions",
    "sign-in by authorization code, password or on-behalf-of",
)
"""What has no name of its own, in words for the documentation."""
